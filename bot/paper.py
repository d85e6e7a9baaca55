"""The state of indicators as a workbook for a meeting: a summary, a list of all that are judged, and how they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.answer import Computed
from bot.answers import wording
from bot.answers.judging import formula_of
from bot.answers.summary import state_lines
from bot.figures import Row, judged_by, judgement_of, parts_of
from bot.quantities import plain, progress_rate, rate, unit_of
from bot.scorecard import Judged, Scorecard
from bot.selection import places_of
from bot.sheets import Line, Sheet, Table, Value, heading, title, workbook
from data.facts import Fact, Listing, Measure, Plan
from data.fiscal_year import FiscalYear, day_name
from data.samples import SAMPLE, is_sample
from data.scales import Status
from data.values import Absence

#: Stands first in a file with invented results.
SAMPLED = f"{SAMPLE}（架空の実績値）を含みます。本物の実績値ではありません。"

# As many are named on the first sheet.
_MOST_WEAK, _MOST_BEST = 30, 5
# Light enough for print; the worst, the next one, the best.
_WORST, _WEAK, _BEST = "F8CBAD", "FFF2CC", "DDEBF7"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a paper is about: the plans, and within them the area or chapter that was asked for, "" for all of them."""

    plans: tuple[Plan, ...]
    area: str = ""

    @property
    def name(self) -> str:
        return f"「{' '.join(self.area.split())}」" if self.area else "計画全体"

    @property
    def plan_name(self) -> str:
        return self.plans[0].title if len(self.plans) == 1 else f"{len(self.plans)}計画"


def write_paper(card: Scorecard, scope: Scope, made_on: date) -> bytes:
    """The XLSX file of a scorecard in which something is judged; `made_on` is the date that it bears."""
    name = f"{scope.plan_name} {scope.name} {card.year.name} 達成状況"
    shades = _shades(card)
    made = f"{name}（{day_name(made_on)}作成）"
    return workbook(
        [
            Sheet("まとめ", tuple(_summary(card, scope, made_on)), {0: 40}, shades),
            _list_sheet(card, len(scope.plans) > 1, made, shades),
            Sheet("判定のしかた", tuple(_rules(card, scope)), {0: 24, 1: 100}, shades),
        ],
        name,
    )


def write_list(card: Scorecard, name: str, made_on: date) -> bytes:
    """The XLSX file of some indicators of a plan that are judged, under the words that chose them: a list alone."""
    return workbook([_list_sheet(card, False, f"{name}（{day_name(made_on)}作成）", _shades(card))], name)


def _list_sheet(card: Scorecard, with_plan: bool, made: str, shades: Mapping[str, str]) -> Sheet:
    listed = list_table(card, with_plan)
    widest = {at: _WIDEST[column] for at, column in enumerate(listed.header) if column in _WIDEST}
    return Sheet("一覧", (*_sample_lines(card), title("一覧"), Line(made), listed), widest, shades)


def _shades(card: Scorecard) -> dict[str, str]:
    weak = card.scale.weak
    return {card.scale.best: _BEST, weak[-1]: _WEAK, weak[0]: _WORST}


def _sample_lines(card: Scorecard) -> Iterator[Line]:
    if is_sampled(card):
        yield heading(SAMPLED)


def is_sampled(card: Scorecard) -> bool:
    """Is there an invented result among those that are judged?"""
    actuals = (one.row.facts.get((Measure.ACTUAL, card.year)) for one in card.judged)
    return any(actual is not None and is_sample(actual) for actual in actuals)


def _summary(card: Scorecard, scope: Scope, made_on: date) -> Iterator[Line | Table]:
    yield from _sample_lines(card)
    yield title(f"{scope.plan_name} 達成状況のまとめ（{scope.name}、{card.year.name}）")
    yield Line(f"作成日: {day_name(made_on)}")
    yield Line(f"対象の年度: {wording.year(card.year)}")
    yield Line(f"判定基準: {card.scale.name}。{card.scale.sentence}。")
    yield heading("分野ごとの判定（指標の数）")
    areas = _areas(card, scope)
    yield _counts(card, areas)
    shared = sum(len(own.judged) for own in areas.values()) - len(card.judged)
    if shared > 0:
        yield Line("複数の分野に載っている指標は、それぞれの分野で数え、合計では1件としています。")
    for line in state_lines(card):
        yield Line(line)
    weak, best = card.weak, card.best
    for name, judged, most in (
        ("まず見るべきもの", weak, _MOST_WEAK),
        (f"「{card.scale.best}」のもの", best, _MOST_BEST),
    ):
        if judged:
            more = f"（{len(judged)}指標のうち{most}指標。ほかは「一覧」にあります）" if len(judged) > most else ""
            yield Line("")
            yield heading(f"{name}{more}")
            yield _named(card, judged[:most])
    yield Line("")
    places = [place for one in card.judged for place in places_of(one.row.indicator)]
    for line in wording.document_lines(places, len(scope.plans) > 1).splitlines():
        yield Line(line)
    yield Line("実績値は登録された値です。目標・実績・基準値は書かれたとおりに写しています。")


