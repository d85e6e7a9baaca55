"""Questions about many indicators: 「産業振興のKPI一覧」, 「%の指標は何件」, 「伸び率の高い順に3つ」."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.conditions import read_conditions
from nlp.criteria import Compared, ConditionReading, Given, Judged, Met, Moves, Test
from nlp.cues import Thing, read_cues
from nlp.measures import Measure
from nlp.mentions import Match
from nlp.narrowing import dated
from nlp.operands import Figure, Operation, figure_of, figure_pattern
from nlp.orders import RANKS_AREAS, OrderReading, read_order
from nlp.periods import Period
from nlp.pieces import Span, is_inside
from nlp.readings import Readings
from nlp.scales import read_scale
from nlp.scopes import scoped
from nlp.selection import Selection
from nlp.shape import Shape
from nlp.titles import find_titles
from nlp.unread import THINGS, tells_how


def read_selection(found: Readings, shape: Shape) -> Selection | None:
    """The selection of a question about many, None where it is a question of another kind.

    「産業振興のKPI一覧」, 「%の指標は何件」, 「伸び率の高い順に3つ」.
    """
    if not _LIKELY.search(found.beside) or _PLACE.search(found.beside):
        return None
    said, spans = _said(found, shape)
    cues, order = said.cues, said.order
    counted = any(amount.unit in THINGS for amount in found.amounts)
    of_area = bool(said.figures) and re.search("分野の", found.text) is not None
    is_asked_of = cues.has_noun or counted or of_area or cues.listed_twice or cues.without_indicator or cues.strong
    by_rate = _by_rate(shape, said, found) if order is None else None
    if by_rate:
        order = by_rate
        said, spans = replace(said, order=order), [*spans, *order.spans]
    says_which = said.conditions or order or cues.unit
    asks = is_asked_of or (says_which and (cues.stands_in or cues.counts or cues.unit or order))
    if not (asks or said.conditions) or said.has_stray_figure:
        return None
    of_rows = cues.counts and cues.thing is Thing.ROW and not said.conditions
    if of_rows and any(mention.match is Match.EXACT for mention in found.mentions):
        return None  # 「…は表の中に何行?」 counts where one indicator stands
    if order and RANKS_AREAS.search(found.text) and (order.operation or said.figures or not cues.has_noun):
        return None
    if tells_how(found) or any(not one.negated and _is_left_out(found.text, one) for one in said.conditions):
        return None
    names_a_list = is_asked_of or cues.stands_in or cues.unit or order
    selection = scoped(found, said, spans)
    if by_rate and not (selection and (selection.areas or cues.has_noun)):
        return None
    if selection and _is_bare(said, shape):
        return selection
    # 「教育 R7 80%超は?」, 「産業振興のR7目標を全部」: without a word for what is listed only an area will do.
    if selection is None or not (selection.areas or (asks and (cues.has_noun or says_which or not cues.strong))):
        return None
    # 「何件増えたことに?」 counts no indicators.
    if not names_a_list and not selection.areas and any(isinstance(one.tests[0], Moves) for one in said.conditions):
        return None
    return selection if _is_about_many(selection, found) else None


_NOTHING_ELSE = re.compile(r"[〓P、。?\sはがのでを]*(?:どれ|教えて|見せて|ください|です|か)*[?。]*")


def _is_bare(said: Selection, shape: Shape) -> bool:
    """Is a status all that a message says: 「後退は?」, 「R4で未達は?」?"""
    tests = [test for one in said.conditions for test in one.tests]
    rest = shape.without([(one.start, one.end) for one in said.conditions])
    return bool(tests) and all(isinstance(t, Met | Judged) for t in tests) and bool(_NOTHING_ELSE.fullmatch(rest.text))


# 「産業振興の達成率をそれぞれ」: the rates of many, the highest first.
_RATE = re.compile(
    r"(?:達成率|(?P<progress>進捗率))(?:を|は|って|の|について)*(?:それぞれ|一覧|ランキング|全部|順位|並べ|教え|見せ|出し)?"
    r"(?:で|に|を|て|し)*(?:並べて|教えて|見せて|出して|ください|下さい|お願いします)*"
)


def _by_rate(shape: Shape, said: Selection, found: Readings) -> OrderReading | None:
    """The order in which rates of an area are told where no indicator is named; None where none are asked for."""
    names = [(mention.start, mention.end) for mention in found.mentions]
    match = _RATE.search(shape.without(names).text)
    if match is None or names or said.conditions:
        return None
    operation = Operation.PROGRESS_RATE if match["progress"] else Operation.ACHIEVEMENT_RATE
    return OrderReading(operation, True, 0, False, False, (shape.span(match),))


def read_narrowing(found: Readings, shape: Shape) -> Selection | None:
    """How a message changes a question about many that was asked before it, None where it is about something else.

    「そのうち産業振興は?」 → the area, 「上位3つだけ」 → the first three.
    """
    scale = read_scale(shape)
    said, spans = _said(found, shape.without([scale[1]] if scale else []))
    if scale:
        said, spans = replace(said, scale=scale[0]), [*spans, scale[1]]
    selection = scoped(found, said, spans, in_thread=True)
    if selection is None:
        return None
    cues = selection.cues
    recounts = cues.thing is Thing.ROW  # 「再掲も数えると?」
    asks = selection.narrows or selection.order or cues.counts or cues.strong or recounts or selection.figures
    return selection if asks or scale else None


# Without any of these words no question is about many; most look-ups end here.
_LIKELY = re.compile(
    "後退|遅れ|達成率|進捗率|指標|kpi|項目|取り?組|施策|分野|行|やつ|もの|のは|のを|順|番|いちばん|最[もも大小多少高低下]|トップ|上位|下位|ワースト|ベスト|%|パー|再掲|章|数は|何件|件数"
    "|以上|以下|未満|超|越|こえ|上回|下回|届|クリア|未達|登録|空欄|斜線|全部|一覧|どれ|ほうから|方から|より(?:低|高|多|少|下|上)|[<>=≦≧]|÷"
)
# 「どの項目に入ってる」 asks where one indicator stands (nlp/facets.py).
_PLACE = re.compile("どの(?:(?:項目|取り?組み?(?:項目)?|分野)に|計画(?!の)|計画の(?:もの|分|話)|資料|文書)")
_F = re.compile(figure_pattern("f"))


# 「(マイナスの値、遠隔医療は除く)」, 「(据え置きも含む)」: what stands in brackets is no limit of its own.
_ASIDE = re.compile(r"\([^()]*(?:除|抜き|外し|対象外|含)[^()]*\)")


def _is_left_out(text: str, condition: ConditionReading) -> bool:
    return any(is_inside((condition.start, condition.end), [aside.span()]) for aside in _ASIDE.finditer(text))


_LEFT_OUT = re.compile(
    r"[^。、?]*?(?:除[いくき]|除外|抜[いきく]|外し|対象外|含め(?:ない|ません|ず)|飛ば|数えな)(?:[いくきしてたでとにもすな]|ます|ください|下さい|お願いします)*"
)


def _left_out(found: Readings) -> tuple[tuple[str, ...], list[Span]]:
    """The indicators that clauses leave out by name (「コピー用紙は除いて」), and the places of these clauses."""
    names: list[str] = []
    spans: list[Span] = []
    for clause in _LEFT_OUT.finditer(found.text):
        mentions = [m for m in found.mentions if is_inside((m.start, m.end), [clause.span()])]
        if mentions:
            names += [found.index.entries[entry].name for m in mentions for entry in m.entries]
            first = mentions[0].start
            # what stands before 「と」 is left out, too, but is no name: 「減らす指標とコピー用紙は除く」
            start = first if found.text[clause.start() : first].endswith(("と", "や")) else clause.start()
            spans.append((start, clause.end()))
    return tuple(dict.fromkeys(names)), spans


def _said(found: Readings, shape: Shape) -> tuple[Selection, list[Span]]:
    """What a message says of many indicators, without their scope, and the places of the words that say it."""
    excluded, left_out = _left_out(found)
    shape = shape.without(left_out)
    titles = find_titles(found.text, found.index.titles, found.index.title_lengths)
    shape = shape.without([*((title.start, title.end) for title in titles), *found.corrected])
    cues = read_cues(shape)
    rest = shape.without(cues.phrases)
    order = read_order(rest)
    of_order = order.spans if order else ()
    of_names = [(mention.start, mention.end) for mention in found.mentions]
    conditions = read_conditions(rest.without([*of_names, *of_order]))
    of_conditions = [(one.start, one.end) for one in conditions]
    left = rest.without(of_conditions)
    figures = [(match, figure_of(rest, match, "f")) for match in _F.finditer(left.text)]
    # 「R5の目標もR6の目標も80%以上」: a figure before the condition that belongs to none was not understood.
    last = max((start for start, _ in of_conditions), default=0)
    stray = [figure for match, figure in figures if rest.span(match)[0] < last and figure]
    if order is None and len(stray) == 1 and (taken := _with_figure(conditions, stray[0])):
        conditions, stray = taken, []
    is_stray = order is None and bool(stray)
    bare = [figure.period for _, figure in figures if figure and figure.measure is None]
    if order is None and len(figures) == len(bare) == 1 and bare[0]:
        conditions = tuple(_in_year(one, bare[0]) for one in conditions)  # 「実績が未登録の指標(R5)」
    selection = Selection(
        cues,
        conditions,
        order,
        figures=tuple(figure for _, figure in figures if figure),
        has_stray_figure=is_stray,
        excluded=excluded,
    )
    return selection, [*cues.spans, *of_conditions, *of_order, *left_out]


def _in_year(condition: ConditionReading, period: Period) -> ConditionReading:
    """A condition on results or targets with the year that stands beside it, unless it names its own."""
    return dated(condition, period) if all(map(_lacks_year, condition.tests)) else condition


def _lacks_year(test: Test) -> bool:
    match test:
        case Given(figure=figure):
            return figure.period is None and figure.measure in (Measure.ACTUAL, Measure.TARGET)
        case Met(period=period) | Judged(period=period):
            return period is None
        case Compared(operand=Figure() as one, other=Figure() as other):
            return one.period is None and other.period is None and Measure.BASELINE not in (one.measure, other.measure)
    return False


def _with_figure(conditions: Sequence[ConditionReading], figure: Figure) -> tuple[ConditionReading, ...] | None:
    """「昨年度の実績で見て、80%以上」: a figure set before a limit that has none of its own."""
    open_ones = [
        one for one in conditions for test in one.tests if isinstance(test, Compared) and test.operand == Figure()
    ]
    if not open_ones or len(open_ones) != len(conditions):
        return None
    return tuple(
        replace(one, tests=tuple(replace(test, operand=figure) for test in one.tests if isinstance(test, Compared)))
        for one in conditions
    )


def _is_about_many(selection: Selection, found: Readings) -> bool:
    """Does the message ask for a list, a count or a ranking, and not for the figures of what it names?"""
    cues = selection.cues
    if selection.order:
        return True
    if cues.counts or cues.strong:
        return cues.has_noun or selection.narrows
    if len(selection.entries) == 1 and not selection.conditions:
        return False
    if selection.named:
        return bool(selection.conditions)
    if (found.periods or found.measures) and not (selection.conditions or selection.areas or cues.has_noun):
        return False
    return selection.narrows
