"""What changed between two revisions of the store: figures, and indicators that came or went.

What counts is where the figures stood then and where they stand now: one that was corrected twice changed once, one
that was changed and changed back did not change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answers import wording
from bot.figures import Row, judgement_of, under_way
from data.facts import Fact, Indicator, Measure, Place
from data.scales import Status
from data.values import Cell

# As many changes are told one by one.
_SHOWN = 6
# In this order: what a reader looks for first.
_NOUNS = {
    Measure.ACTUAL: "実績",
    Measure.PUBLISHED: "公表判定",
    Measure.TARGET: "目標",
    Measure.BASELINE: "基準値",
}
_RECORDED = (Measure.ACTUAL, Measure.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Edit:
    """A figure that changed, with the indicator as it was and as it is; before or after it may be none."""

    place: Place
    before: Row
    after: Row

    @property
    def cells(self) -> tuple[Cell | None, Cell | None]:
        return _cell(self.before.facts.get(self.place)), _cell(self.after.facts.get(self.place))

    @property
    def act(self) -> str:
        """「実績の登録」, 「目標の変更」."""
        before, after = self.cells
        made = "登録" if self.place[0] in _RECORDED else "設定"
        return f"{_NOUNS[self.place[0]]}の{made if before is None else '取り消し' if after is None else '変更'}"


@dataclass(frozen=True, slots=True)
class News:
    edits: tuple[Edit, ...]
    added: tuple[Indicator, ...]
    removed: tuple[Indicator, ...]

    def __bool__(self) -> bool:
        return bool(self.edits or self.added or self.removed)


def compare(before: Sequence[Row], after: Sequence[Row]) -> News:
    """What changed from one state of some indicators to the next."""
    known, now = {row.indicator.id: row for row in before}, {row.indicator.id for row in after}
    edits = [edit for row in after if (old := known.get(row.indicator.id)) for edit in _edits(old, row)]
    order = list(_NOUNS)
    return News(
        tuple(sorted(edits, key=lambda edit: order.index(edit.place[0]))),
        tuple(row.indicator for row in after if row.indicator.id not in known),
        tuple(row.indicator for row in before if row.indicator.id not in now),
    )


def _edits(before: Row, after: Row) -> Iterator[Edit]:
    for place in dict.fromkeys((*after.facts, *before.facts)):
        edit = Edit(place, before, after)
        old, new = edit.cells
        if (old and _as_told(old)) != (new and _as_told(new)):
            yield edit


def _cell(fact: Fact | None) -> Cell | None:
    """The cell of a figure that is there."""
    return fact.cell if fact and fact.cell.absence is None else None


def _as_told(cell: Cell) -> tuple[str, str, str]:
    return cell.raw, cell.as_of, cell.note


def counts(news: News) -> str:
    """「実績の登録 3件、目標の変更 1件」."""
    told = list(Counter(edit.act for edit in news.edits).items())
    told += [(words, len(one)) for words, one in (("新しい指標", news.added), ("なくなった指標", news.removed)) if one]
    return "、".join(f"{words} {count}件" for words, count in told)


def lines(news: News, today: date) -> list[str]:
    """A line for each of the first changes: 「・植樹の面積 R5 実績 26 → 28（概ね順調 → 達成）」, then how many more."""
    told = [
        *(_line(edit, today) for edit in news.edits),
        *(f"・新しい指標: {wording.name(one)}" for one in news.added),
        *(f"・なくなった指標: {wording.name(one)}" for one in news.removed),
    ]
    return [*told[:_SHOWN], *([f"・ほか{len(told) - _SHOWN}件"] if len(told) > _SHOWN else [])]


def _line(edit: Edit, today: date) -> str:
    measure, year = edit.place
    words = [wording.name(edit.after.indicator), year.label if year else "", _NOUNS[measure]]
    mark = "（途中経過）" if measure is Measure.ACTUAL and year and under_way(edit.after, year, today) else ""
    return f"・{' '.join(filter(None, words))}{mark} {_figures(edit)}{_statuses(edit)}"


def _figures(edit: Edit) -> str:
    before, after = edit.cells
    is_remark = before is not None and after is not None and before.raw == after.raw
    told = [_shown(cell, with_remark=is_remark) for cell in (before, after)]
    return told[1] if before is None else " → ".join(told)


def _shown(cell: Cell | None, with_remark: bool) -> str:
    if cell is None:
        return "なし"
    remarks = "、".join(filter(None, (cell.as_of, cell.note))) if with_remark else ""
    return f"{cell.raw}（{remarks}）" if remarks else cell.raw


def _statuses(edit: Edit) -> str:
    """「（概ね順調 → 達成）」, 「（達成）」 where the result is new, 「（達成のまま）」, "" where there is none."""
    measure, year = edit.place
    if year is None or measure is Measure.PUBLISHED:
        return ""
    before, after = (_status(row, edit) for row in (edit.before, edit.after))
    if not after:
        return ""
    if not before:
        return f"（{after}）"
    return f"（{before} → {after}）" if before != after else f"（{after}のまま）"


def _status(row: Row, edit: Edit) -> str:
    year = edit.place[1]
    judgement = judgement_of(row, year) if year else None
    return judgement.status if judgement and judgement.status != Status.NOT_RECORDED else ""


def changed(news: News) -> Iterable[Fact]:
    """The figures that are new."""
    return (fact for edit in news.edits if (fact := edit.after.facts.get(edit.place)) and _cell(fact))
