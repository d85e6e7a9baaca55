"""The questions that found no answer, or a wrong one, those alike together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answer import Kind
from bot.turn import REJECTED
from nlp.normalize import normalize, squeeze

#: Why a question counts as unanswered, as told.
REASONS: Mapping[str, str] = {Kind.NOT_UNDERSTOOD: "分からない", Kind.CHOOSE: "聞き返し", REJECTED: "「違う」"}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One question however often it was asked, as it was last: `kind` and `text`, on `day`."""

    kind: str
    text: str
    day: date
    count: int

    @property
    def reason(self) -> str:
        return REASONS.get(self.kind, self.kind)


def group_unanswered(logged: Iterable[tuple[str, str, date]]) -> Sequence[Unanswered]:
    """The questions of read_unanswered (data/turns.py), the most frequent first; spaces, width and case do not count.

    「ﾏｲﾅR6は？」 and 「マイナ R6 は」 are one.
    """
    groups: dict[str, list[tuple[str, str, date]]] = {}
    for kind, text, day in logged:
        groups.setdefault(squeeze(normalize(text)), []).append((kind, text, day))
    ordered = sorted(groups.values(), key=lambda same: (-len(same), same[0][1]))
    return [Unanswered(*same[-1], len(same)) for same in ordered]
