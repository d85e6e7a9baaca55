"""Amounts in a question: 「80%」, 「1万」, 「8割」, 「640人」, 「2倍」."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nlp.pieces import Span, overlaps

PERCENT, POINTS, TIMES = "%", "ポイント", "倍"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit ("" where none is written) and the words `text` at [start, end) that say it.

    `value` is scaled: 「1.5万人」 is 15000 人, 「8割」 80 %.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    text: str


_SCALES = {"兆": 10**12, "億": 10**8, "万": 10**4, "千": 10**3, "百": 10**2}
_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
# More digits than any figure has: the number of an account or a telephone, not an amount.
_MOST_DIGITS = 15
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_PLAIN = rf"{_DIGITS}(?:\s?[兆億万千百]+(?:{_DIGITS}[万千百]?)?)*"
# A number in kanji is one only before a unit that makes it one: 「八割」, but not 「一般」.
_KANJI = r"[一二三四五六七八九十百千万〇]+(?=割|倍|パー|ポイント|件|人|枚|団体|市町村|回|つ(?![のけ目])|個|位|指標)"
_UNITS = (
    "%|パーセント|パー(?!セント)|割(?:(?P<tenth>[0-9])分)?|ポイント|ポイ(?!ン)|pt|倍|市町村|自治体|事業所|経営体|ヶ所|か所|カ所"
    "|箇所|時間|団体|機関|施設|項目|指標|種類|世帯|アクセス|ダウンロード|フォロワー|件|人|名|枚|回|台|社|校|課|円|本|個|つ|位"
    "|番(?!号)|年|か月|ヶ月|日|分|行|kpi"
)
_AMOUNT = re.compile(
    rf"(?<![0-9a-z.])(?<![0-9]-)(?P<sign>(?:マイナス|-(?<![0-9a-zァ-ヺー]-)|−))?(?P<number>{_PLAIN}|{_KANJI})"
    rf"(?![0-9]|-[0-9])\s?(?P<unit>{_UNITS})?"
)
# Amounts in words: 「倍になる」 is twice (not 「何倍」, 「倍率」), 「半分」 half.
_WORDS = (
    (re.compile(r"(?<![0-9一二三四五六七八九十何数])倍(?=以上|増|に(?:な|す)|くらい|ぐらい|の)"), Decimal(2), TIMES),
    (re.compile(r"(?<=の)半分(?=以[上下]|未満|を|に|より|くらい|まで)"), Decimal("0.5"), TIMES),
    # 「半分いってた?」 of a rate
    (re.compile(r"(?<!の)半分(?=は?(?:い[くけっ]|行[くけっ]|超|こえ|達|届))"), Decimal(50), PERCENT),
    (re.compile(r"ゼロ(?!エミ|カーボン|から始)"), Decimal(0), ""),
)
_SAME_UNIT = {"パーセント": PERCENT, "パー": PERCENT, "ポイ": POINTS, "pt": POINTS, "名": "人"}
_PARTS = re.compile(r"([0-9.,]+)\s?([兆億万千百]*)")


def read_amounts(text: str, taken: Sequence[Span]) -> tuple[Amount, ...]:
    """The amounts in a normalised text, in order, none from the `taken` spans [start, end) (names, years).

    「r7で8割以上」 → 80 %. A span of years (「4年」) is no amount.
    """
    found = [_amount(match) for match in _AMOUNT.finditer(text) if not overlaps(match.span(), taken)]
    found += [
        Amount(value, unit, *match.span(), match[0])
        for pattern, value, unit in _WORDS
        for match in pattern.finditer(text)
        if not overlaps(match.span(), taken)
    ]
    return tuple(sorted(filter(None, found), key=lambda amount: amount.start))


def _amount(match: re.Match[str]) -> Amount | None:
    number, unit = match["number"], match["unit"] or ""
    if unit in ("年", "か月", "ヶ月", "日", "分", "番") or sum(map(str.isdecimal, number)) > _MOST_DIGITS:
        return None
    value = _of_kanji(number) if number[0] in "一二三四五六七八九十百千万〇" else _of_digits(number)
    if unit.startswith("割"):
        value, unit = 10 * value + int(match["tenth"] or 0), PERCENT
    if match["sign"]:
        value = -value
    return Amount(value, _SAME_UNIT.get(unit, unit), *match.span(), match[0].strip())


def _of_digits(number: str) -> Decimal:
    total = Decimal(0)
    for digits, scales in _PARTS.findall(number):
        part = Decimal(digits.replace(",", ""))
        for scale in scales:
            part *= _SCALES[scale]
        total += part
    return total


def _of_kanji(number: str) -> Decimal:
    """「三千五百」 → 3500, 「二十」 → 20."""
    total = section = digit = 0
    for character in number:
        if character in _KANJI_DIGITS:
            digit = 10 * digit + _KANJI_DIGITS[character]
        elif character == "万":
            total, section, digit = total + (section + digit or 1) * 10**4, 0, 0
        else:
            section += (digit or 1) * (10 if character == "十" else _SCALES[character])
            digit = 0
    return Decimal(total + section + digit)
