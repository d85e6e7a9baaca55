"""What was ever written for an indicator, as text: when, who, from which file, and what it was before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from data.facts import CHANGES, Change, Indicator, Measure, Place, Revision
from data.fiscal_year import TOKYO, FiscalYear
from data.importers.report import place_name
from data.values import Cell


@dataclass(frozen=True, slots=True)
class Step:
    """A figure as it was written: `where` is its place (「R4の目標値」), `before` what stood there, "" for nothing."""

    where: str
    change: Change
    before: str
    after: str


def history_lines(indicator: Indicator, revisions: Sequence[Revision], year: FiscalYear | None = None) -> Iterator[str]:
    """Every revision by place and then by time, of one year if one is given.

    「R4の目標値」, 「- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: 8」, 「- …: 8 → 7」. Lines of the source that
    differ are told by their numbers.
    """
    initiative = indicator.listings[0].initiative
    place = " ".join(filter(None, (initiative.area, initiative.number, initiative.title)))
    yield f"{indicator.name}（{'、'.join(filter(None, (indicator.plan.title, place)))}）"
    told = steps(revisions, year)
    if not told:
        yield f"{year.label}の値は、まだ何も記録されていません。" if year else "まだ何も記録されていません。"
    for where, own in groupby(told, key=lambda step: step.where):
        yield where
        yield from map(_line, own)


def steps(revisions: Iterable[Revision], year: FiscalYear | None = None) -> list[Step]:
    """Every revision by place and then by time, of one year if one is given. Lines of the source that agree are one."""
    by_place: dict[Place, dict[int, list[Revision]]] = {}
    for revision in revisions:
        if year is None or revision.fiscal_year == year:
            own = by_place.setdefault((revision.measure, revision.fiscal_year), {})
            own.setdefault(revision.line, []).append(revision)
    found = []
    for at in sorted(by_place, key=_order):
        same: dict[tuple[str, ...], tuple[list[Step], list[int]]] = {}
        for line, own_revisions in sorted(by_place[at].items()):
            own_steps = list(_steps(place_name(*at), own_revisions))
            same.setdefault(tuple(map(_line, own_steps)), (own_steps, []))[1].append(line)
        for own_steps, lines in same.values():
            differs = f"（元の表の{'・'.join(map(str, lines))}行目）" if len(same) > 1 else ""
            found += [replace(step, where=step.where + differs) for step in own_steps]
    return found


def _order(place: Place) -> tuple[int, int]:
    measure, year = place
    return year.year if year else 0, list(Measure).index(measure)


def _steps(where: str, revisions: Iterable[Revision]) -> Iterator[Step]:
    before = ""
    for revision in revisions:
        after = shown(revision.cell)
        yield Step(where, revision.change, before, after)
        before = after


def _line(step: Step) -> str:
    """「- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: 8 → 7」."""
    change = step.change
    source = "、".join(filter(None, (change.by, change.file)))
    told = f"{step.before} → {step.after}" if step.before else step.after
    return f"- {moment(change.at)} {source}（{CHANGES.get(change.kind, change.kind)}）: {told}"


def shown(cell: Cell) -> str:
    """A cell as written, with the remark that stood beside it: 「12（速報）」, 「設定なし」."""
    remarks = [remark for remark in (cell.note, cell.as_of) if remark and remark not in cell.raw]
    return (cell.raw or str(cell.absence or "")) + (f"（{'、'.join(remarks)}）" if remarks else "")


def moment(at: datetime) -> str:
    """Japanese time: 「2024/04/01 18:30」."""
    return f"{at.astimezone(TOKYO):%Y/%m/%d %H:%M}"


def written(change: Change) -> str:
    """「鈴木さんが 2024/11/23 09:30 に results.csv で登録した」."""
    return f"{change.by}さんが {moment(change.at)} に{f' {change.file} で' if change.file else ''}登録した"
