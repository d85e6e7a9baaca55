"""A scale of assessment that a message names: 「独法方式だと?」, 「標準の判定基準で」."""

import re

from nlp.pieces import Span
from nlp.shape import Shape

_BY = r"(?:の)?(?:評価)?(?:の)?(?:判定)?(?:方式|基準|B|やり方|目安|物差し|ものさし|尺度|(?<=評価))"
_THEN = (
    r"(?:の場合(?:は|だと)?|による(?:と)?|だと|なら(?:ば)?|では|で(?:見る|みる|評価する|判定する)と|で|は|の"
    r"|に(?:従う|直す|戻す|あてはめる|当てはめる)と|に(?:すると|したら|よると))*"
)
_NAMES = {
    "iaa": r"独法|独立行政法人(?:評価)?|独法評価",
    "standard": r"標準(?=の|方式|基準)|通常(?=の判定|の基準)|元(?=の判定|の基準)",
}
_NAMED = re.compile(f"(?:{'|'.join(rf'(?P<{key}>(?:{names}){_BY})' for key, names in _NAMES.items())}){_THEN}")
#: The words that name a scale, within a longer pattern.
SCALE = rf"(?:(?:{'|'.join(_NAMES.values())}){_BY}{_THEN})"


_LIKELY = re.compile("独法|独立行政|標準|通常|元の")


def read_scale(shape: Shape) -> tuple[str, Span] | None:
    """The key of the scale (data/scales.py) that a message asks to judge by, and its words; None without any."""
    match = _NAMED.search(shape.text) if _LIKELY.search(shape.text) else None
    if match is None:
        return None
    return next(key for key in _NAMES if match[key]), shape.span(match)
