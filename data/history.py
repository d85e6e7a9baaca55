"""What was ever written for an indicator, as text: when, who, from which file, and what it was before."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from data.facts import CHANGES, Change, Indicator, Measure, Place, Revision
from data.fiscal_year import TOKYO, FiscalYear
from data.importers.report import place_name
from data.values import Cell


def history_lines(indicator: Indicator, revisions: Sequence[Revision], year: FiscalYear | None = None) -> Iterator[str]:
    """Every revision by place and then by time, of one year if one is given.

    「R4の目標値」, 「- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: 8」, 「- …: 8 → 7」. Lines of the source that
    differ are told by their numbers.
    """
    initiative = indicator.listings[0].initiative
    place = " ".join(filter(None, (initiative.area, initiative.number, initiative.title)))
    yield f"{indicator.name}（{'、'.join(filter(None, (indicator.plan.title, place)))}）"
    by_place: dict[Place, dict[int, list[Revision]]] = {}
    for revision in revisions:
        if year is None or revision.fiscal_year == year:
            own = by_place.setdefault((revision.measure, revision.fiscal_year), {})
            own.setdefault(revision.line, []).append(revision)
    if not by_place:
        yield f"{year.label}の値は、まだ何も記録されていません。" if year else "まだ何も記録されていません。"
    for at in sorted(by_place, key=_order):
        same: dict[tuple[str, ...], list[int]] = {}
        for line, own_revisions in sorted(by_place[at].items()):
            same.setdefault(tuple(_steps(own_revisions)), []).append(line)
        for steps, lines in same.items():
            where = f"（元の表の{'・'.join(map(str, lines))}行目）" if len(same) > 1 else ""
            yield place_name(*at) + where
            yield from steps


def _order(place: Place) -> tuple[int, int]:
    measure, year = place
    return year.year if year else 0, list(Measure).index(measure)


def _steps(revisions: Sequence[Revision]) -> Iterator[str]:
    before = ""
    for revision in revisions:
        change, after = revision.change, shown(revision.cell)
        source = "、".join(filter(None, (change.by, change.file)))
        told = f"{before} → {after}" if before else after
        yield f"- {moment(change.at)} {source}（{CHANGES.get(change.kind, change.kind)}）: {told}"
        before = after


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
