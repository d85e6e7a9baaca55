"""Units of figures: which of them count the same, and on which scale.

A cell's own scale goes into its value (「40万枚」 is 400000 枚), but by the column 単位 a plan may give its figures in
「万枚」 or 「千円」: then 4.1 means 41,000.
"""

import re
import unicodedata
from dataclasses import replace

from data.values import SCALES, Cell, Part

# What counts the same by other words.
_SAME = (
    "人 名 者",
    "箇所 か所 カ所 ヶ所 ケ所 所",
    "か月 ヶ月 カ月",
    "社 企業",
    "市町村 団体",
    "店 店舗",
    "種 種類",
    "時間 h",
    "t トン",
)
_SPELLINGS = {spelling: same.split()[0] for same in _SAME for spelling in same.split()}
_PREFIX = re.compile(rf"(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?P<unit>.*)")
# 「件/年」 counts 件, 「人（累計）」 counts 人.
_BESIDE = re.compile(r"/[年月週日]$|\(.*\)$")


def scale(unit: str) -> int:
    """「万枚」 → 10000, 「枚」 → 1."""
    match = _PREFIX.fullmatch(_plain(unit))
    return SCALES[match["scale"]] if match else 1


def same_kind(one: str, other: str) -> bool:
    """Do two units count the same? 「人」 and 「万名」, 「件」 and 「件/年」; not 「%」 and 「ポイント」.

    No unit goes with every other.
    """
    kinds = {_kind(one), _kind(other)}
    return "" in kinds or len(kinds) == 1


def on_scale_of(cell: Cell, declared: str, unit: str) -> Cell:
    """A cell on the scale of other figures: 「18万枚」 among figures in 「万枚」 is 18 万枚; `raw` stays as written.

    `declared` is the unit that a cell without one is meant in. A cell on the same scale keeps its own unit.
    """
    own = cell.unit or declared or unit
    # 「18万」 of what is given in 万枚 has told its scale already.
    written = 1 if not cell.unit and _writes_scale(cell.raw) else scale(own)
    wanted = scale(unit or own)
    if written == wanted:
        return cell if cell.unit or declared == unit else replace(cell, unit=unit or own)
    parts = tuple(Part(part.label, part.value * written / wanted, unit or own) for part in cell.parts)
    value = None if cell.value is None else cell.value * written / wanted
    return replace(cell, value=value, unit=unit or own, parts=parts)


def _writes_scale(raw: str) -> bool:
    return any(word in raw for word in SCALES)


def _kind(unit: str) -> str:
    plain = _BESIDE.sub("", _plain(unit))
    match = _PREFIX.fullmatch(plain)
    base = match["unit"] if match else plain
    return _SPELLINGS.get(base, base)


def _plain(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).replace(" ", "").casefold()
