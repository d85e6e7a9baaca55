"""Cards of hostile names and words, and what buttons carry: Teams takes them, none of it is markup or a mention."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Computed, Kind, StatusOf, Text
from bot.channels.asked import Asked, Press
from bot.channels.teams.buttons import ACTS, DATA, PAGE, Action, read_action, to_data
from bot.channels.teams.cards import answer_reply, chart_reply, digest_reply, insert_card, note_reply, preview
from bot.channels.teams.elements import CUT, TITLE
from bot.channels.teams.escape import JOINER, message, words
from bot.chart import Chart, Counts, Course, Point
from data.facts import Direction, Fact, Indicator, Initiative, Listing, Measure, Plan
from data.fiscal_year import FiscalYear
from data.values import Cell
from tests.teams.elements import actions, size, texts
from tests.teams.rendered import check, check_card, labels

TODAY = date(2024, 11, 20)
FIXED = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
PLAN = Plan(1, "計画", "資料", (), FiscalYear(2022), FiscalYear(2025))


def _indicator(name: str, number: int = 1, area: str = "分野") -> Indicator:
    initiative = Initiative(number, PLAN, "章", area, "1(1)", name, 1)
    return Indicator(number, name, "%", None, None, (Listing(number, initiative, 1, "", ""),), (), "")


def _fact(indicator: Indicator, raw: str, year: int = 2024, measure: Measure = Measure.TARGET) -> Fact:
    return Fact(indicator, measure, FiscalYear(year), Cell(raw, Decimal(1)), indicator.listings)


HOSTILE = [
    "<at>全員</at> @channel @everyone",
    "<script>alert(1)</script><img src=x onerror=y>",
    "&lt;at&gt;x&lt;/at&gt; &#60; &amp;amp;",
    "[ここ](https://example.com) <https://example.com> www.example.com javascript://x",
    "![絵](https://example.com/x.png)",
    "**太字** _斜体_ `符号` ```\n# 見出し\n- 一\n1. 二\n> 引用",
    "{{DATE(2017-02-14T06:00:00Z, SHORT)}} ${x} {{TIME(2017-02-14T06:00:00Z)}}",
    '<speak version="1.0"><audio src="https://example.com/x.mp3"/></speak>',
    "あ" * 3_000,
    "&" * 3_000,
    '"\\' * 2_000,
    "か\u3099" * 2_000,
    "\u202e逆\u202c\u200f\u0000\u0007\x1b[31m",
    "\ud800",
    "\u2060<\u2060b",
    "\n\n\r\n\t",
    "・",
    "1. ",
    "𩸽" * 3_000,
    "[1][2][3]",
    "",
]
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=200),
    st.text(alphabet="<>&;!@#|*_~`[](){}:/wか゛ﾊﾟ\u3099\u200d", max_size=80),
)


@st.composite
def _answers(draw: st.DrawFn) -> Answer:
    """Made-up answers: hostile words wherever the store or a user may put them."""
    name, raw, word = draw(WORDS), draw(WORDS), draw(WORDS)
    # More than three pages are as hostile as thirty, and a list of names as long as books takes its time.
    count = draw(st.integers(0, 130 if len(name + raw + word) < 1_000 else 31))
    indicators = tuple(_indicator(f"{name}{number}", number, f"{word}{number % 3}") for number in range(1, count + 1))
    facts = tuple(_fact(one, raw, 2022 + one.id % 4) for one in indicators)
    rows = [row for one in indicators for row in ([f"{word}（3件）"] if one.id % 7 == 1 else [])]
    rows += [f"・{one.name}  {raw}" for one in indicators]
    sources = [f"出典（{count}か所に載っています）:", *(f"・{one.name}" for one in indicators[:20])]
    return Answer(
        draw(st.sampled_from(Kind)),
        Text(
            draw(WORDS),
            draw(WORDS),
            tuple(draw(st.lists(WORDS, max_size=6))),
            draw(WORDS),
            draw(st.sampled_from([draw(WORDS), "\n".join(sources)])),
            tuple(draw(st.lists(WORDS, max_size=2))),
            tuple(rows),
        ),
        facts=facts,
        indicators=indicators,
        choices=indicators[:6],
        computed=tuple(Computed("ratio", Decimal(2), "", word, (fact,)) for fact in facts[:20]),
        statuses=tuple(StatusOf(one, FiscalYear(2024), word) for one in indicators),
        chart=draw(st.one_of(st.none(), st.just(Counts(word, ((raw, 3), (name, 0)))))),
        examples=tuple(draw(st.lists(WORDS, max_size=8))),
    )


@FIXED
@given(answer=_answers(), text=WORDS, page=st.integers(-3, 20), repeatable=st.booleans())
def test_whatever_a_store_holds_teams_takes_it(answer: Answer, text: str, page: int, repeatable: bool) -> None:
    asked = Asked(text, TODAY, repeatable=repeatable)
    back = Action("back", Press(text[:50], TODAY, "indicator:1"), 3)
    check(answer_reply(answer, asked, page, back))
    check(digest_reply(answer, TODAY, "https://example.lg.jp/"))
    check(note_reply(text))
    check_card(insert_card(answer, TODAY))
    title, _ = preview(answer)
    assert title.strip()
    if drawn := chart_reply(answer, back):
        check(drawn)


@FIXED
@given(title=WORDS, unit=WORDS, raw=WORDS, years=st.lists(st.integers(1990, 2060), unique=True, max_size=30))
def test_whatever_is_drawn_teams_takes_it(title: str, unit: str, raw: str, years: list[int]) -> None:
    points = tuple(Point(FiscalYear(year), Decimal("1.10"), raw) for year in sorted(years))
    charts: list[Chart] = [Counts(title, ((raw, 3), (unit, 0)))]
    for first, last in ((1989, 2061), (2020, 2026)):
        span = tuple(FiscalYear(year) for year in range(first, last + 1))
        series = {
            Measure.BASELINE: (Point(None, Decimal(-3), raw),),
            Measure.TARGET: tuple(point for point in points if point.year in span),
            Measure.ACTUAL: (Point(FiscalYear(2023), Decimal("1e999"), raw, True),),
        }
        charts.append(Course(title, unit, Direction.HIGHER, span, series))
    for chart in charts:
        reply = chart_reply(Answer(Kind.ANSWER, Text(title, sources=f"出典: {unit}"), chart=chart), None)
        assert reply
        check(reply)


@FIXED
@given(raw=WORDS, name=WORDS, most=st.integers(3, 70))
def test_a_course_of_any_length_fits(raw: str, name: str, most: int) -> None:
    one = _indicator(name)
    facts = tuple(_fact(one, raw, 1990 + number, m) for number in range(most) for m in (Measure.TARGET, Measure.ACTUAL))
    line = " → ".join(f"{fact.fiscal_year.label} {raw}" for fact in facts if fact.fiscal_year)
    answer = Answer(Kind.ANSWER, Text(f"{name}の目標値です。", lines=(line,)), facts=facts, indicators=(one,))
    check(answer_reply(answer, Asked("x", TODAY)))


@FIXED
@given(
    text=st.text(max_size=150), picked=st.sampled_from(["", "indicator:12", "initiative:3"]), page=st.integers(0, 99)
)
def test_data_say_what_they_were_made_of(text: str, picked: str, page: int) -> None:
    press = Press(text, TODAY, picked)
    data = to_data(Action(PAGE, press, page, Press("前の質問", TODAY)))
    assert size(data) <= DATA
    if data:
        read = read_action(PAGE, data)
        assert read
        assert (read.press.asked_on, read.press.picked, read.page) == (TODAY, picked, page)
        assert read.back == Press("前の質問", TODAY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@FIXED
@given(
    verb=JSON | st.sampled_from(sorted(ACTS)),
    data=JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(["act", "q", "d", "p", "n", "b", "bq"], JSON)),
)
def test_any_data_are_read_or_refused(verb: object, data: object) -> None:
    read_action(verb, data)


GOOD = {"act": "pick", "q": "x", "d": "2024-11-20"}


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("pick", None),
        ("pick", []),
        ("pick", {}),
        ("years", GOOD),
        ("drop", {**GOOD, "act": "drop"}),
        ("pick", {**GOOD, "q": 1}),
        ("pick", {**GOOD, "q": "長" * 701}),
        ("pick", {**GOOD, "d": "gestern"}),
        ("pick", {**GOOD, "d": 5}),
        ("pick", {**GOOD, "d": "0001-01-01"}),
        ("pick", {**GOOD, "p": "indicator:x"}),
        ("pick", {**GOOD, "p": "indicator:1\n"}),
        ("pick", {**GOOD, "p": ["indicator:1"]}),
        ("pick", {**GOOD, "n": -1}),
        ("pick", {**GOOD, "n": True}),
        ("pick", {**GOOD, "n": 10**9}),
        ("pick", {**GOOD, "n": "1"}),
        ("pick", {**GOOD, "b": 3}),
        ("pick", {**GOOD, "b": "", "bq": None}),
        (["pick"], GOOD),
    ],
)
def test_foreign_data_are_refused(verb: object, data: object) -> None:
    assert read_action("pick", GOOD) == Action("pick", Press("x", TODAY))
    assert read_action(verb, data) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<at>田中</at>", "<|at>田中<|/at>"),
        ("[x](https://e.jp)", "[x]|(https:|//e.jp)"),
        ("&lt;b&gt; R&D", "&|lt;b&|gt; R&D"),
        ("{{DATE(x)}}", "{|{DATE(x)}}"),
        ("www.e.jp", "www|.e.jp"),
        ("3 < 5、**太字**、A&B", "3 < 5、**太字**、A&B"),
    ],
)
def test_what_could_be_read_as_markup_is_parted(text: str, expected: str) -> None:
    assert words(text, 100).replace(JOINER, "|") == expected


def test_a_cut_text_says_so() -> None:
    answer = Answer(Kind.ANSWER, Text("長い答えです。", lines=("・" + "<あ>" * 900,) * 200))
    reply = answer_reply(answer, Asked("長い答え", TODAY))
    check(reply)
    assert reply.text.endswith(CUT)
    assert reply.card
    assert CUT in texts(reply.card)
    assert message("い\n" * 50, 20, CUT).endswith(CUT)


def test_value_receipt_and_source_are_never_dropped() -> None:
    text = Text("述" * 500, "値" * 100, ("行" * 390,) * 100, "読み取り: " + "読" * 500, "出典: " + "典" * 500)
    reply = answer_reply(Answer(Kind.ANSWER, text), Asked("長" * 200, TODAY))
    check(reply)
    assert reply.card
    said = texts(reply.card)
    for part in (text.lead, text.statement, text.receipt, text.sources):
        assert part in said


def test_candidates_that_begin_alike_are_told_apart_by_their_number() -> None:
    one, other = (_indicator(f"{'とても長い名前の' * 12}{end}", number) for number, end in ((1, "甲"), (2, "乙")))
    reply = answer_reply(
        Answer(Kind.CHOOSE, Text("どちらの指標ですか。"), choices=(one, other)), Asked("長い名前", TODAY)
    )
    check(reply)
    assert reply.card
    assert [label[:2] for label in labels(reply.card)] == ["1.", "2."]
    assert all(len(one["title"]) == TITLE for one in actions(reply.card))