def _areas(card: Scorecard, scope: Scope) -> dict[str, Scorecard]:
    """Of an area that was asked for alone no other one, in which its indicators stand too."""
    within = {
        place.area
        for one in card.judged
        for place in places_of(one.row.indicator)
        if scope.area in ("", place.area, place.chapter)
    }
    return {area: own for area, own in card.areas().items() if area in within}


def _counts(card: Scorecard, areas: dict[str, Scorecard]) -> Table:
    words = tuple(dict.fromkeys((*card.scale.words, *card.counts)))
    return Table(
        ("分野", *words, "計", "登録済み", "うち途中経過"),
        (
            *(_count_row(area or "（分野の記載なし）", own, words) for area, own in areas.items()),
            _count_row("合計", card, words),
        ),
        has_total=True,
    )


def _count_row(name: str, card: Scorecard, words: Sequence[str]) -> tuple[Value, ...]:
    counts = (card.counts.get(word, 0) for word in words)
    return (name, *counts, len(card.judged), card.recorded, card.unfinished)


def _named(card: Scorecard, judged: Iterable[Judged]) -> Table:
    header = ("指標", "判定", "実績", "目標", "基準値", "進捗率", "達成率", "計算式（言葉で）")
    rows = (
        (
            wording.name(one.row.indicator),
            f"{one.judgement.status}\n途中経過" if one.is_under_way else one.judgement.status,
            *(_figure(one.row, measure, card.year) for measure in (Measure.ACTUAL, Measure.TARGET, Measure.BASELINE)),
            *_shares(one.row, card),
            _formulas(one, card),
        )
        for one in judged
    )
    return Table(header, tuple(rows), figures=frozenset({2, 3, 4}))


# How wide a column of the list may be, in half-width characters.
_WIDEST = {"分野": 14, "項目番号": 8, "取組項目": 18, "指標": 28, "計算式（言葉で）": 30, "途中経過・備考": 14}
_FIGURES = ("基準値", "目標値", "実績値")


def list_table(card: Scorecard, with_plan: bool) -> Table:
    """Every indicator that is judged, one at least; a column that none fills is left out."""
    rows = [dict(_listed(one, card, with_plan)) for one in card.judged]
    header = tuple(column for column in rows[0] if any(row[column] not in (None, "") for row in rows))
    figures = frozenset(at for at, column in enumerate(header) if column in _FIGURES)
    return Table(header, tuple(tuple(row[column] for column in header) for row in rows), figures, is_long=True)


def _listed(one: Judged, card: Scorecard, with_plan: bool) -> Iterator[tuple[str, Value]]:
    row, indicator, listings = one.row, one.row.indicator, one.row.indicator.listings
    yield "計画", indicator.plan.title if with_plan else ""
    yield "章", _each_once(listing.initiative.chapter for listing in listings)
    yield "分野", _each_once(listing.initiative.area for listing in listings)
    yield "項目番号", _each_once(listing.initiative.number for listing in listings)
    yield "取組項目", _each_once(listing.initiative.title for listing in listings)
    yield "指標", indicator.name
    yield "単位", indicator.unit or unit_of(judged_by(row, card.year))
    yield "基準値", _figure(row, Measure.BASELINE, card.year)
    yield "目標値", _figure(row, Measure.TARGET, card.year)
    yield "実績値", _figure(row, Measure.ACTUAL, card.year)
    progress, achievement = _shares(row, card)
    yield "進捗率", progress
    yield "達成率", achievement
    yield "判定", one.judgement.status
    yield "計算式（言葉で）", _formulas(one, card)
    yield "途中経過・備考", _remarks(one, card.year)
    published = row.published.get(card.year)
    yield "公表判定", published.cell.raw if published else ""
    yield "担当課", _each_once(listing.owner for listing in listings)
    yield "出典", _source(listings)


