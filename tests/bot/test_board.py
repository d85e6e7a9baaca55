"""The board of one plan: what a filter leaves and says, how statuses are drawn, and the page of an indicator."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from bot.board import (
    PAGE,
    Board,
    board_of,
    chosen_plan,
    chosen_year,
    examples,
    on_page,
    pages,
    read_filter,
    targets_by_area,
    years_of,
)
from bot.board_filter import Filter, Order
from bot.figures import Row, rows_of
from bot.indicator_view import IndicatorView, indicator_view
from bot.marks import NO_STATUS, bars, level_of, mark_of
from data.fiscal_year import FiscalYear
from data.scales import SCALES, Scale
from data.store import Store
from tests.bot.village import TODAY, village

R4, R5, R6, R7 = (FiscalYear(year) for year in (2022, 2023, 2024, 2025))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    store = village(tmp_path_factory.mktemp("board") / "village.db")
    indicators = store.catalogue("default").indicators
    return rows_of(indicators, store.facts(indicators))


def _board(rows: list[Row], year: FiscalYear | None = None) -> Board:
    return board_of(rows[0].indicator.plan, rows, TODAY, year)


def _read(board: Board, **query: str) -> tuple[Filter, list[str]]:
    return read_filter(query, board, chosen_year(query)[0])


def _names(board: Board, wanted: Filter) -> list[str]:
    return [row.indicator.name for row in board.chosen(wanted, None)]


def test_the_year_is_the_scorecards_choice_unless_one_is_asked_for(rows: list[Row]) -> None:
    assert _board(rows).year == R5
    assert _board(rows, R7).year == R7
    assert _board(rows).years == (R4, R5, R6, R7)


def test_of_very_many_years_those_with_figures_are_to_choose_from(rows: list[Row]) -> None:
    plan = replace(rows[0].indicator.plan, first_year=FiscalYear(1989))
    assert years_of(plan, rows) == (R4, R5, R6, R7)
    assert len(years_of(plan, [])) == 37


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "すべての指標"),
        ({"area": "くらし"}, "「くらし」の指標"),
        ({"status": "遅れ"}, "判定が「遅れ」の指標"),
        ({"area": "くらし", "status": "遅れ"}, "「くらし」のうち、判定が「遅れ」の指標"),
        ({"q": "面積"}, "名前に「面積」を含む指標"),
        ({"q": "面積", "status": "後退"}, "名前に「面積」を含み、判定が「後退」の指標"),
        ({"area": "しごと", "q": "窯"}, "「しごと」のうち、名前に「窯」を含む指標"),
    ],
)
def test_a_filter_is_its_own_address_and_sentence(rows: list[Row], query: Mapping[str, str], sentence: str) -> None:
    board = _board(rows)
    wanted, problems = _read(board, **query)
    assert problems == []
    assert wanted.sentence == sentence
    assert _read(board, **dict(parse_qsl(wanted.query.removeprefix("?")))) == (wanted, [])


def test_each_criterion_can_be_taken_off_alone(rows: list[Row]) -> None:
    wanted, _ = _read(_board(rows), area="くらし", status="遅れ", year="R5", order="weak", page="3")
    assert [(label, value, other.sentence) for label, value, other in wanted.criteria] == [
        ("分野", "くらし", "判定が「遅れ」の指標"),
        ("判定", "遅れ", "「くらし」の指標"),
    ]
    assert all((other.year, other.order, other.page) == (R5, Order.WEAK, 1) for _, _, other in wanted.criteria)


def test_what_a_board_does_not_know_is_said_and_left_out(rows: list[Row]) -> None:
    wanted, problems = _read(
        _board(rows), area="うみ", status="<b>", owner="総務課", order="random", page="0", unknown="x"
    )
    assert wanted == Filter()
    assert problems == [
        "「うみ」という分野は、この計画にありません。",
        "「<b>」という判定は、この計画にありません。",
        "「総務課」という担当課は、この計画にありません。",
        "「random」という並べ方はありません。",
        "「0」というページはありません。",
    ]


def test_letters_of_another_width_mean_the_same(rows: list[Row]) -> None:
    assert chosen_year({"year": "令和５年度"}) == (R5, [])
    assert chosen_year({"year": "いつか"}) == (None, ["「いつか」は年度として読めません。例: R5"])
    assert chosen_plan({"plan": "ほかの計画"}, [rows[0].indicator.plan], "") == (
        rows[0].indicator.plan,
        ["「ほかの計画」という計画はありません。"],
    )


def test_lists_are_sorted_as_asked(rows: list[Row]) -> None:
    board = _board(rows)
    assert _names(board, Filter()) == [row.indicator.name for row in rows]
    assert _names(board, Filter(order=Order.WEAK)) == [
        "渡し船の赤字額",
        "灯油の使用量",
        "植樹の面積",
        "朝市の出店割合",
        "蛍の観測地点",
        "①窯の数 ②窯元の数",
    ]
    assert _names(board, Filter(area="くらし", order=Order.NAME)) == ["植樹の面積", "渡し船の赤字額", "灯油の使用量"]


def test_an_indicator_without_target_and_result_is_listed_too(rows: list[Row]) -> None:
    board = _board(rows, R4)
    assert board.without_status == 1
    assert _names(board, Filter(status=NO_STATUS)) == ["蛍の観測地点"]
    line = board.line(board.chosen(Filter(status=NO_STATUS), None)[0])
    assert (line.status, line.target, line.result, line.share) == (NO_STATUS, "設定なし", "", "")


def test_a_line_has_the_figures_as_written(rows: list[Row]) -> None:
    lines = {row.indicator.name: _board(rows, R6).line(row) for row in rows}
    trees = lines["植樹の面積"]
    assert (trees.status, trees.mark, trees.target, trees.result) == ("遅れ", "△", "40", "30")
    assert (trees.share, trees.is_under_way, trees.is_sample) == ("進捗率 66.7%", True, False)
    assert _board(rows).line(rows[3]).share == "達成率 99%"
    assert lines["灯油の使用量"].status == "実績未登録"


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.key)
def test_every_status_has_a_shape_and_a_pattern_of_its_own(scale: Scale) -> None:
    words = (*scale.words, NO_STATUS)
    assert len({mark_of(word, scale) for word in words}) == len(words)
    assert len({level_of(word, scale) for word in words}) == len(words)


def test_a_stacked_bar_holds_every_indicator(rows: list[Row]) -> None:
    found = bars(_board(rows).card)
    assert [(one.status, one.count) for one in found] == [
        ("概ね順調", 2),
        ("遅れ", 1),
        ("後退", 1),
        ("判定不可", 2),
    ]
    assert abs(found[-1].start + found[-1].width - 100) < 1


def test_without_results_targets_are_counted_by_area(rows: list[Row]) -> None:
    board = _board(rows, R7)
    assert targets_by_area(board) == (("くらし", (3, 3, 3, 3)), ("しごと", (2, 2, 3, 3)))
    assert [row.indicator.name for row in examples(board)] == ["灯油の使用量", "朝市の出店割合"]


def test_pages_hold_every_row_once(rows: list[Row]) -> None:
    many = rows * 7
    assert pages(len(many)) == -(-len(many) // PAGE)
    assert [row for page in range(1, pages(len(many)) + 1) for row in on_page(many, page)] == many
    assert pages(0) == 1


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> IndicatorView:
    store: Store = village(tmp_path_factory.mktemp("board") / "village.db")
    indicator = next(one for one in store.catalogue("default").indicators if one.name == "植樹の面積")
    (row,) = rows_of([indicator], store.facts([indicator]))
    return indicator_view(row, store.revisions(indicator), TODAY)


def test_the_page_of_an_indicator_tells_every_year_and_why(trees: IndicatorView) -> None:
    assert [(line.year, line.target, line.result, line.status) for line in trees.years] == [
        (R4, "20", "21", "達成"),
        (R5, "30", "26", "概ね順調"),
        (R6, "40", "30", "遅れ"),
        (R7, "50", "", "実績未登録"),
    ]
    assert trees.years[1].why == ("進捗率 ＝ （26 − 10）÷（30 − 10）＝ 80%（80%以上で「概ね順調」、標準の判定基準）",)
    assert (trees.years[2].remarks, trees.years[2].is_under_way) == ("R6.9月末時点", True)
    assert trees.baseline == "10"
    assert dict(trees.definition)["良い方向"] == "多い（高い）ほど良い（基準値から最後の目標値への向きによる）"
    assert trees.course


def test_the_years_around_the_latest_result_go_on_paper(trees: IndicatorView) -> None:
    assert [line.year for line in trees.around_latest(2)] == [R6, R7]
    assert [line.year for line in trees.around_latest(9)] == [R4, R5, R6, R7]


def test_the_history_has_who_and_from_which_file(trees: IndicatorView) -> None:
    step = next(step for step in trees.history if step.where == "R5の実績値")
    assert (step.change.by, step.change.file, step.before, step.after) == ("鈴木", "results.csv", "", "26")
