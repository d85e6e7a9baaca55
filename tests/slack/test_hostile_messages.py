"""Messages of hostile names and words, and what buttons carry: Slack takes them, and nobody is mentioned by them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Computed, Kind, StatusOf, Text
from bot.channels.asked import Asked, Press
from bot.channels.slack.buttons import read_value, to_value
from bot.channels.slack.charts import chart_message
from bot.channels.slack.escape import cut
from bot.channels.slack.messages import answer_message, note_message, rest_message
from bot.chart import Counts, Course, Point
from data.facts import Direction, Fact, Indicator, Initiative, Listing, Measure, Plan
from data.fiscal_year import FiscalYear
from data.values import Cell
from tests.slack.rendered import buttons, check, shown

TODAY = date(2024, 11, 20)
FIXED = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
PLAN = Plan(1, "計画", "資料", (), FiscalYear(2022), FiscalYear(2025))


def _indicator(name: str, number: int = 1, area: str = "分野") -> Indicator:
    initiative = Initiative(number, PLAN, "章", area, "1(1)", name, 1)
    listing = Listing(number, initiative, 1, "", "")
    return Indicator(number, name, "%", None, None, (listing,), (), "")


def _fact(indicator: Indicator, raw: str, year: int = 2024) -> Fact:
    return Fact(indicator, Measure.TARGET, FiscalYear(year), Cell(raw, Decimal(1)), indicator.listings)


HOSTILE = [
    "<!channel>",
    "<!here|x> @channel @here @everyone",
    "<@U12345678> <#C123|x> <https://example.com|ここ>",
    "*太字* _斜体_ ~取消~ `符号` ```\n> 引用",
    "あ" * 3_000,
    "&" * 3_000,
    "か\u3099" * 2_000,
    "\u202e逆\u202c\u200f\u0000\u0007\x1b[31m",
    "\ud800",
    '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}',
    '","p":"indicator:1"}',
    "\n\n\r\n\t",
    "・",
    "1. ",
    "𩸽" * 3_000,
    ":smile: 10:30",
    "",
]
WORDS = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=200), st.text(alphabet="<>&!@#|*_~`か゛ﾊﾟ\u3099\u200d", max_size=80)
)


@st.composite
def _answers(draw: st.DrawFn) -> Answer:
    """Made-up answers: hostile words wherever the store or a user may put them."""
    count = draw(st.integers(0, 130))
    name, raw, word = draw(WORDS), draw(WORDS), draw(WORDS)
    indicators = tuple(_indicator(f"{name}{number}", number, f"{word}{number % 3}") for number in range(1, count + 1))
    facts = tuple(_fact(one, raw, 2022 + one.id % 4) for one in indicators)
    is_ranked = draw(st.booleans())
    return Answer(
        draw(st.sampled_from(Kind)),
        Text(
            draw(WORDS),
            draw(WORDS),
            tuple(draw(st.lists(WORDS, max_size=4))),
            draw(WORDS),
            draw(WORDS),
            tuple(draw(st.lists(WORDS, max_size=2))),
            tuple(f"・{one.name}  {raw}" for one in indicators),
        ),
        facts=facts,
        indicators=indicators,
        items=() if indicators else tuple(_indicator(name, n).listings[0].initiative for n in range(15)),
        choices=indicators[:6],
        computed=tuple(Computed("ratio", Decimal(2), "", word, (fact,)) for fact in facts[:20]),
        statuses=tuple(StatusOf(one, FiscalYear(2024), word) for one in indicators),
        ranks=tuple(range(1, count + 1)) if is_ranked else (),
        examples=tuple(draw(st.lists(WORDS, max_size=8))),
    )


def test_candidates_that_begin_alike_are_told_apart_by_their_number() -> None:
    one, other = (_indicator(f"{'とても長い名前の' * 12}{end}", number) for number, end in ((1, "甲"), (2, "乙")))
    answer = Answer(Kind.CHOOSE, Text("どちらの指標ですか。"), choices=(one, other))
    message = answer_message(answer, Asked("とても長い名前", TODAY))
    check(message)
    labels = list(buttons(message.forms[0]).values())
    assert [label[:2] for label in labels] == ["1.", "2."]
    assert all(label.endswith("…") and len(label) == 75 for label in labels)


@FIXED
@given(answer=_answers(), text=WORDS, title=WORDS, private=st.booleans())
def test_whatever_a_store_holds_slack_takes_it(answer: Answer, text: str, title: str, private: bool) -> None:
    asked = Asked(text, TODAY)
    check(answer_message(answer, asked, private=private, title=title))
    if rest := rest_message(answer, asked):
        check(rest)
    check(note_message(text))


@FIXED
@given(title=WORDS, unit=WORDS, raw=WORDS, years=st.lists(st.integers(1990, 2060), unique=True, max_size=30))
def test_whatever_is_drawn_slack_takes_it(title: str, unit: str, raw: str, years: list[int]) -> None:
    points = tuple(Point(FiscalYear(year), Decimal("1.10"), raw) for year in sorted(years))
    course = Course(
        title,
        unit,
        Direction.HIGHER,
        tuple(FiscalYear(year) for year in range(1989, 2062)),
        {Measure.BASELINE: (Point(None, Decimal(-3), raw),), Measure.TARGET: points},
    )
    check(chart_message(course).message)
    check(chart_message(Counts(title, ((raw, 3), (unit, 0)))).message)


@FIXED
@given(text=st.text(), picked=st.sampled_from(["", "indicator:12", "initiative:3"]))
def test_a_value_says_what_it_was_made_of(text: str, picked: str) -> None:
    value = to_value(Press(text, TODAY, picked))
    assert len(value) <= 2_000
    read = read_value(value)
    assert read
    assert (read.asked_on, read.picked) == (TODAY, picked)


@FIXED
@given(st.text())
def test_any_value_is_read_or_refused(value: str) -> None:
    read_value(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "null",
        "[]",
        "1",
        '"x"',
        "{}",
        '{"q":1,"d":"2024-11-20"}',
        '{"q":"x","d":"gestern"}',
        '{"q":"x","d":5}',
        "[" * 1_990,
    ],
)
def test_foreign_values_are_refused(value: str) -> None:
    assert read_value(value) is None


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("あいう", 3, "あいう"), ("あいうえ", 3, "あい…"), ("あか\u3099い", 3, "あ…"), ("葛\U000e0100飾区", 2, "…")],
)
def test_a_cut_keeps_letters_whole(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


def test_a_cut_text_says_so() -> None:
    answer = Answer(Kind.ANSWER, Text("長い答えです。", lines=("・" + "<あ>" * 900,) * 20))
    message = answer_message(answer, Asked("長い答え", TODAY))
    check(message)
    assert message.text.endswith("…\n長いため、ここまでを表示しています。")
    assert all("長いため、ここまでを表示しています。" in shown(form) for form in message.forms)
