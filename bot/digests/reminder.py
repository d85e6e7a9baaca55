"""The reminder of a 担当課, or of all: results that are overdue, and how to record them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answer import Answer, Kind, Text
from bot.answers import wording
from bot.digests.scope import owners
from bot.digests.situation import Situation
from bot.figures import Row, under_way
from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.values import Absence

# The result of a fiscal year is due from this day after its end: on 31 May a local government closes the accounts of
# the year (出納整理期間, 地方自治法 article 235-5), and what the year came to is known then.
_DUE_MONTH, _DUE_DAY = 6, 1
# As many names of a 担当課 are told, and as many of them with their names.
_NAMES, _OWNERS = 10, 20
_WITHOUT_OWNER = "担当課の記載なし"
_HOW = (
    "年度の実績は、翌年度の5月31日までのものとして数えています。",
    "登録のしかた: python -m data template で照会様式を書き出し、実績値を書き入れて、"
    "python -m data record ファイル名 で登録してください。",
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """An indicator with the years whose results are missing, and those that have only a 途中経過, ascending."""

    row: Row
    missing: tuple[FiscalYear, ...]
    unfinished: tuple[FiscalYear, ...]


def reminder(situation: Situation) -> Answer | None:
    """The reminder; None where nothing is overdue."""
    found = overdue(situation.rows, situation.today)
    if not found:
        return None
    whose = f"「{situation.scope}」の" if situation.scope else ""
    lines = [*_news(situation, found), *_groups(situation.scope, found), *_HOW]
    return Answer(
        Kind.ANSWER,
        Text(
            f"実績の登録のお願いです。実績が未登録か、途中経過のままの{whose}指標が{len(found)}件あります"
            f"（{situation.moment}）。",
            lines=tuple(lines),
        ),
        indicators=tuple(one.row.indicator for one in found),
        count=len(found),
    )


def overdue(rows: Sequence[Row], today: date) -> list[Overdue]:
    """The indicators that have a target, but no result or only a 途中経過, for a year whose results are due."""
    found = (_of_row(row, today) for row in rows)
    return [one for one in found if one.missing or one.unfinished]


def _of_row(row: Row, today: date) -> Overdue:
    years = [
        year
        for (measure, year), fact in row.facts.items()
        if measure is Measure.TARGET
        and year
        and fact.cell.absence in (None, Absence.UNREADABLE)
        and _is_due(year, today)
    ]
    missing = [year for year in years if not _is_recorded(row, year)]
    unfinished = [year for year in years if year not in missing and under_way(row, year, today)]
    return Overdue(row, tuple(missing), tuple(unfinished))


def _is_due(year: FiscalYear, today: date) -> bool:
    return today >= date(year.year + 1, _DUE_MONTH, _DUE_DAY)


def _is_recorded(row: Row, year: FiscalYear) -> bool:
    fact = row.facts.get((Measure.ACTUAL, year))
    return fact is not None and fact.cell.absence is None


def _news(situation: Situation, found: Sequence[Overdue]) -> Iterator[str]:
    if situation.before is None or situation.last_at is None:
        return
    before = _results(overdue(situation.before, situation.last_at.date()))
    now = _results(found)
    told = (("済んだもの", before - now), ("新しく加わったもの", now - before))
    counted = "、".join(f"{words} {len(results)}件" for words, results in told if results)
    if counted:
        yield f"{situation.since}: {counted}（指標の年度ごとに数えています）"
    else:
        yield f"{situation.since}、変わったところはありません。"


def _results(found: Sequence[Overdue]) -> set[tuple[int, FiscalYear]]:
    return {(one.row.indicator.id, year) for one in found for year in (*one.missing, *one.unfinished)}


def _groups(scope: str, found: Sequence[Overdue]) -> Iterator[str]:
    """A group for each 担当課, those without at the end; an indicator of several stands under each of them."""
    groups: dict[str, list[Overdue]] = {}
    for one in found:
        own = [scope] if scope else owners(one.row.indicator) or [_WITHOUT_OWNER]
        for owner in own:
            groups.setdefault(owner, []).append(one)
    ordered = sorted(groups.items(), key=lambda group: group[0] == _WITHOUT_OWNER)
    for owner, own_ones in ordered[:_OWNERS]:
        yield f"{owner}: {len(own_ones)}件"
        yield from (f"・{wording.name(one.row.indicator)}: {_years(one)}" for one in own_ones[:_NAMES])
        if len(own_ones) > _NAMES:
            yield f"・ほか{len(own_ones) - _NAMES}件"
    if len(ordered) > _OWNERS:
        yield f"ほか{len(ordered) - _OWNERS}課"


def _years(one: Overdue) -> str:
    """「令和4〜6年度、令和7年度（途中経過）」."""
    unfinished = f"{wording.years(one.unfinished)}（途中経過）" if one.unfinished else ""
    return "、".join(filter(None, (wording.years(one.missing) if one.missing else "", unfinished)))