def _each_once(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _figure(row: Row, measure: Measure, year: FiscalYear) -> str:
    """The cell as written: 「ほぼ100%」; of one without a figure its kind of 「ない」."""
    fact = row.facts.get((measure, None if measure is Measure.BASELINE else year))
    if fact is None:
        return Absence.NOT_RECORDED if measure is Measure.ACTUAL else ""
    return fact.cell.absence or (f"{fact.cell.raw}（{SAMPLE}）" if is_sample(fact) else fact.cell.raw)


def _shares(row: Row, card: Scorecard) -> tuple[Value, Value]:
    """進捗率, where the scale goes by it, and 達成率."""
    actual, target = row.number(Measure.ACTUAL, card.year), row.number(Measure.TARGET, card.year)
    if actual is None or target is None:
        return None, None
    progress = progress_rate(row, actual, target) if card.scale.by_progress else None
    shares = (progress, rate(row, actual, target))
    first, second = (one.value / _HUNDRED if isinstance(one, Computed) else None for one in shares)
    return first, second


def _formulas(one: Judged, card: Scorecard) -> str:
    """How the status follows from the figures, and those of the parts of a cell that holds several (①②)."""
    year, scale = card.year, card.scale
    lines = [formula_of(one.row, year, one.judgement, scale)[0]]
    parts = parts_of(one.row, year) if one.judgement.status != Status.NOT_RECORDED else ()
    for label, part in parts:
        if of_part := judgement_of(part, year, scale):
            lines.append(f"{label} {of_part.status}: {formula_of(part, year, of_part, scale)[0]}")
    return "\n".join(lines)


def _remarks(one: Judged, year: FiscalYear) -> str:
    actual: Fact | None = one.row.facts.get((Measure.ACTUAL, year))
    own = (actual.cell.as_of, actual.cell.note) if actual and not is_sample(actual) else ()
    return _each_once(("途中経過" if one.is_under_way else "", *own))


def _source(listings: Sequence[Listing]) -> str:
    """「資料3-3 120・245行目」."""
    plan = listings[0].initiative.plan
    lines = "・".join(str(line) for line in dict.fromkeys(listing.line for listing in listings))
    return f"{plan.document or plan.title} {lines}行目"


def _rules(card: Scorecard, scope: Scope) -> Iterator[Line | Table]:
    scale = card.scale
    yield title("判定のしかた")
    yield Line(f"{scale.name}: {scale.sentence}。")
    rows = [("達成率", "実績 ÷ 目標。低い（少ない）ほど良い指標では、目標 ÷ 実績。")]
    if scale.by_progress:
        rows = [
            ("進捗率", "（実績 − 基準値）÷（目標 − 基準値）。基準値から目標までの道のりを、どこまで進んだかです。"),
            *rows,
            (
                "達成率で判定するとき",
                f"基準値がないか、目標と同じ指標です。{scale.by_rate.sentence}、それ未満は「{scale.by_rate.below}」です。",
            ),
        ]
    if scale.met:
        rows += [("「ほぼ」の目標", text) for text in _about(scope.plans)]
    rows += [
        (Status.UNDECIDED, "実績はあるが、目標値がない、数値ではないなどで計算できないものです。"),
        (Status.NOT_RECORDED, "目標はあるが、その年度の実績がまだ登録されていないものです。"),
        ("①②のある指標", "一つの欄に複数の数値があるものは判定不可とし、それぞれの判定を計算式の欄に示します。"),
        ("途中経過", "年度の終わりより前の時点の実績です。年度の終わりに判定が変わることがあります。"),
        ("率の表し方", "小数第2位を四捨五入しています。判定は四捨五入する前の値によります。"),
    ]
    yield Table(("項目", "内容"), tuple(rows))


def _about(plans: Sequence[Plan]) -> Iterator[str]:
    """From which share of it 「ほぼ100%」 is met, for each plan where they differ."""
    shares = dict.fromkeys(plan.about for plan in plans)
    for share in shares:
        titles = "、".join(f"「{plan.title}」" for plan in plans if plan.about == share)
        whose = f"{titles}では、" if len(shares) > 1 else ""
        yield f"{whose}「ほぼ100%」のような目標は、その{plain(share * 100)}%から満たしたとします。"
