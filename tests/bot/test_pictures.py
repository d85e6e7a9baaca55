"""Pictures of answers, really drawn: what is on them, that it can be read, and that no text becomes code."""

import json
import struct
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from time import perf_counter
from xml.etree import ElementTree

import pytest

from bot.answer_json import to_json
from bot.ask import Ask, open_door
from bot.channels.plot import plot
from bot.chart import Chart, Counts, Course, Point, alt_text
from bot.pictures import png, svg
from bot.question import Question
from bot.vega import label, specification, wrapped
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.facts import Direction, Measure
from data.fiscal_year import FiscalYear
from data.importers.grid import Grid, read_plan_grids
from data.importers.results import store_results
from data.importers.rows import ResultRow
from data.importers.writer import Details, store_plan
from data.store import Store

TODAY = date(2024, 11, 20)
HOSTILE = "{signal} datum['x'] <script>alert(1)</script> &amp; ${1+1} \u202e\x00逆 " + "長い名前" * 60
ROWS = [
    ["分野", "指標名", "単位", "基準値", "R4", "R5", "R6", "R7"],
    ["くらし", "灯油の使用量", "L", "40", "36", "32", "28", "24"],
    ["くらし", "渡し船の赤字額", "", "-200", "-150", "-100", "-50", "0"],
    ["くらし", "蛍の観測地点", "か所", "3【2月1日時点】", "/", "4以上", "", "ほぼ6"],
    ["しごと", "①講義の時間 ②企業の数", "", "", "①500 ②50", "①600 ②60", "①700 ②70", "①800 ②80"],
    ["しごと", "朝市の出店割合", "%", "90%", "90%", "90%", "90%", "90%"],
    ["しごと", "窓口の数", "", "5%", "3人", "4人", "5人", "6人"],
    ["しごと", HOSTILE, "件<b>", "1", "2", "datum.y", "4", "5"],
]
RESULTS = [
    ("灯油の使用量", "R4", "37", "R5.3月末時点"),
    ("灯油の使用量", "R5", "34", ""),
    ("灯油の使用量", "R6", "33", "R6.9月末時点"),
    ("渡し船の赤字額", "R4", "-210", ""),
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('pictures') / 'shirube.db'}")
    ensure_schema(engine)
    author = Author("test", datetime.now(UTC))
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([Grid("", ROWS)]), Details(title="村づくり計画"), author)
        rows = [ResultRow(line, name, "", *rest) for line, (name, *rest) in enumerate(RESULTS, 2)]
        store_results(connection, "default", rows, author)
    return open_door(Store(engine))


def _chart(ask: Ask, text: str) -> Chart:
    chart = ask(Question(text, TODAY)).chart
    assert chart is not None
    return chart


def _course(ask: Ask, text: str) -> Course:
    chart = _chart(ask, text)
    assert isinstance(chart, Course)
    return chart


def _made_up(*values: float, title: str = "指標", raw: str = "") -> Course:
    """Targets of these values from R4 on."""
    years = tuple(FiscalYear(2022 + at) for at in range(len(values)))
    points = tuple(
        Point(year, Decimal(str(value)), raw or str(value)) for year, value in zip(years, values, strict=True)
    )
    return Course(title, "", Direction.HIGHER, years, {Measure.TARGET: points})


def _texts(drawn: str) -> list[str]:
    """Every line of letters of an SVG, which must be well-formed, in the order in which they are drawn."""
    spans = "{http://www.w3.org/2000/svg}tspan", "{http://www.w3.org/2000/svg}text"
    return [one.text for one in ElementTree.fromstring(drawn).iter() if one.tag in spans and one.text]  # noqa: S314


def test_a_course_has_baseline_targets_and_results(ask: Ask) -> None:
    course = _course(ask, "灯油の使用量のR6の目標は?")
    assert (course.title, course.unit, course.direction) == ("灯油の使用量", "L", Direction.LOWER)
    assert [year.label for year in course.years] == ["R4", "R5", "R6", "R7"]
    assert {measure.value: [point.raw for point in points] for measure, points in course.series.items()} == {
        "baseline": ["40"],
        "target": ["36", "32", "28", "24"],
        "actual": ["37", "34", "33"],
    }
    # R4's is dated at the end of its year, R6 is not over.
    assert [point.interim for point in course.series[Measure.ACTUAL]] == [False, False, True]


