"""How a scorecard is told: its counts, how many results there are, the indicators to look at first."""

from collections.abc import Iterable
from decimal import Decimal

from bot.answers import wording
from bot.figures import judged_by
from bot.quantities import label_of, plain, rounded
from bot.scorecard import Judged, Scorecard
from data.fiscal_year import FiscalYear

#: As many of the weak ones are named, and of the best.
WEAK, BEST = 6, 3


def counts(card: Scorecard) -> str:
    """「達成 3件 ／ 遅れ 1件」."""
    return " ／ ".join(f"{status} {count}件" for status, count in card.counts.items())


def recorded(card: Scorecard) -> Iterable[str]:
    """How many of the indicators have a result."""
    if not card.recorded:
        yield f"{card.year.name}の実績は、まだ登録されていません（判定の対象は{len(card.judged)}指標）。"
        return
    unfinished = f"（うち{card.unfinished}指標は途中経過）" if card.unfinished else ""
    yield f"目標か実績のある{len(card.judged)}指標のうち、実績が登録されているのは{card.recorded}指標です{unfinished}。"
    if card.scale.met:
        met = card.counts.get(card.scale.met, 0)
        share = plain(rounded(Decimal(met) / card.recorded * 100, 1))
        yield f"「{card.scale.met}」は{card.recorded}指標のうち{met}指標（{share}%）です。"


def areas(card: Scorecard) -> Iterable[str]:
    """The counts of each area: 「・4 産業振興（14指標）: 達成 3件 ／ 遅れ 4件」."""
    for area, own in card.areas().items():
        yield f"・{' '.join(area.split())}（{len(own.judged)}指標）: {counts(own)}"


def notable(card: Scorecard) -> Iterable[str]:
    """Those that fell back and those behind first, then the best."""
    weak, best = card.weak, card.best
    if weak:
        more = f"（{len(weak)}指標のうち）" if len(weak) > WEAK else ""
        yield f"まず見るべきもの{more}:"
        yield from lines(weak[:WEAK], card.year)
    if best:
        more = f"（{len(best)}指標のうち）" if len(best) > BEST else ""
        yield f"「{card.scale.best}」のもの{more}:"
        yield from lines(best[:BEST], card.year)


def lines(judged: Iterable[Judged], year: FiscalYear) -> Iterable[str]:
    """A line for each, with its figures: 「・遅れ 植樹の面積: 実績 26、目標 30（単位はha）」."""
    for one in judged:
        facts = judged_by(one.row, year)
        figures = "、".join(f"{label_of(fact)} {wording.figure(fact)}" for fact in facts) + wording.unit_note(facts)
        mark = "（途中経過）" if one.is_under_way else ""
        yield f"・{one.judgement.status}{mark} {wording.name(one.row.indicator)}: {figures}"
