"""Published statuses (公表判定) are words beside the figures: no answer takes one for a number or a target."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.answer_json import to_json
from bot.ask import Ask, open_door
from bot.figures import rows_of
from bot.paper import Scope, write_paper
from bot.question import Question
from bot.scorecard import scorecard
from data.changes import Author
from data.engine import ensure_schema, open_engine, writing
from data.importers.grid import read_plan_grids
from data.importers.result_grid import read_result_grids
from data.importers.results import store_results
from data.importers.writer import Details, store_plan
from data.store import Store
from tests.data.stores import R4, R5, grid

TODAY = date(2024, 11, 20)
PLAN = (
    "分野 | 項目 | 指標名 | 単位 | 基準値 | R4 | R5",
    "A | 甲 | 植樹の面積 | ha | 10 | 20 | 30",
    "A | 乙 | 灯油の使用量 | | 40 | 36 | /",
)
RESULTS = ("指標名 | 年度 | 実績値", "植樹の面積 | R4 | 21", "灯油の使用量 | R5 | 34")
PUBLISHED = ("指標名 | 年度 | 公表判定", "植樹の面積 | R4 | 30", "植樹の面積 | R5 | 90%", "灯油の使用量 | R5 | 36以上")
QUESTIONS = (
    "植樹の面積の実績は?",
    "植樹の面積のR5の実績",
    "植樹の面積の目標",
    "植樹の面積の基準値",
    "灯油の使用量のR5の目標",
    "R5の実績が登録されている指標",
    "R5の判定が「実績未登録」の指標",
    "30は何の目標?",
    "90%って何の数字?",
    "表に「以上」と書かれた指標",
    "植樹の面積の単位は?",
    "植樹の面積はR5で3割いく計画?",
    "植樹の面積は基準値からR5で何倍?",
    "「以上」って何?",
    "全体の達成状況をまとめて",
)


def _store(path: Path, *files: tuple[str, ...]) -> Store:
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    author = Author("test", datetime(2024, 11, 20, tzinfo=UTC))
    with writing(engine) as connection:
        store_plan(connection, "default", read_plan_grids([grid(*PLAN)]), Details(title="村づくり計画"), author)
        for lines in files:
            store_results(connection, "default", read_result_grids([grid(*lines)]), author)
    return Store(engine)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ask, Ask]:
    """Without published statuses, and with them."""
    folder = tmp_path_factory.mktemp("published")
    plain, published = _store(folder / "plain.db", RESULTS), _store(folder / "published.db", RESULTS, PUBLISHED)
    return open_door(plain), open_door(published)


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_stay_as_they_are(doors: tuple[Ask, Ask], question: str) -> None:
    without, with_them = (to_json(ask(Question(question, TODAY))) for ask in doors)
    assert with_them | {"elapsed_ms": 0} == without | {"elapsed_ms": 0}


def test_a_status_tells_the_published_one_apart(doors: tuple[Ask, Ask]) -> None:
    without, with_them = (ask(Question("植樹の面積のR4の判定は?", TODAY)) for ask in doors)
    assert with_them.text.lead == without.text.lead == "達成"
    assert set(with_them.text.lines) - set(without.text.lines) == {
        "公表されている判定: 「30」（上の判定は計算による参考判定です）"
    }
    assert with_them.statuses == without.statuses


def test_a_row_keeps_them_apart(tmp_path: Path) -> None:
    store = _store(tmp_path / "shirube.db", RESULTS, PUBLISHED)
    indicators = store.catalogue("default").indicators
    row = rows_of(indicators, store.facts(indicators))[0]
    assert {year: fact.cell.raw for year, fact in row.published.items()} == {R4: "30", R5: "90%"}
    assert {fact.cell.raw for fact in row.facts.values()} == {"10", "20", "30", "21"}


def test_the_workbook_has_them_beside_the_status(tmp_path: Path) -> None:
    store = _store(tmp_path / "shirube.db", RESULTS, PUBLISHED)
    catalogue = store.catalogue("default")
    card = scorecard(rows_of(catalogue.indicators, store.facts(catalogue.indicators)), TODAY, R4)
    sheet = load_workbook(BytesIO(write_paper(card, Scope(catalogue.plans), TODAY)))["一覧"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in table if "指標" in row)
    (listed,) = (row for row in table if "植樹の面積" in row)
    assert (listed[header.index("判定")], listed[header.index("公表判定")]) == ("達成", "30")


def test_a_result_on_another_scale_than_its_target_writes_its_own_unit(tmp_path: Path) -> None:
    store = _store(tmp_path / "shirube.db")
    author = Author("test", datetime(2024, 11, 20, tzinfo=UTC))
    plan = read_plan_grids([grid("指標名 | 単位 | R4", "朝市の来場者 | 万人 | 0.1")])
    results = read_result_grids([grid("指標名 | 年度 | 実績値", "朝市の来場者 | R4 | 1,200人")])
    with writing(store.engine) as connection:
        store_plan(connection, "default", plan, Details(title="朝市計画"), author)
        store_results(connection, "default", results, author)
    ask = open_door(store)
    answer = ask(Question("朝市の来場者のR4の実績は?", TODAY))
    assert answer.text.lead == "1,200人"
    assert "万人" not in answer.text.plain()
    assert [one.status for one in ask(Question("朝市の来場者のR4の判定は?", TODAY)).statuses] == ["達成"]