def test_what_is_no_single_number_is_a_gap(ask: Ask) -> None:
    course = _course(ask, "蛍の観測地点の目標")
    assert [(p.year and p.year.label, p.raw) for p in course.series[Measure.TARGET]] == [
        ("R5", "4以上"),
        ("R7", "ほぼ6"),
    ]
    assert [year.label for year in course.years] == ["R4", "R5", "R6", "R7"]
    steps = specification(course)["layer"][1]["data"]["values"]
    assert [step["x"] for step in steps] == ["R5", "R7"]
    texts = _texts(svg(course))
    assert "【2月1日時点】" in texts
    assert {"4以上", "ほぼ6"} <= set(texts)


@pytest.mark.parametrize(
    "question",
    [
        "講義の時間と企業の数のR4は?",  # two measures in a cell
        "窓口の数 R5",  # units that share no axis
        "灯油の使用量と朝市の出店割合 R6",
        "明日の天気",
        "灯油の使用量のR20の目標",
    ],
)
def test_no_chart_where_none_suits(ask: Ask, question: str) -> None:
    answer = ask(Question(question, TODAY))
    assert answer.chart is None
    assert "chart" not in to_json(answer)


@pytest.mark.parametrize(
    "question", ["灯油の使用量の実績の推移", "灯油の使用量のR5の判定は?", "灯油の使用量はR4からR7で何%減る?"]
)
def test_every_answer_about_one_indicator_has_its_course_and_facts_of_its_own(ask: Ask, question: str) -> None:
    answer = ask(Question(question, TODAY))
    assert isinstance(answer.chart, Course)
    assert len(answer.facts) < sum(map(len, answer.chart.series.values()))


def test_a_summary_has_its_counts(ask: Ask) -> None:
    answer = ask(Question("全体のR5の達成状況をまとめて", TODAY))
    assert isinstance(answer.chart, Counts)
    assert dict(answer.chart.bars) == answer.status_counts
    texts = _texts(svg(answer.chart))
    assert [text for text in texts if text in answer.status_counts] == list(answer.status_counts)
    assert {f"{count}件" for count in answer.status_counts.values()} <= set(texts)


def test_the_json_holds_the_data_of_the_picture(ask: Ask) -> None:
    document = json.loads(json.dumps(to_json(ask(Question("渡し船の赤字額の目標", TODAY)))))["chart"]
    assert document["series"].pop("target")[0] == {"period": "R4", "value": -150, "raw": "-150", "interim": False}
    assert document == {
        "kind": "course",
        "title": "渡し船の赤字額",
        "unit": "",
        "direction": "higher",
        "periods": ["R4", "R5", "R6", "R7"],
        "series": {
            "baseline": [{"period": "", "value": -200, "raw": "-200", "interim": False}],
            "actual": [{"period": "R4", "value": -210, "raw": "-210", "interim": False}],
        },
    }


def test_a_picture_says_name_unit_direction_years_and_figures(ask: Ask) -> None:
    drawn = svg(_chart(ask, "灯油の使用量の目標"))
    texts = _texts(drawn)
    assert "灯油の使用量" in texts
    assert "単位: L　少ないほど良い指標です" in texts
    years = [text for text in texts if text in ("R4", "R5", "R6", "R7")]
    assert years == ["R4", "R5", "R6", "R7"]
    assert {"基準値", "目標値", "実績値", "実績値（途中経過）", "40", "36", "37", "34", "33", "24"} <= set(texts)
    assert drawn.count("<title>") == 1
    assert "目標値 R4 36、R5 32、R6 28、R7 24、実績値 R4 37、R5 34、R6 33（途中経過）" in drawn


def test_alternative_text(ask: Ask) -> None:
    assert alt_text(_chart(ask, "渡し船の赤字額の目標")) == (
        "渡し船の赤字額の推移。"
        "基準値 -200、目標値 R4 -150、R5 -100、R6 -50、R7 0、実績値 R4 -210。多いほど良い指標です。"
    )
    assert alt_text(Counts("計画全体", (("達成", 3), ("遅れ", 1)))) == "計画全体。達成 3件、遅れ 1件。"


def test_a_png_is_large_enough_for_a_phone(ask: Ask) -> None:
    picture = png(_chart(ask, "渡し船の赤字額の目標"))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert 1000 <= width <= 1600
    assert 600 <= height <= 1200


def test_marks_are_told_apart_without_colour(ask: Ask) -> None:
    (marks,) = [
        layer["encoding"]
        for layer in specification(_chart(ask, "灯油の使用量の目標"))["layer"]
        if layer["mark"]["type"] == "point"
    ]
    kinds = marks["shape"]["scale"]["domain"]
    assert kinds == ["基準値", "目標値", "実績値", "実績値（途中経過）"]
    looks = zip(marks["shape"]["scale"]["range"], marks["fill"]["scale"]["range"], strict=True)
    assert len(set(looks)) == len(kinds)


