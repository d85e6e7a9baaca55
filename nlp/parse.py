"""From a message to a Query: what stands in it is read first, then which kind of question it is, then what it names."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from nlp.areas import find_areas
from nlp.calculations import read_calculation
from nlp.claims import read_claims
from nlp.conditions import read_conditions
from nlp.facets import Facet, read_facets
from nlp.index import Index
from nlp.indicators import Match
from nlp.intents import Intent, read_intent
from nlp.many import Selection, find_scope, topical
from nlp.operands import Figure, figure_of, figure_pattern
from nlp.orders import read_order
from nlp.parts import find_asked
from nlp.pieces import Span, overlaps
from nlp.query import Asked, Query
from nlp.readings import Readings, read
from nlp.selections import read_cues
from nlp.shape import Shape
from nlp.words import weigh


def parse(message: str, asked_on: date, index: Index) -> Query:
    """Reads a message as typed; never raises. 「<@U1> ﾏｲﾅｶｰﾄﾞ Ｒ６🙏」 → lookup, R6, マイナカード."""
    found = read(message, asked_on, index)
    intent = read_intent(found.text, found.tokens)
    if intent not in (Intent.HELP, Intent.THANKS, Intent.WRONG):
        shape = found.shape
        for kind in (_many, _reverse, _calculation, _comparison, _claim, _about):
            if query := kind(found, shape):
                return query
    return _query(found, intent, find_asked(found))


def _query(found: Readings, intent: Intent, asked: tuple[Asked, ...]) -> Query:
    return Query(found.text, found.written, intent, asked, found.followup, amounts=found.amounts)


_AREA = re.compile("分野(?!別|ごと|毎)|部門|区分|章|セクション")
_EXCEPT_AREA = re.compile(r"(?:分野)?(?:以外|を?除[いくき]|じゃない|ではない)")
_F = re.compile(figure_pattern("f"))


def _many(found: Readings, shape: Shape) -> Query | None:
    """A question about many indicators: 「産業振興のKPI一覧」, 「%の指標は何件」, 「伸び率の高い順に3つ」."""
    selection, spans = _selection(found, shape)
    cues, order = selection.cues, selection.order
    is_asked_of = cues.has_noun or cues.listed_twice or cues.without_indicator
    says_which = selection.conditions or order or cues.unit
    if not (is_asked_of or (says_which and (cues.strong or cues.stands_in or cues.counts or cues.unit or order))):
        return None
    if _unread_amounts(found, spans):
        return None
    words = topical(weigh(found.sought, [*found.masked, *spans]))
    by_number = tuple(dict.fromkeys(entry for _, entries in found.numbers for entry in entries))
    if by_number and not words:
        start, end = found.numbers[0][0]
        selection = replace(selection, topic=found.written[start:end], entries=by_number)
    elif words:
        scoped = _scoped(found, selection, spans, words)
        if scoped is None:
            return None
        selection = scoped
    if not _is_about_many(selection, found):
        return None
    intent = Intent.RANKING if order else Intent.COUNT if cues.counts else Intent.LIST
    asked = Asked((), (), found.periods, found.measures, tuple(words))
    return replace(_query(found, intent, (asked,)), selection=selection)


def _selection(found: Readings, shape: Shape) -> tuple[Selection, list[Span]]:
    """What a message says of many indicators, without their scope, and the places of the words that say it."""
    cues = read_cues(shape)
    rest = shape.without(cues.phrases)
    order = read_order(rest)
    conditions = read_conditions(rest.without([*_of_names(found), *(order.spans if order else ())]))
    of_conditions = [(one.start, one.end) for one in conditions]
    spans = [*cues.spans, *of_conditions, *(order.spans if order else ())]
    figures = _figures(rest.without(of_conditions))
    return Selection(cues, conditions, order, figures=figures), spans


def _unread_amounts(found: Readings, spans: Sequence[Span]) -> bool:
    """Is there an amount that nothing has read? A list that passes it over would be of something else."""
    return any(not overlaps((amount.start, amount.end), spans) for amount in found.amounts)


def read_narrowing(message: str, asked_on: date, index: Index) -> Selection | None:
    """How a message changes a question about many that was asked before it, None where it is about something else.

    「そのうち産業振興は?」 → the area, 「上位3つだけ」 → the first three.
    """
    found = read(message, asked_on, index)
    selection, spans = _selection(found, found.shape)
    if _unread_amounts(found, spans):
        return None
    words = topical(weigh(found.sought, [*found.masked, *spans]))
    if words:
        scope = find_scope(words, index, named_area=True)
        if scope is None:
            return None
        areas, entries = scope
        topic = found.written[words[0].start : words[-1].end]
        without = _EXCEPT_AREA.match(found.text[words[-1].end :])
        return replace(selection, areas=areas, entries=entries, topic=topic, without_areas=bool(without))
    cues = selection.cues
    says = selection.narrows or selection.order or cues.counts or cues.strong or selection.figures
    return selection if says else None


def _scoped(found: Readings, selection: Selection, spans: Sequence[Span], words: Sequence) -> Selection | None:
    """The selection with the area, topic or indicators that its words name; None where they name one indicator alone,
    or nothing."""
    cues = selection.cues
    named_area = _AREA.search(found.text) is not None
    topic = found.written[words[0].start : words[-1].end]
    without = _EXCEPT_AREA.match(found.text[words[-1].end :]) is not None
    if areas := find_areas(words, found.index.areas, named=named_area):
        return replace(selection, areas=areas, topic=topic, without_areas=without)
    parts = find_asked(found, spans)
    single = [part.fitting[0] for part in parts if len(part.fitting) == 1]
    if len(parts) > 1 and len(single) == len(parts):
        return replace(selection, named=tuple(single))
    scope = find_scope(words, found.index, named_area=named_area)
    is_name = len(single) == 1 and single[0].match in (Match.EXACT, Match.ALIAS) and not single[0].unexplained
    if scope is None or (is_name and not (cues.strong and len(scope[1]) > 1)):
        return None
    areas, entries = scope
    if not (areas or cues.has_noun):
        return None
    return replace(selection, areas=areas, entries=entries, topic=topic, without_areas=without)


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


def _of_names(found: Readings) -> list[Span]:
    """Places of words that belong to the names of indicators, where no condition is read."""
    return [(mention.start, mention.end) for mention in found.mentions]


def _figures(shape: Shape) -> tuple[Figure, ...]:
    return tuple(figure for match in _F.finditer(shape.text) if (figure := figure_of(shape, match, "f")))


# 「98441目指してるのなに」, 「640人って何の目標」, 「36,000を目指してるのは」.
_REVERSE = re.compile(
    r"N(?=.*(?:何の|なんの|何を|なに|何(?:$|[?。、\s]|で|だ|か)|どれ|どの(?:指標|kpi|項目|目標)|どんな(?:指標|目標)|誰の))"
    r"|N(?:を|に|が|という)*(?:目指|目標(?:に|と)|掲げ|設定|T(?:に|と))[^?。]*(?:の|もの|指標|やつ)(?:は|って|$|\?)"
    r"|N(?:の|という|って)*(?:指標|kpi|目標値?|T)(?:は|って|を|$|\?|ある)"
)


def _reverse(found: Readings, shape: Shape) -> Query | None:
    """A figure whose indicator is asked for: 「640人って何の目標?」."""
    if not found.amounts or not _REVERSE.search(shape.text) or found.mentions:
        return None
    spans = [(amount.start, amount.end) for amount in found.amounts] + list(read_cues(shape).spans)
    words = topical(weigh(found.sought, [*found.masked, *spans]))
    if words:
        return None
    return _query(found, Intent.REVERSE, (Asked((), (), found.periods, found.measures),))


def _calculation(found: Readings, shape: Shape) -> Query | None:
    """「R4からR6で何%減る?」, 「AとBの差は?」."""
    calculation = read_calculation(shape, found.is_name)
    if calculation is None:
        return None
    asked = find_asked(found, [*calculation.spans, *((a.start, a.end) for a in found.amounts)])
    names_two = calculation.start is not None and calculation.end is not None
    if calculation.needs_two and not (names_two or len(asked) > 1 or not _names(asked)):
        return None
    return replace(_query(found, Intent.CALCULATION, asked), calculation=calculation)


def _names(asked: Sequence[Asked]) -> bool:
    return any(word.can_be_asked for one in asked for word in one.words)


_WHICH = re.compile(
    r"(?:どっち|どちら|どれ|いずれ)(?:の(?:ほう|方))?(?:が|は|の方が)?(?:、)?(?:P)?(?:T|A|目標)?(?:が|は)?(?P<key>多|高|大き|少な|低|小さ|伸び|増え|上|長)[いくるがりかっ]*"
)


def _comparison(found: Readings, shape: Shape) -> Query | None:
    """「RPAと議事録どっちが多い?」."""
    match = _WHICH.search(shape.text)
    if match is None:
        return None
    asked = find_asked(found, [shape.span(match)])
    if len(asked) < 2:
        return None
    return _query(found, Intent.COMPARISON, asked)


def _claim(found: Readings, shape: Shape) -> Query | None:
    """「R7で8割いく計画?」, 「減らすんだっけ?」."""
    claims = read_claims(shape.without(_of_names(found)))
    if not claims:
        return None
    asked = find_asked(found, [(one.start, one.end) for one in claims])
    return replace(_query(found, Intent.CLAIM, asked), claims=claims)


def _about(found: Readings, shape: Shape) -> Query | None:
    """「単位は?」, 「どの分野の指標?」, 「累計ってどういう意味?」."""
    facets = read_facets(shape)
    if not facets:
        return None
    asked = find_asked(found, [span for facet in facets for span in facet.spans])
    if not any(one.fitting for one in asked) and _names(asked) and facets[0].facet not in (Facet.MEANING, Facet.NOTE):
        return None
    return replace(_query(found, Intent.ABOUT, asked), facets=facets)
