"""From a message to a Query: what stands in it is read first, then which kind of question it is, then what it names."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from nlp.asked import Asked, find_asked
from nlp.calculations import read_calculation
from nlp.claims import read_claims
from nlp.concepts import is_kind_of_figure
from nlp.conditions import read_conditions
from nlp.criteria import Compared, Comparison
from nlp.cues import Cues, read_cues
from nlp.facets import is_of_plan, read_facets
from nlp.histories import read_history
from nlp.index import Index
from nlp.indicators import Candidate
from nlp.intents import Intent, read_intent
from nlp.judgements import read_judgement
from nlp.many import read_narrowing, read_selection
from nlp.mentions import Match
from nlp.operands import Figure, Operation
from nlp.orders import read_order
from nlp.pieces import Span, overlaps
from nlp.query import Held, Query
from nlp.readings import Readings, read
from nlp.scales import read_scale
from nlp.scopes import LETTERS
from nlp.selection import Selection
from nlp.shape import Shape
from nlp.summaries import read_summary
from nlp.topics import topical
from nlp.unread import tells_how
from nlp.words import weigh


def parse(message: str, asked_on: date, index: Index) -> Query:
    """Reads a message as typed; never raises. 「<@U1> ﾏｲﾅｶｰﾄﾞ Ｒ６🙏」 → lookup, R6, マイナカード."""
    found = read(message, asked_on, index)
    intent = _intent(found)
    if intent not in (Intent.HELP, Intent.THANKS, Intent.WRONG):
        shape = found.shape
        for kind in (_summary, _many, _history, _reverse, _calculation, _comparison, _status, _claim, _about):
            if query := kind(found, shape):
                return query
        if _is_passed_over(found, shape):
            intent = Intent.OTHER
    asked = find_asked(found)
    if not any(one.fitting for one in asked) and (lead := _lead(found)):
        asked = find_asked(found, [lead])
    query = _query(found, intent, asked)
    if intent is Intent.OTHER or not any(one.fitting for one in query.asked):
        query = replace(query, asks_many=_asks_many(found.shape.without(_of_names(found))))
    return query


# 「進捗会議の資料を作ってます。」, 「遅れを取り戻したいので、」: why somebody asks.
_LEAD = re.compile(
    r"[^?]{2,40}?(?:。|(?:ので|んで|から|ため|ために|けど|けれど|ですが|ますが|まして|すみません|ごめん|用に|ように)、?)(?=.)"
)


def _lead(found: Readings) -> Span | None:
    """What stands before the one name in a message, ends by itself and names nothing."""
    names = [mention for mention in found.mentions if mention.match in (Match.EXACT, Match.ALIAS)]
    match = _LEAD.match(found.text)
    while match and names and (following := _LEAD.match(found.text, match.end())) and following.end() <= names[0].start:
        match = following
    is_before = bool(match and names) and all(match.end() <= name.start for name in names if match)
    return (0, match.end()) if match and is_before and (found.periods or found.measures) else None


def _intent(found: Readings) -> Intent:
    tokens = found.tokens
    if found.whole:
        name = (found.whole.start, found.whole.end)
        tokens = tuple(token for token in tokens if not overlaps((token.start, token.end), [name]))
    return read_intent(found.beside, tokens)


def _asks_many(shape: Shape) -> bool:
    cues = read_cues(shape)
    return cues.has_noun and (cues.strong or cues.counts or bool(read_order(shape) or read_conditions(shape)))


# 「利用率が80%以上の市町村は?」, 「教育分野の平均は?」: a figure of the indicator alone would answer another question.
_OF_THESE = re.compile(r"の(?!指標|kpi|目標|実績|値|数字|割合|率)[一-鿿ァ-ヺー]{2,8}(?:は|って|を|が|の|$|[?。])")


# 「実績が一つもない指標」: an indicator that is merely like the words is none of these.
_OF_SUCH = re.compile("(?:ない|なかった|達成した|届いた|超えた)(?:指標|kpi)(?:を|は|って|$|[?。])")
_OF_AREA = re.compile("[一-鿿ァ-ヺー]分野の(?!指標|kpi)")
_IN_ORDER = re.compile("順(?:に|で|番)|ワースト|上位[0-9]|下位[0-9]|トップ[0-9]")


def _is_passed_over(found: Readings, shape: Shape) -> bool:
    """Does the message set a limit, or ask for an order, that no kind of question has taken up?"""
    if _IN_ORDER.search(found.beside) or _OF_SUCH.search(found.beside):
        return True
    if tells_how(found) or any(LETTERS.match(found.text, end) for (_, end), _ in found.numbers):
        return True
    # 「教育分野の平均は?」: an indicator that is merely like 「教育」 has another.
    if _OF_AREA.search(found.beside) and not found.mentions:
        return True
    for one in read_conditions(shape.without(_of_names(found))):
        is_limit = isinstance(one.tests[0], Compared) and one.tests[0].comparison is not Comparison.EQUAL
        if is_limit and _OF_THESE.match(found.text, one.end - 1 if found.text[one.end - 1] == "の" else one.end):
            return True
    return False


def _query(found: Readings, intent: Intent, asked: tuple[Asked, ...]) -> Query:
    return Query(found.text, found.written, intent, asked, found.followup, amounts=found.amounts)


def _many(found: Readings, shape: Shape) -> Query | None:
    """A question about many indicators: 「産業振興のKPI一覧」, 「%の指標は何件」, 「伸び率の高い順に3つ」."""
    selection = read_selection(found, shape)
    if selection is None:
        return None
    # 「KPIはR5でいくつ?」 asks for the figures, 「KPIはいくつ?」 for their number.
    asks_figures = bool(selection.figures) and not selection.conditions and not selection.cues.counts_things
    counts = selection.cues.counts and not asks_figures
    intent = Intent.RANKING if selection.order else Intent.COUNT if counts else Intent.LIST
    asked = Asked((), (), found.periods, found.measures)
    return replace(_query(found, intent, (asked,)), selection=selection)


def parse_narrowing(message: str, asked_on: date, index: Index) -> Selection | None:
    """How a message changes a question about many that was asked before it (nlp/selection.py)."""
    found = read(message, asked_on, index)
    return read_narrowing(found, found.shape)


def _of_names(found: Readings) -> list[Span]:
    """Places of words that belong to the names of indicators, where no claim is read."""
    return [(mention.start, mention.end) for mention in found.mentions]


# 「98441目指してるのなに」, 「640人って何の目標」, 「36,000を目指してるのは」.
_REVERSE = re.compile(
    r"N(?=.*(?:何の|なんの|何を|なに|なん(?:だ|です|でし)|何(?:$|[?。、\s]|で|だ|か)|どれ|どの(?:指標|kpi|項目|目標|T)|どんな(?:指標|目標|T)|どこの(?:指標|kpi|目標|数字|T)))"
    r"|N(?:を|に|が|という)*(?:目指|目標(?:に|と)|掲げ|設定|T(?:に|と))[^?。]*(?:の|もの|指標|やつ)(?:は|って|$|\?)"
    r"|N(?:の|という|って)*(?:指標|kpi|目標値?|T)(?:は|って|を|$|\?|が?ある)"
)


def _reverse(found: Readings, shape: Shape) -> Query | None:
    """A figure whose indicator is asked for: 「640人って何の目標?」."""
    if not found.amounts or not _REVERSE.search(shape.text) or found.mentions:
        return None
    spans = [(amount.start, amount.end) for amount in found.amounts] + list(read_cues(shape).spans)
    words = [
        w
        for w in topical(weigh(found.sought, [*found.masked, *spans]))
        if w.can_be_asked and not is_kind_of_figure(w.token)
    ]
    if words:
        return None
    return _query(found, Intent.REVERSE, (Asked((), (), found.periods, found.measures),))


def _calculation(found: Readings, shape: Shape) -> Query | None:
    """「R4からR6で何%減る?」, 「AとBの差は?」."""
    calculation = read_calculation(shape, found.is_name)
    if calculation is None or _is_passed_over(found, shape):
        return None
    asked = find_asked(found, [*calculation.spans, *((a.start, a.end) for a in found.amounts)])
    if calculation.operation is Operation.GROWTH_RATE and any(
        _is_rate_itself(found, c) for a in asked for c in a.fitting
    ):
        return None
    names_two = calculation.start is not None and calculation.end is not None
    if calculation.needs_two and not (names_two or len(asked) > 1 or not _names(asked)):
        return None
    return replace(_query(found, Intent.CALCULATION, asked), calculation=calculation)


def _is_rate_itself(found: Readings, candidate: Candidate) -> bool:
    """Does the indicator count a rate of change itself: 「売上増加率」?"""
    return re.search("増加率|伸ビ率|減少率|成長率|増減率|削減率", found.index.names_of(candidate.entry)) is not None


def _names(asked: Sequence[Asked]) -> bool:
    return any(word.can_be_asked for one in asked for word in one.words)


_MORE = r"(?P<more>多|高|大き|上(?!位)|長|伸び|増え)"
_FEWER = r"(?P<fewer>少な|低|小さ|下(?!位)|短)"
_WHICH = re.compile(
    rf"(?:どっち|どちら|どれ|いずれ)(?:の(?:ほう|方))?(?:が|は|の方が)?(?:、)?P?(?:T|A)?(?:が|は)?(?:{_MORE}|{_FEWER})[いくるがりかっなのですか]*"
)
# 「AはBより多い?」: the one before より is what the other is held against.
_THAN = re.compile(rf"より(?:も)?(?:、)?(?:[^。、]{{0,12}}?)(?:{_MORE}|{_FEWER})[いくるがりかっなのですか]*")


def _comparison(found: Readings, shape: Shape) -> Query | None:
    """「RPAと議事録どっちが多い?」, 「RPAは議事録より多い?」."""
    match = _WHICH.search(shape.text) or _THAN.search(shape.text)
    if match is None or found.amounts:
        return None
    than = match.re is _THAN
    start, end = shape.span(match)
    asked = find_asked(found, [(start, start + 2), (end - 1, end)] if than else [(start, end)], against=than)
    if any(not one.fitting for one in asked):
        return None
    if len(asked) == 1:  # 「議事録とどっちが多い?」: the other one may come from the thread
        is_beside = not than and shape.text[: match.start()].endswith("と")
        return _query(found, Intent.COMPARISON, asked) if is_beside else None
    held = None
    if than:
        behind = max(
            (one for one in asked if one.words and one.words[0].start < start), key=_last_word, default=asked[-1]
        )
        held = Held(more=match["more"] is not None, against=asked.index(behind))
    return replace(_query(found, Intent.COMPARISON, asked), held=held)


def _last_word(asked: Asked) -> int:
    return asked.words[-1].end


def _claim(found: Readings, shape: Shape) -> Query | None:
    """「R7で8割いく計画?」, 「減らすんだっけ?」."""
    claims = read_claims(shape.without(_of_names(found)), found.tokens)
    if not claims:
        return None
    # 「累計で16になる?」: the number beside the figure is meant.
    if "累計" in shape.without(_of_names(found)).text:
        return None
    # 「毎年5ポイントずつ増える?」: an amount that is passed over would make another claim of it.
    of_claims = [(one.start, one.end) for one in claims]
    if any(not overlaps((amount.start, amount.end), of_claims) for amount in found.amounts):
        return None
    last = max(one.end for one in claims)
    asked = find_asked(found, [*of_claims, (last, len(found.text))])
    return replace(_query(found, Intent.CLAIM, asked), claims=claims)


def _summary(found: Readings, shape: Shape) -> Query | None:
    """「産業振興のR5の状況を判定別の件数で」."""
    selection = read_summary(found, shape.without(_of_names(found)))
    if selection is None:
        return None
    asked = Asked((), (), found.periods, found.measures)
    return replace(_query(found, Intent.SUMMARY, (asked,)), selection=selection)


def _history(found: Readings, shape: Shape) -> Query | None:
    """「目標はいつ変わった?」."""
    span = read_history(shape.without(_of_names(found)))
    if span is None:
        return None
    asked = find_asked(found, [span])
    if any(not one.fitting for one in asked) and _names(asked):
        return None
    return _query(found, Intent.HISTORY, asked)


def _status(found: Readings, shape: Shape) -> Query | None:
    """「R5の判定は?」, 「目標に対して順調ですか」, 「独法方式だと?」."""
    own = shape.without(_of_names(found))
    span, scale = read_judgement(own), read_scale(own)
    spans = [*([span] if span else []), *([scale[1]] if scale else [])]
    if not spans:
        return None
    asked = find_asked(found, spans)
    if any(not one.fitting for one in asked) and (_names(asked) or _says_more(found, spans)):
        return None
    figures = tuple(Figure(None, reading.period) for reading in found.periods[-1:])
    whole = None if any(one.fitting for one in asked) else Selection(Cues(), figures=figures)
    return replace(_query(found, Intent.STATUS, asked), selection=whole, scale=scale[0] if scale else "")


def _says_more(found: Readings, spans: Sequence[Span]) -> bool:
    """Does a word beside these spans say of what: 「国の目標の達成状況」?"""
    signs = list(found.text)
    for start, end in (*spans, *found.masked):
        signs[start:end] = " " * (end - start)
    return _WORD.search(_ASKING.sub("", "".join(signs))) is not None


_ASKING = re.compile("教え|見せ|知り|出し|お?願い|下さい|現在|今")


_WORD = re.compile("[一-鿿ァ-ヺa-z0-9]")


def _about(found: Readings, shape: Shape) -> Query | None:
    """「単位は?」, 「どの分野の指標?」, 「累計ってどういう意味?」."""
    facets = read_facets(shape, found.text)
    if not facets or _is_passed_over(found, shape):
        return None
    asked = find_asked(found, [span for facet in facets for span in facet.spans])
    if len(asked) > 1:
        return None
    if not any(one.fitting for one in asked) and _names(asked) and not is_of_plan(found.text, facets[0].facet):
        return None
    return replace(_query(found, Intent.ABOUT, asked), facets=facets)