def test_japanese_letters_are_drawn_each_its_own() -> None:
    """Without a font that has them, every letter is the same empty box."""
    one, other, same = (png(_made_up(1, 2, title=letters)) for letters in ("標標標", "鷹鷹鷹", "標標標"))
    assert one == same
    assert one != other
    assert 'font-family="Noto Sans CJK JP"' in svg(_made_up(1, 2))


def test_hostile_names_are_drawn_and_never_run(ask: Ask) -> None:
    chart = _chart(ask, f"{HOSTILE[:60]} R4の目標は?")
    drawn = svg(chart)
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "\x00" not in drawn
    assert "\u202e" not in drawn
    texts = _texts(drawn)
    assert any(text.startswith("{signal} datum['x'] <script>") for text in texts)
    assert any("${1+1}" in text for text in texts)
    assert sum("長い名前" in text for text in texts) <= 3
    assert png(chart).startswith(b"\x89PNG")


def test_texts_stand_in_no_place_that_vega_runs() -> None:
    """A text of the plan is a data value or a title, never an expression, a signal, a field or an address."""
    words = "datum.y"
    course = replace(_made_up(1, 2, title=words, raw=words), unit=words)
    found: set[str] = set()

    def walk(value: object, path: tuple[str, ...]) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*path, key))
        elif isinstance(value, list):
            for inner in value:
                walk(inner, path)
        elif isinstance(value, str) and words in value:
            found.add("/".join(path))

    walk(specification(course), ())
    assert found == {"title/text", "title/subtitle", "layer/data/values/text"}
    assert _texts(svg(course)).count(words) >= 3


@pytest.mark.parametrize("values", [(0, 0), (5, 5), (-3, -3), (10**14, 10**14 + 1), (-1, 1)])
def test_any_range_of_figures_is_drawn(values: tuple[int, int]) -> None:
    course = _made_up(*values)
    assert {f"{value}" for value in values} <= set(_texts(svg(course)))
    assert "R4" in plot(course, 80)


def test_whole_numbers_have_whole_ticks_and_myriads_theirs() -> None:
    assert "0.5" not in _texts(svg(_made_up(1, 1, 1)))
    assert {"10万", "6万"} <= set(_texts(svg(_made_up(100_000, 100_000, raw="十万（10万人）"))))


def test_long_names_are_wrapped_by_columns() -> None:
    assert wrapped("あいうえおABC", 6, 9) == ["あいう", "えおAB", "C"]
    assert wrapped("あいうえおかきく", 6, 2) == ["あいう", "えお…"]
    assert wrapped("", 6, 2) == [""]
    assert label("-198 (R3.4～ R3.12)") == ["-198", "(R3.4～ R3.12)"]


def test_a_warm_picture_does_not_hang(ask: Ask) -> None:
    """A guard only; `make bench` measures."""
    chart = _chart(ask, "灯油の使用量の目標")
    png(chart)
    started = perf_counter()
    png(chart)
    assert perf_counter() - started < 2


def test_a_plot_in_letters_has_columns_that_meet(ask: Ask) -> None:
    lines = plot(_chart(ask, "灯油の使用量の目標"), 72).splitlines()
    assert lines[:2] == ["灯油の使用量", "単位はL、少ないほど良い指標です"]
    canvas = lines[2:18]
    assert all(line.isascii() and len(line) <= 72 for line in canvas)
    assert canvas[-1].split() == ["R4", "R5", "R6", "R7"]
    assert canvas[1].startswith("40+-")
    assert [sum(line.count(sign) for line in canvas) for sign in "*o"] == [2, 1]
    assert lines[-4:] == [
        "  - 基準値: 40",
        "  = 目標値: R4 36、R5 32、R6 28、R7 24",
        "  * 実績値: R4 37、R5 34、R6 33（途中経過）",
        "  o 途中経過",
    ]


def test_counts_in_letters() -> None:
    counts = Counts("計画全体", (("達成", 20), ("実績未登録", 1), ("後退", 0)))
    title, *lines = plot(counts, 60).splitlines()
    assert title == "計画全体"
    assert lines == [f"達成       {'#' * 40} 20件", "実績未登録 ## 1件", "後退        0件"]


def test_control_letters_do_not_reach_the_terminal() -> None:
    course = _made_up(1, 2, title="赤\x1b[31m字", raw="1\x1b[2J")
    assert "\x1b" not in plot(course, 80)
