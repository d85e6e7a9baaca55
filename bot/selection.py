"""The indicators that a question about many means: its conditions put to every row, and said in one sentence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.answers.context import Context
from bot.conditions import condition_of
from bot.criteria import Condition, Outcome
from bot.dated import with_year
from bot.figures import Row, rows_of
from bot.knowledge import Target
from bot.recorded import Unrecorded, unrecorded
from data.facts import Direction, Indicator, Initiative, Measure, name_key
from data.values import Bound
from nlp.cues import Containing, Where
from nlp.selection import Selection


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row that fulfils every condition, with what decided each of them."""

    row: Row
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """`selection` has its years filled in (bot/dated.py); `sentence` says which indicators are meant
    (「R7の目標値が80%以上の指標」); `aside` are those for which it cannot be told, with the reason; `leaves_out` are
    kinds of indicators that a condition passes over; `unrecorded` tells of results that are not there."""

    selection: Selection
    sentence: str
    chosen: tuple[Chosen, ...]
    aside: tuple[tuple[Row, str], ...]
    leaves_out: tuple[str, ...]
    unrecorded: tuple[Unrecorded, ...]

    @property
    def rows(self) -> list[Row]:
        return [one.row for one in self.chosen]


def select(context: Context, selection: Selection) -> Selected:
    """Puts a selection to the store."""
    indicators = scope_of(context, selection)
    first = (indicators or context.knowledge.catalogue.indicators)[:1]
    like = context.rows(first)[0]
    conditions = conditions_of(selection, like)
    needs_facts = conditions or selection.order or selection.figures
    rows = context.rows(indicators) if needs_facts else rows_of(indicators, ())
    said, selection = selection, with_year(selection, rows, context.question.asked_on)
    if said is not selection:
        conditions = conditions_of(selection, like)
    chosen: list[Chosen] = []
    aside: list[tuple[Row, str]] = []
    for row in rows:
        outcomes = [condition(row) for condition in conditions]
        if all(outcome.holds for outcome in outcomes):
            chosen.append(Chosen(row, tuple(outcomes)))
        elif all(outcome.holds is not False for outcome in outcomes):
            aside.append((row, next(outcome.why for outcome in outcomes if outcome.holds is None)))
    left_out = tuple(dict.fromkeys(condition.leaves_out for condition in conditions if condition.leaves_out))
    sentence = sentence_of(context, selection, conditions)
    return Selected(selection, sentence, tuple(chosen), tuple(aside), left_out, unrecorded(selection, rows))


def scope_of(context: Context, selection: Selection) -> list[Indicator]:
    """The indicators among which a selection looks, in the catalogue's order."""
    knowledge = context.knowledge
    if selection.named:
        targets = [context.target(candidate) for candidate in selection.named]
    elif selection.entries:
        targets = [knowledge.targets[entry] for entry in selection.entries]
    else:
        targets = list(knowledge.targets)
    indicators = [target for target in targets if isinstance(target, Indicator) and _is_of(target, selection)]
    if selection.areas:
        areas = set(selection.areas)
        indicators = [one for one in indicators if _in(areas, places_of(one)) is not selection.without_areas]
    return indicators


def _is_of(target: Target, selection: Selection) -> bool:
    return not selection.plan or target.plan.title == selection.plan


def places_of(indicator: Indicator) -> list[Initiative]:
    return [listing.initiative for listing in indicator.listings]


def count_by_area(rows: Iterable[Row], *, each_listing: bool = False) -> dict[str, int]:
    """How many of these indicators each area has; an indicator that is listed twice in one counts once, or twice
    where `each_listing` counts."""
    counts: dict[str, int] = {}
    for row in rows:
        areas = [place.area for place in places_of(row.indicator)]
        for area in areas if each_listing else dict.fromkeys(areas):
            counts[area] = counts.get(area, 0) + 1
    return counts


def _in(areas: set[str], places: Iterable[Initiative]) -> bool:
    return any(place.area in areas or place.chapter in areas for place in places)


def initiatives_of(context: Context, selection: Selection) -> list[Initiative]:
    """The initiatives of a selection's scope: those under its areas, number or topic, in the catalogue's order."""
    knowledge = context.knowledge
    found = [one for one in knowledge.catalogue.initiatives if _is_of(one, selection)]
    if selection.entries:
        targets = [knowledge.targets[entry] for entry in selection.entries]
        within = {
            place.id
            for target in targets
            for place in (places_of(target) if isinstance(target, Indicator) else [target])
        }
        found = [one for one in found if one.id in within]
    if selection.areas:
        areas = set(selection.areas)
        found = [one for one in found if _in(areas, [one]) is not selection.without_areas]
    for containing in selection.cues.containing:
        words = [name_key(word) for word in (*containing.others, containing.word)]
        found = [one for one in found if any(word in name_key(one.title) for word in words)]
    if selection.cues.without_indicator:
        listed = {place.id for indicator in knowledge.catalogue.indicators for place in places_of(indicator)}
        found = [one for one in found if one.id not in listed]
    return found


