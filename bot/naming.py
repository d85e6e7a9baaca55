"""How figures and what is made of them are called: 「R7の目標値」, 「基準値からR7の目標値への伸び率」."""

from bot.figures import Row
from data.facts import MEASURES, Measure, Place
from nlp.operands import OF_RESULTS, Change, Figure, Operation
from nlp.periods import PlanYear


def place_name(place: Place) -> str:
    """「R7の目標値」, 「基準値」."""
    measure, year = place
    if year is None:
        return MEASURES[measure] if measure is not Measure.ACTUAL else "最新の実績値"
    return f"{year.label}の{MEASURES[measure]}"


def figure_name(figure: Figure, like: Row) -> str:
    place = like.place(figure)
    if place[0] is Measure.ACTUAL and figure.period is None:
        return "最新の実績値"
    if figure.period and PlanYear.LAST in (figure.period.end,) and figure.period.start == figure.period.end:
        return f"最終年度の{MEASURES[place[0]]}"
    return place_name(place)


def change_name(change: Change, like: Row) -> str:
    """「基準値からR7の目標値への伸び率」."""
    names = {
        Operation.GROWTH_RATE: "伸び率",
        Operation.DIFFERENCE: "差",
        Operation.RATIO: "倍率",
        Operation.ACHIEVEMENT_RATE: "達成率",
        Operation.PROGRESS_RATE: "進捗率",
    }
    if change.operation in OF_RESULTS:
        year = like.years(change.end.period)[-1].label if change.end and change.end.period else "最新"
        return f"{year}の{names[change.operation]}"
    start = figure_name(change.start, like) if change.start else "基準値"
    return f"{start}から{figure_name(change.end or Figure(), like)}への{names[change.operation]}"
