"""Reads one cell of a plan's table: 「ほぼ100%」 → about 100 %.

The cell as written stays beside what was read: a reply quotes `raw`, calculations use `value`. A cell that is
neither a number nor one of the marks for 「none」 keeps its text and has no value.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Bound(StrEnum):
    """How a figure limits what is meant: 「4以上」 at least 4, 「ほぼ100%」 about 100 %."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    ABOUT = "about"


class Absence(StrEnum):
    """Why there is no figure: the six kinds of 「ない」."""

    NOT_SET = "設定なし"
    BLANK = "空欄"
    UNREADABLE = "読み取り不能"
    NO_INDICATOR = "KPIなし"
    OUTSIDE_PLAN = "計画期間外"
    NOT_RECORDED = "実績未登録"


@dataclass(frozen=True, slots=True)
class Part:
    """One of several numbers in a cell: label 「①」 or 「累計」."""

    label: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written and as read.

    `value` is scaled (40万枚 → 400000, unit 枚). With two measures in one cell (`①500 ②50`) it is None and
    `parts` holds both; with a cumulative value beside it (`1 (累計1)`) `value` is the first number.
    `as_of` is a remark on when it was measured (「2月1日時点」), `note` any other remark.
    """

    raw: str
    value: Decimal | None = None
    unit: str = ""
    bound: Bound = Bound.EXACT
    note: str = ""
    as_of: str = ""
    parts: tuple[Part, ...] = ()
    absence: Absence | None = None

    @property
    def is_number(self) -> bool:
        return self.value is not None or bool(self.parts)

    @property
    def weight(self) -> int:
        """How much it says: 2 a number, 1 words, 0 nothing."""
        return 2 if self.is_number else int(self.absence is None)


#: Stand in an exported table for a cell without a text of its own: 「（読み取り不能）」 「（計画期間外）」.
MARKS = {f"（{absence}）": absence for absence in (Absence.UNREADABLE, Absence.OUTSIDE_PLAN)}
UNREADABLE_MARK = f"（{Absence.UNREADABLE}）"

_NOT_SET = {"/", "-", "ー", "―", "—", "–", "‐", "−", "─", "…", "設定なし", "未設定"}

# Full width forms to half width, one for one, so that what is cut out of a cell stays as it was written.
_HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
del _HALF_WIDTH[ord("～")]

#: What a figure or a unit is multiplied by.
SCALES = {"兆": 10**12, "億": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3}
_UNITS = (
    "% パーセント ポイント 件 人 名 枚 箇所 か所 カ所 ヶ所 ケ所 市町村 団体 社 校 回 台 所属 所 施設 時間 分 秒 日 円 "
    "トン t kg g ha a ㎡ m2 km m cm kl l kwh kw mw gb 本 戸 世帯 棟 種類 種 事業 経営体 店舗 店 点 歳 年 か月 ヶ月 "
    "カ月 倍 位 割 床 頭 羽 隻 組 冊 者 課 地区 地域 機関 企業 課題 品目 アプリ 講座 h"
).split()
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_SCALE = "|".join(SCALES)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
# What may follow a figure and leave it one. Anything else could turn its meaning: 「100%未達成」「10%減」「3人に一人」.
_NOTE = "込み?|を?(?:達成|維持|確保)|実施|予定|見込み?|目標|を?目指す|間"
_NUMBER = re.compile(
    rf"""(?P<about>ほぼ|約|およそ|概ね|おおむね)?\s*
    (?P<sign>[-‐−–—―ーｰ▲△+＋])?\s*
    (?P<amounts>(?:{_DIGITS}\s?(?:{_SCALE}))*{_DIGITS}(?:\s?(?:{_SCALE}))?|(?:{_DIGITS}\s?(?:{_SCALE}))+)\s*
    (?P<unit>(?:{_UNIT})(?:/[年月週日人])?(?![a-z]))?\s*
    (?P<bound>以上|以下|以内|を?超える|超|未満|程度|前後)?\s*
    (?P<note>(?<=[^\d\s])(?:{_NOTE}))?""",
    re.VERBOSE | re.IGNORECASE,
)
_AMOUNTS = re.compile(rf"(?P<digits>[\d,.]+)(?:\s?(?P<scale>{_SCALE}))?")
# 「2024年」 is a date, 「3年」 an amount of years.
_DATE = re.compile(r"\D*\d{4}年")
# More digits than any plan needs; so many are summed and scaled exactly within Decimal's 28.
_MOST_DIGITS = 15
_BOUNDS = {
    "以上": Bound.AT_LEAST,
    "以下": Bound.AT_MOST,
    "以内": Bound.AT_MOST,
    "超": Bound.MORE_THAN,
    "超える": Bound.MORE_THAN,
    "を超える": Bound.MORE_THAN,
    "未満": Bound.LESS_THAN,
    "程度": Bound.ABOUT,
    "前後": Bound.ABOUT,
}
_REMARK = re.compile(r"\s*(?:【(?P<lenticular>[^】]*)】|\((?P<round>[^()]*)\))")
_WHEN = re.compile(r"時点|現在|年度?末|\d+月|\d+年|[rhs]\d+", re.IGNORECASE)
_CUMULATIVE = re.compile(r"(?:累計|累積)\s*(?P<number>.+)")
_CIRCLED = re.compile(r"(?P<label>[①-⑳])\s*(?P<number>[^①-⑳]+)")
_UNIT_IN_NAME = re.compile(rf"\((?P<unit>(?:{_UNIT})(?:/[年月週日人])?)\)$", re.IGNORECASE)


def read_cell(raw: str) -> Cell:
    """Reads a cell; never raises.

    「48.2%」 「40万枚」 「4以上」 「37.5%【2月1日時点】」 「-198 (R3.4～ R3.12)」 「①500 ②50」 「1 (累計1)」 「▲162」.
    """
    raw = raw.strip()
    text = raw.translate(_HALF_WIDTH).strip()
    if not text:
        return Cell(raw, absence=Absence.BLANK)
    if text in _NOT_SET:
        return Cell(raw, absence=Absence.NOT_SET)
    if raw in MARKS:
        return Cell("", absence=MARKS[raw])
    circled = list(_CIRCLED.finditer(text))
    if circled and circled[0].start() == 0:
        return _read_measures(raw, circled)
    return _read_figure(raw, text)


def with_remark(cell: Cell, remark: str) -> Cell:
    """A cell with the remark that stands in a column beside it: 「R6.9月末時点」 says when, 「暫定」 is a note."""
    remark = remark.strip()
    if not remark:
        return cell
    if _WHEN.search(remark):
        return replace(cell, as_of="、".join(filter(None, (cell.as_of, remark))))
    return replace(cell, note="、".join(filter(None, (cell.note, remark))))


def unit_in_name(name: str) -> str:
    """The unit that a name gives in its last brackets: 「ワーケーションプログラム数（件）」 → 「件」, else ""."""
    match = _UNIT_IN_NAME.search(name.translate(_HALF_WIDTH))
    return match["unit"] if match else ""


def _read_measures(raw: str, circled: list[re.Match[str]]) -> Cell:
    """`①500 ②50`: the row holds two measures, so the cell has no one value."""
    figures = [(match["label"], _read_figure("", match["number"].strip())) for match in circled]
    if any(figure.value is None for _, figure in figures):
        return Cell(raw)
    return Cell(raw, parts=tuple(Part(label, f.value, f.unit) for label, f in figures if f.value is not None))


def _read_figure(raw: str, text: str) -> Cell:
    notes, when, parts = [], [], []
    for remark in _REMARK.finditer(text):
        words = (remark["lenticular"] or remark["round"] or "").strip()
        cumulative = _CUMULATIVE.fullmatch(words)
        if cumulative and (amount := _read_number(cumulative["number"])) and amount.value is not None:
            parts.append(Part("累計", amount.value, amount.unit))
        elif _WHEN.search(words):
            when.append(words)
        elif words:
            notes.append(words)
    number = _read_number(_REMARK.sub("", text).strip())
    if number is None:
        return Cell(raw)
    if number.note:
        notes.insert(0, number.note)
    return Cell(raw, number.value, number.unit, number.bound, "、".join(notes), "、".join(when), tuple(parts))


def _read_number(text: str) -> Cell | None:
    match = _NUMBER.fullmatch(text)
    if match is None or _DATE.match(text) or sum(map(str.isdecimal, match["amounts"])) > _MOST_DIGITS:
        return None
    value = sum(
        (
            Decimal(amount["digits"].replace(",", "")) * SCALES.get(amount["scale"] or "", 1)
            for amount in _AMOUNTS.finditer(match["amounts"])
        ),
        Decimal(0),
    )
    if (match["sign"] or "+") not in "+＋":
        value = -value
    bound = _BOUNDS.get(match["bound"] or "", Bound.ABOUT if match["about"] else Bound.EXACT)
    unit = (match["unit"] or "").replace("パーセント", "%")
    return Cell(text, value, unit, bound, match["note"] or "")