def conditions_of(selection: Selection, like: Row) -> list[Condition]:
    """Everything that a selection asks of an indicator beside its scope."""
    cues = selection.cues
    conditions = [_containing(one) for one in cues.containing]
    if cues.unit:
        conditions.append(_with_unit(cues.unit, wanted=True))
    if cues.without_unit:
        conditions.append(_with_unit(cues.without_unit, wanted=False))
    if cues.number:
        conditions.append(_numbered(cues.number))
    if cues.owner:
        conditions.append(_owned_by(cues.owner))
    if cues.improves:
        conditions.append(_improving(Direction(cues.improves)))
    if selection.excluded:
        excluded = set(selection.excluded)
        conditions.append(
            Condition("名指しで除かれたもの以外の", lambda row: Outcome(row.indicator.name not in excluded))
        )
    if cues.exactly:
        conditions.append(Condition("目標値が概数（「ほぼ」など）でない", _is_exact))
    if cues.listed_twice:
        conditions.append(Condition("2か所以上に載っている", lambda row: Outcome(len(row.indicator.listings) > 1)))
    return conditions + [condition_of(reading, like) for reading in selection.conditions]


def _owned_by(section: str) -> Condition:
    """The column 担当課 of one of its places, as far as the plan has one."""

    def test(row: Row) -> Outcome:
        owners = [listing.owner for listing in row.indicator.listings if listing.owner]
        if not owners:
            return Outcome(None, why="担当課が計画に書かれていない")
        return Outcome(any(name_key(section) in name_key(owner) for owner in owners))

    return Condition(f"担当課が「{section}」の", test)


def _improving(way: Direction) -> Condition:
    name = "低い（少ない）" if way is Direction.LOWER else "高い（多い）"
    return Condition(f"{name}ほど良い", lambda row: Outcome(row.improves is way))


def _is_exact(row: Row) -> Outcome:
    targets = row.numbers(Measure.TARGET)
    return Outcome(all(fact.cell.bound is not Bound.ABOUT for fact in targets))


def _containing(one: Containing) -> Condition:
    words = [name_key(word) for word in (*one.others, one.word)]

    def test(row: Row) -> Outcome:
        names = [] if one.where is Where.INITIATIVE else [row.indicator.name]
        names += [] if one.where is Where.NAME else [place.title for place in places_of(row.indicator)]
        return Outcome(any(_HOLDS[one.place](name_key(name), word) for name in names for word in words))

    quoted = "か".join(f"「{word}」" for word in (*one.others, one.word))
    said = {"": f"に{quoted}を含む", "start": f"が{quoted}で始まる", "end": f"が{quoted}で終わる"}
    return Condition(f"{one.where.value}{said[one.place]}", test)


_HOLDS: Mapping[str, Callable[[str, str], bool]] = {
    "": lambda name, word: word in name,
    "start": str.startswith,
    "end": str.endswith,
}


def _with_unit(unit: str, *, wanted: bool) -> Condition:
    def test(row: Row) -> Outcome:
        units = {fact.cell.unit for fact in row.facts.values() if fact.cell.unit} | {row.indicator.unit}
        has = any(name_key(own) == name_key(unit) for own in units if own)
        return Outcome(has is wanted)

    return Condition(f"単位が「{unit}」{'と書かれた' if wanted else 'でない'}", test)


def _numbered(number: str) -> Condition:
    def test(row: Row) -> Outcome:
        return Outcome(any(name_key(place.number) == name_key(number) for place in places_of(row.indicator)))

    return Condition(f"項目番号が「{number}」の", test)


def sentence_of(context: Context, selection: Selection, conditions: Sequence[Condition], noun: str = "指標") -> str:
    """「「4 産業振興」の、R7の目標値が80%以上の指標」."""
    scope = scope_name(context, selection)
    told = _joined([condition.sentence for condition in conditions])
    if selection.named:
        scope = "挙げられた指標"
        return f"{scope}で、{told}もの" if told else scope
    if scope and told:
        return f"{scope}で、{told}{noun}"
    return f"{scope}の{noun}" if scope else f"{told}{noun}" if told else f"すべての{noun}"


def _joined(sentences: Sequence[str]) -> str:
    """「R7の目標値が50%以上で、80%以下の」: each sentence before the last one left open."""
    opened = [f"{one.removesuffix('の')}で" if one.endswith("の") else f"{one}、かつ" for one in sentences[:-1]]
    return "、".join([*opened, *sentences[-1:]]).replace("かつ、", "かつ")


def _is_narrowed(selection: Selection) -> bool:
    """Is it a topic within the areas, and not the words of the areas themselves?"""
    topic = name_key(selection.topic)
    areas = [name_key(title.split()[-1]) for title in selection.areas]
    return bool(selection.entries and topic) and not any(topic in area or area in topic for area in areas)


def scope_name(context: Context, selection: Selection) -> str:
    """What a selection looks among: 「分野「4 産業振興」」, 「「テレワーク」に関するもの」; "" for everything."""
    within = _within_plan(context, selection)
    plan = f"計画「{selection.plan}」" if selection.plan and context.several_plans else ""
    return f"{plan}の{within}" if plan and within else plan or within


def _within_plan(context: Context, selection: Selection) -> str:
    if selection.areas:
        titles = "・".join(f"「{' '.join(title.split())}」" for title in selection.areas)
        scope = f"{titles}以外" if selection.without_areas else titles
        return f"{scope}の「{selection.topic}」" if _is_narrowed(selection) else scope
    if selection.named:
        return f"挙げられた{len(selection.named)}指標"
    if selection.entries and selection.topic:
        return f"「{selection.topic}」"
    return ""
