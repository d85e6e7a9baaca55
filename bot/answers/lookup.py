"""Look-ups: the figures of one indicator or of a few, 「コピー用紙のR6の目標は?」."""

from collections.abc import Callable, Sequence

from bot.answer import Answer, Kind, Receipt, Text
from bot.answers import choose, no_data, twins, wording
from bot.answers.context import Context
from bot.answers.receipts import read_as, runners_up
from bot.answers.wanted import Wanted, find_wanted
from data.facts import Direction, Fact, Indicator, Initiative, Measure, direction
from nlp.asked import Asked


def answer(context: Context) -> Answer:
    """The figures asked for; asks back where several indicators fit, says so where none does."""
    return of_each(context, _of_target)


def of_each(context: Context, of_one: Callable[[Context, Asked], Answer]) -> Answer:
    """An answer for each part of a question, as one; asks back where a part fits several, or says that none fits."""
    if asks_back := choose.unsettled(context):
        return asks_back
    answers = [of_one(context, asked) for asked in context.query.asked]
    return answers[0] if len(answers) == 1 else together(answers)


def _of_target(context: Context, asked: Asked) -> Answer:
    target = context.target(asked.fitting[0])
    receipt = read_as(context, asked, target)
    if isinstance(target, Initiative):
        return no_data.without_indicator(context, target, receipt)
    facts = tuple(context.rows([target])[0].facts.values())
    wanted = find_wanted(context.query.text, asked, target, facts, all_results=context.query.followup.series)
    if not wanted.facts:
        return no_data.of_indicator(context, target, wanted.missing, facts, receipt)
    return _figures(context, asked, target, wanted, facts, receipt)


def together(answers: Sequence[Answer]) -> Answer:
    """The answers for several indicators as one; there is no data only where none of them has any."""
    having = [answer for answer in answers if answer.kind is Kind.ANSWER]
    texts = [answer.text for answer in answers]
    return Answer(
        Kind.ANSWER if having else Kind.NO_DATA,
        Text(
            texts[0].statement,
            texts[0].lead,
            (*texts[0].details, *(line for text in texts[1:] for line in text.body().splitlines())),
            "\n".join(text.receipt for text in texts if text.receipt),
            "\n".join(dict.fromkeys(text.sources for text in texts if text.sources)),
        ),
        facts=tuple(fact for answer in answers for fact in answer.facts),
        context_facts=tuple(fact for answer in answers for fact in answer.context_facts),
        indicators=tuple(indicator for answer in answers for indicator in answer.indicators),
        items=tuple(item for answer in answers for item in answer.items),
        computed=tuple(one for answer in answers for one in answer.computed),
        statuses=tuple(status for answer in answers for status in answer.statuses),
        alternatives=tuple(other for answer in answers for other in answer.alternatives),
        receipt=answers[0].receipt,
    )


def _figures(
    context: Context, asked: Asked, indicator: Indicator, wanted: Wanted, stored: Sequence[Fact], receipt: Receipt
) -> Answer:
    facts = wanted.facts
    shown_beside = _shown_beside(wanted, stored)
    if len(facts) == 1 and not wanted.whole_series:
        lead, statement, lines = _one_figure(indicator, facts[0], stored)
    else:
        lead, statement = "", f"{wording.name(indicator)}の{_measures(facts)}です。"
        lines = [_series([*shown_beside, *facts])]
    lines += wording.interim(facts, context.question.asked_on)
    lines += no_data.sentences(indicator, wanted.missing)
    lines += twins.told_apart(context, asked)
    return Answer(
        Kind.ANSWER,
        Text(
            statement,
            lead,
            tuple(lines),
            wording.receipt_line(receipt),
            wording.sources_of(context, facts),
        ),
        facts=facts,
        context_facts=tuple(shown_beside),
        indicators=(indicator,),
        alternatives=runners_up(context, asked),
        receipt=receipt,
    )


def _one_figure(indicator: Indicator, fact: Fact, stored: Sequence[Fact]) -> tuple[str, str, list[str]]:
    when = f"、{wording.year(fact.fiscal_year)}の" if fact.fiscal_year else "の"
    statement = f"{wording.name(indicator)}{when}{wording.MEASURES[fact.measure]}です{wording.unit_note([fact])}。"
    lines = []
    if not fact.cell.is_number:
        lines.append("表に書かれているとおりで、数値ではありません。")
    if fact.measure is not Measure.BASELINE and improves_downwards(indicator, stored):
        lines.append("少ないほど良い指標です。")
    if fact.measure is Measure.ACTUAL and (remark := "、".join(filter(None, (fact.cell.note, fact.cell.as_of)))):
        lines.append(f"備考: {remark}")
    return wording.figure(fact), statement, lines


def improves_downwards(indicator: Indicator, facts: Sequence[Fact]) -> bool:
    """Is less better: as the plan declares, or because its targets fall below the baseline?"""
    baseline = next((fact.cell.value for fact in facts if fact.measure is Measure.BASELINE), None)
    targets = [fact.cell.value for fact in facts if fact.measure is Measure.TARGET and fact.cell.value is not None]
    return direction(indicator.direction, baseline, targets[-1] if targets else None) is Direction.LOWER


def _shown_beside(wanted: Wanted, stored: Sequence[Fact]) -> list[Fact]:
    """The baseline beside a whole series of targets, unless it was asked for."""
    if not wanted.whole_series or any(fact.measure is Measure.BASELINE for fact in wanted.facts):
        return []
    return [fact for fact in stored if fact.measure is Measure.BASELINE and fact.cell.absence is None]


def _measures(facts: Sequence[Fact]) -> str:
    return "と".join(dict.fromkeys(wording.MEASURES[fact.measure] for fact in facts))


def _series(facts: Sequence[Fact]) -> str:
    """「基準値 20,862 ／ R4 23,146 → R5 25,430」; results stand apart from targets."""
    baseline = [f"基準値 {wording.figure(fact)}" for fact in facts if fact.measure is Measure.BASELINE]
    targets = _chain([fact for fact in facts if fact.measure is Measure.TARGET])
    actuals = _chain([fact for fact in facts if fact.measure is Measure.ACTUAL])
    if targets and actuals:
        targets, actuals = f"目標値 {targets}", f"実績値 {actuals}"
    return " ／ ".join(filter(None, (*baseline, targets, actuals))) + wording.unit_note(facts)


def _chain(facts: Sequence[Fact]) -> str:
    return " → ".join(f"{fact.fiscal_year.label} {wording.figure(fact)}" for fact in facts if fact.fiscal_year)
