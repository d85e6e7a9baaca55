"""The long form: its reader, and how its plans and results stand in the store, on both databases.

What is read of the ministries' files is in ../shared/scale, which need not be there.
"""

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import tables as t
from data.__main__ import main
from data.changes import DEFAULT_ORGANISATION, Author
from data.engine import writing
from data.exporter import choose_plan, export_rows
from data.facts import Measure
from data.fiscal_year import FiscalYear
from data.importers.files import read_plan_file
from data.importers.long_form import is_long_form, read_long_form
from data.importers.report import Difference, LoadReport
from data.importers.rows import BadFile, PlanTable, Remark
from data.importers.writer import Details, Progress, store_plan
from data.store import Store
from data.values import Absence, unit_in_name
from tests.data.stores import FIRST_DAY, R4, R5, R6, cells, count_rows, indicators, load, read_plan, record, told

HEADER = "plan\tfield\tindicator\tkind\tperiod\tvalue\tunit\n"
TARGETS = ["計画 | 甲 | X | target | 2022 | 5 | 件", "計画 | 甲 | X | target | 2024 | 7 | 件"]
ACTUALS = ["計画 | 甲 | X | actual | 2022 | 4 | 件", "計画 | 甲 | X | actual | 2023 | 6 | 件"]
LINES = [*TARGETS, *ACTUALS, "計画 | 乙 | X | target | 2022 | 5 | 件", "計画 | 乙 | Y | actual | 2023 | 50 | ％"]


def _text(*lines: str) -> str:
    """A file written as 「計画 | 取組 | 指標 | target | 2022 | 5 | 件」, one line a figure."""
    return HEADER + "".join("\t".join(cell.strip() for cell in line.split("|")) + "\n" for line in lines)


def _read(*lines: str) -> PlanTable:
    (plan,) = read_long_form(_text(*lines))
    return plan


def _errors(*lines: str) -> list[str]:
    with pytest.raises(BadFile) as caught:
        read_long_form(_text(*lines))
    return [str(error) for error in caught.value.errors]


def _store(
    engine: sa.Engine, tables: Sequence[PlanTable], progress: Progress = lambda done, total: None
) -> list[LoadReport]:
    author = Author("佐藤", FIRST_DAY, "plans.tsv")
    with writing(engine) as connection:
        return [store_plan(connection, DEFAULT_ORGANISATION, table, Details(), author, progress) for table in tables]


def _load(engine: sa.Engine, *lines: str) -> LoadReport:
    (report,) = _store(engine, [_read(*lines)])
    return report


def _places(store: Store, name: str) -> dict[str, dict[str, str]]:
    """The cells of each indicator of this name, by its initiative."""
    return {i.listings[0].initiative.title: cells(store, i) for i in indicators(store, name)}


# Reading


def test_one_line_a_figure() -> None:
    plan = _read(*LINES)
    assert (plan.title, plan.years, plan.lines_read, plan.repairs, plan.passed_over) == ("計画", (R4, R6), 6, (), ())
    first, second, third = plan.rows
    assert (first.line, first.initiative, first.indicator, first.unit) == (2, "甲", "X", "件")
    assert (first.chapter, first.area, first.number, first.baseline) == ("", "", "", None)
    assert first.targets == ((R4, "5"), (R6, "7"))
    assert first.actuals == ((R4, "4"), (R5, "6"))
    assert (second.line, second.initiative, second.indicator) == (6, "乙", "X")
    assert (third.line, third.targets, third.actuals) == (7, (), ((R5, "50"),))


def test_lines_of_an_indicator_need_not_stand_together() -> None:
    plan = _read("計画 | 甲 | X | target | 2022 | 5 | 件", "計画 | 乙 | Y | target | 2022 | 1 |", TARGETS[1])
    assert [(row.line, row.indicator, len(row.targets)) for row in plan.rows] == [(2, "X", 2), (3, "Y", 1)]


def test_several_plans_in_one_file() -> None:
    one, other, third = (
        "計画1 | 甲 | X | target | 2022 | 5 |",
        "計画2 | 甲 | X | target | 2023 | 6 |",
        "計画1 | 甲 | X | ",
    )
    plans = read_long_form(_text(one, other, third + "target | 2024 | 7 |"))
    assert [(plan.title, plan.years) for plan in plans] == [("計画1", (R4, R6)), ("計画2", (R5,))]


def test_years_are_those_of_the_targets_or_else_of_the_results() -> None:
    assert _read(TARGETS[0], "計画 | 甲 | X | actual | 2010 | 1 |").years == (R4,)
    assert _read(*ACTUALS).years == (R4, R5)


def test_baseline_with_and_without_a_year() -> None:
    with_year = _read("計画 | 甲 | X | baseline | 2020 | 1 | 件", TARGETS[0]).rows[0]
    assert (with_year.baseline, with_year.remark) == ("1", "基準値は令和2年度の値")
    without = _read("計画 | 甲 | X | baseline | | 1 | 件", TARGETS[0]).rows[0]
    assert (without.baseline, without.remark) == ("1", "")


def test_quotation_marks_and_commas_are_text() -> None:
    row = _read(
        '計画 | 甲 | "A（現行）"の,割合 | target | 2022 | 14,442 |', '計画 | 甲 | "B | target | 2022 | 1 |'
    ).rows[0]
    assert (row.indicator, row.targets) == ('"A（現行）"の,割合', ((R4, "14,442"),))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_empty_lines_and_a_unit_cut_off(line_end: str) -> None:
    text = _text(TARGETS[0], "", "計画 | 甲 | Y | target | 2022 | 1").replace("\n", line_end)
    assert is_long_form(text)
    (plan,) = read_long_form(text.rstrip())
    assert [(row.line, row.indicator, row.unit) for row in plan.rows] == [(2, "X", "件"), (4, "Y", "")]


def test_same_value_twice_counts_once() -> None:
    plan = _read(TARGETS[0], TARGETS[0], "計画 | 甲 | X | target | 2022 | 5.0 | 件")
    text = "2行目と同じ指標の同じ値です。一つとして数えました。"
    assert plan.repairs == (Remark(3, text), Remark(4, text))
    assert (plan.rows[0].targets, plan.lines_read) == (((R4, "5"),), 1)


def test_year_beyond_the_calendar_is_passed_over_and_told() -> None:
    """What ministries wrote as 平成2020年 has become 4008; guessing what was meant would be a lie."""
    plan = _read(TARGETS[0], "計画 | 甲 | Y | target | 4008 | 5 | 件")
    assert plan.passed_over == ("3行目 Y: 4008年度の値（扱える年度は1868〜2199です）",)
    assert [(row.indicator, row.targets) for row in plan.rows] == [("X", ((R4, "5"),)), ("Y", ())]


def test_every_broken_line_is_told() -> None:
    assert _errors(
        TARGETS[0],
        "計画 | 甲 | X | target | 2022 | 6 | 件",
        "計画 | 甲 | X | target | 2023 | 6 | 人",
        "計画 | 甲 | | Target | 5月 | 6 |",
        " | 甲 | X | target | 2023 | 6 |",
        "計画 | 甲 | X | target | | 6 |",
        "計画 | 甲 | X | target | 2023",
        "計画 | 甲 | X | target | 2023 | 1 | 件 | 備考",
    ) == [
        "3行目「value」: 「6」は、同じ指標の2行目の「5」と違います。",
        "4行目「unit」: 「人」は、同じ指標の前の行の「件」と違います。",
        "5行目「indicator」: 指標名がありません。",
        "5行目「kind」: 「Target」は読めません。baseline、target、actual のどれかです。",
        "5行目「period」: 「5月」は年度として読めません。例: 2024",
        "6行目「plan」: 計画名がありません。",
        "7行目「period」: 「」は年度として読めません。例: 2024",
        "8行目: 列が5個あります。タブで区切った7個にしてください。",
        "9行目: 列が8個あります。タブで区切った7個にしてください。",
    ]


def test_words_that_differ_are_no_same_value() -> None:
    assert _errors("計画 | 甲 | X | target | 2022 | 増加 |", "計画 | 甲 | X | target | 2022 | 減少 |") != []


def test_plan_without_any_figure() -> None:
    assert _errors() == ["見出しの下に行がありません。"]
    assert _errors("計画 | 甲 | X | baseline | | 5 | 件") == ["2行目: 計画「計画」に、目標値も実績値もありません。"]


@pytest.mark.parametrize(
    "header", ["plan\tfield\tindicator\n", "指標名\tR4\n", "# " + HEADER, HEADER.replace("\t", ",")]
)
def test_other_headers_are_other_forms(header: str) -> None:
    assert not is_long_form(header + "計画\t甲\tX\ttarget\t2022\t5\t件\n")


# Opening the file


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("packed", [False, True])
def test_file_packed_or_not(packed: bool, encoding: str, tmp_path: Path) -> None:
    content = _text(*LINES).encode(encoding)
    path = _write(tmp_path / "plan.txt", gzip.compress(content) if packed else content)
    assert read_plan_file(path) == (_read(*LINES),)


def test_other_forms_may_be_packed_too(tmp_path: Path) -> None:
    path = _write(tmp_path / "plan.csv.gz", gzip.compress("指標名,R4\nX,5\n".encode()))
    assert read_plan(path).rows[0].targets == ((R4, "5"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(_text(*LINES).encode())[:-20], "圧縮ファイル（.gz）として開けません"),
        (b"\x1f\x8b\x08 this is no gzip at all", "圧縮ファイル（.gz）として開けません"),
        (gzip.compress(b""), "ファイルが空です"),
        (gzip.compress(HEADER.encode() + b" " * 2_000_000), "展開すると大きすぎます（上限は1,000,000バイト）。"),
    ],
    ids=["cut off", "broken", "empty", "too large"],
)
def test_packed_file_that_cannot_be_taken(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=message):
        read_plan_file(_write(tmp_path / "plan.tsv.gz", content), limit=100_000)


# In the store


def test_figures_and_results_in_the_store(engine: sa.Engine, store: Store) -> None:
    report = _load(engine, *LINES)
    assert (report.is_new, report.rows, report.indicators, report.repairs) == (True, 6, 3, [])
    first, second = indicators(store, "X")
    assert cells(store, first) == {"R4": "5", "R6": "7", "R4実績": "4", "R5実績": "6"}
    assert (cells(store, second), cells(store, "Y")) == ({"R4": "5"}, {"R5実績": "50"})
    assert (first.plan.first_year, first.plan.last_year) == (R4, R6)
    result = store.facts([first])[-1]
    assert (result.measure, result.fiscal_year, result.cell.unit) == (Measure.ACTUAL, R5, "件")
    assert [listing.initiative.title for listing in result.sources] == ["甲"]
    assert store.revisions(first)[-1].change.file == "plans.tsv"


def test_name_under_another_initiative_is_another_indicator(engine: sa.Engine, store: Store) -> None:
    _load(engine, *LINES)
    assert [indicator.qualifier for indicator in indicators(store, "X")] == ["甲", "乙"]
    assert [len(indicator.listings) for indicator in indicators(store, "X")] == [1, 1]


def test_indicator_does_not_move_to_another_initiative(engine: sa.Engine, store: Store) -> None:
    _load(engine, *TARGETS, *ACTUALS)
    report = _load(engine, "計画 | 乙 | X | target | 2022 | 9 | 件")
    assert Difference("X", "乙") in report.added
    assert _places(store, "X") == {"乙": {"R4": "9"}}


def test_spellings_of_one_name_stay_apart(engine: sa.Engine, store: Store) -> None:
    one, other = "計画 | 甲 | 割合（％） | target | 2022 | 1 |", "計画 | 甲 | 割合(％) | target | 2022 | 2 |"
    _load(engine, one, other)
    assert not _load(engine, other, one).changes_anything
    assert (cells(store, "割合（％）"), cells(store, "割合(％)")) == ({"R4": "1"}, {"R4": "2"})


def test_loading_again_changes_nothing(engine: sa.Engine, store: Store) -> None:
    _load(engine, *LINES)
    before = told(store), count_rows(engine, t.figures, t.listings, t.indicators)
    assert not _load(engine, *LINES).changes_anything
    assert not _load(engine, *reversed(LINES)).changes_anything
    _load(engine, *LINES)
    assert (told(store), count_rows(engine, t.figures, t.listings, t.indicators)) == before


def test_changed_file(engine: sa.Engine, store: Store) -> None:
    _load(engine, *TARGETS, *ACTUALS, "計画 | 甲 | X | target | 2023 | 6 | 件")
    lines = [*TARGETS, "計画 | 甲 | X | actual | 2022 | 4.5 | 件", "計画 | 甲 | Y | target | 2022 | 1 |"]
    report = _load(engine, *lines)
    assert report.added == [Difference("Y", "甲")]
    assert report.changed == [
        Difference("X", "R4の実績値", "4", "4.5"),
        Difference("X", "R5の実績値", "6", "なし"),
        Difference("X", "R5の目標値", "6", "なし"),
    ]
    assert cells(store, "X") == {
        "R4": "5",
        "R5": Absence.BLANK,
        "R6": "7",
        "R4実績": "4.5",
        "R5実績": Absence.NOT_RECORDED,
    }
    assert not _load(engine, *lines).changes_anything


def test_year_that_the_plan_no_longer_has(engine: sa.Engine, store: Store) -> None:
    _load(engine, *TARGETS)
    _load(engine, TARGETS[0])
    assert cells(store, "X") == {"R4": "5", "R6": Absence.OUTSIDE_PLAN}


def test_empty_result_is_none(engine: sa.Engine, store: Store) -> None:
    _load(engine, TARGETS[0], "計画 | 甲 | X | actual | 2022 | | 件", "計画 | 甲 | X | actual | 2023 | - | 件")
    assert cells(store, "X") == {"R4": "5"}


def test_recorded_results_survive_a_reload(engine: sa.Engine, store: Store) -> None:
    lines = [*TARGETS, *ACTUALS]
    _load(engine, *lines)
    record(engine, "指標名 | 年度 | 実績値 | 備考", "X | R4 | 4.2 | 訂正", "X | R6 | 8 |")
    recorded = {"R4": "5", "R6": "7", "R4実績": "4.2", "R5実績": "6", "R6実績": "8"}
    before = told(store)
    assert not _load(engine, *lines).changes_anything
    assert (cells(store, "X"), told(store)) == (recorded, before)
    _load(engine, *TARGETS)
    assert cells(store, "X") == {**recorded, "R5実績": Absence.NOT_RECORDED}


def test_new_result_in_the_file_beats_a_recorded_one(engine: sa.Engine, store: Store) -> None:
    _load(engine, *TARGETS)
    record(engine, "指標名 | 年度 | 実績値", "X | R4 | 4.2")
    report = _load(engine, *TARGETS, *ACTUALS)
    assert report.changed == [Difference("X", "R4の実績値", "4.2", "4")]
    assert cells(store, "X")["R4実績"] == "4"
    (x,) = indicators(store, "X")
    results = [r for r in store.revisions(x) if (r.measure, r.fiscal_year) == (Measure.ACTUAL, R4)]
    assert [(r.cell.raw, r.change.kind) for r in results] == [("4.2", "record"), ("4", "load")]


def test_plan_in_another_form_leaves_the_results_alone(engine: sa.Engine, store: Store) -> None:
    _load(engine, *TARGETS, *ACTUALS)
    load(engine, "項目 | 指標名 | R4 | R5 | R6", "甲 | X | 5 | | 9", title="計画")
    assert cells(store, "X") == {"R4": "5", "R5": Absence.BLANK, "R6": "9", "R4実績": "4", "R5実績": "6"}


def test_results_are_no_part_of_the_table_that_is_written_out(engine: sa.Engine) -> None:
    _load(engine, *LINES)
    with engine.connect() as connection:
        rows = export_rows(connection, *choose_plan(connection, DEFAULT_ORGANISATION, None))
    assert rows[2][-2:] == ["R4", "R6"]
    assert [(row[3], row[4], *row[-2:]) for row in rows[3:]] == [
        ("甲", "X", "5", "7"),
        ("乙", "X", "5", ""),
        ("乙", "Y", "", ""),
    ]


def test_progress_moves_also_where_nothing_changes(engine: sa.Engine) -> None:
    lines = [f"計画 | 甲 | X{number} | target | {year} | 1 |" for number in range(700) for year in range(2020, 2028)]
    for _ in range(2):
        seen: list[tuple[int, int]] = []

        def note(done: int, total: int, seen: list[tuple[int, int]] = seen) -> None:
            seen.append((done, total))

        _store(engine, [_read(*lines)], note)
        assert seen == [(2000, 5600), (4000, 5600), (5600, 5600)]


# On the command line


@pytest.fixture
def file(tmp_path: Path, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.delenv("SHIRUBE_ORGANISATION", raising=False)
    return tmp_path / "plans.tsv"


def _plans(number: int, *more: str) -> bytes:
    return _text(*(f"計画{n} | 甲 | X | target | 2022 | {n} | 件" for n in range(number)), *more).encode()


def test_report_of_each_plan(file: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    _write(file, _plans(2))
    main(["load", str(file)])
    assert capsys.readouterr().out.splitlines() == [
        "計画「計画0」",
        "読み取り: 1行、指標1、KPIのない取組項目0、年度 R4〜R4",
        "書き込み: 新しい計画として登録しました。",
        "計画「計画1」",
        "読み取り: 1行、指標1、KPIのない取組項目0、年度 R4〜R4",
        "書き込み: 新しい計画として登録しました。",
    ]
    assert [plan.title for plan in store.catalogue("default").plans] == ["計画0", "計画1"]


def test_totals_of_many_plans(file: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    main(["load", str(_write(file, _plans(5)))])
    capsys.readouterr()
    changes = count_rows(store.engine, t.changes)
    more = [
        "計画1 | 甲 | X | target | 2022 | 1 | 件",
        "計画2 | 乙 | X | target | 2022 | 未定 |",
        "計画6 | 甲 | X | actual",
    ]
    _write(file, _plans(5, *more[:2], more[2] + " | 2022 | 5 |"))
    main(["load", str(file)])
    assert capsys.readouterr().out.splitlines() == [
        "計画「計画0」: 1行、指標1、変わったところなし",
        "計画「計画1」: 1行、指標1、変わったところなし",
        "計画「計画2」: 2行、指標2、加わったもの2、変わったもの0、なくなったもの0",
        "計画「計画3」: 1行、指標1、変わったところなし",
        "計画「計画4」: 1行、指標1、変わったところなし",
        "計画「計画6」: 1行、指標1、新しい計画",
        "合計: 計画6件、7行、指標7",
        "直して読んだところ（1件）:",
        "- 7行目: 3行目と同じ指標の同じ値です。一つとして数えました。",
        "数値として読めず、書かれたとおりに残したセル（1件）:",
        "- 8行目 X R4の目標値: 「未定」",
    ]
    assert count_rows(store.engine, t.changes) == [changes[0] + 2]


def test_one_broken_plan_keeps_out_all(file: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    _write(file, _plans(2, "計画2 | 甲 | X | goal | 2022 | 5 |"))
    with pytest.raises(SystemExit):
        main(["load", str(file)])
    assert "4行目「kind」: 「goal」は読めません。" in capsys.readouterr().err
    assert store.catalogue("default").plans == ()


def test_dry_run_of_several_plans(file: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    main(["load", "--dry-run", str(_write(file, _plans(2)))])
    assert capsys.readouterr().out.splitlines()[-1] == "確認だけで、何も書き込んでいません（--dry-run）。"
    assert count_rows(store.engine, t.plans, t.changes, t.figures) == [0, 0, 0]


def test_plan_can_be_named_only_where_there_is_one(
    file: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["load", "--plan", "別名", str(_write(file, _plans(2)))])
    assert capsys.readouterr().err == "このファイルには計画が2件あるので、計画名は指定できません。\n"
    main(["load", "--plan", "別の名前", str(_write(file, _plans(1)))])
    assert [plan.title for plan in store.catalogue("default").plans] == ["別の名前"]


# The ministries' figures

SCALE = Path(__file__).parents[4] / "shared" / "scale"
needs_scale = pytest.mark.skipif(not SCALE.is_dir(), reason="the ministries' files are not in ../shared/scale")
COUNTS = {
    "digital_agency": (32, 68),
    "reconstruction_agency": (149, 1269),
    "consumer_agency": (35, 192),
    "soumu": (235, 1778),
}


@needs_scale
@pytest.mark.parametrize("ministry", COUNTS)
def test_one_ministry(ministry: str, engine: sa.Engine, store: Store) -> None:
    path = SCALE / f"kpi_{ministry}_2022.tsv"
    plan = read_plan(path)
    (report,) = _store(engine, [plan])
    catalogue = store.catalogue("default")
    facts = store.facts(catalogue.indicators)
    assert (report.indicators, report.rows, report.repairs, report.passed_over) == (*COUNTS[ministry], [], ())
    assert (len(catalogue.indicators), len(facts)) == COUNTS[ministry]
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted((f.indicator.name, f.measure, f.fiscal_year, f.cell.raw, f.cell.unit) for f in facts) == sorted(
        (name, Measure(kind), FiscalYear(int(year)), value, unit or unit_in_name(name))
        for _, _, name, kind, year, value, unit in lines
    )
    before = told(store), count_rows(engine, t.figures)
    assert not _store(engine, [plan])[0].changes_anything
    assert (told(store), count_rows(engine, t.figures)) == before


@needs_scale
@pytest.mark.parametrize(("ministry", "recurring"), [("soumu", 6), ("reconstruction_agency", 3)])
def test_names_that_recur_have_qualifiers(ministry: str, recurring: int, engine: sa.Engine, store: Store) -> None:
    _store(engine, [read_plan(SCALE / f"kpi_{ministry}_2022.tsv")])
    qualified = [i for i in store.catalogue("default").indicators if i.qualifier]
    assert {i.qualifier for i in qualified} == {i.listings[0].initiative.title for i in qualified}
    fields: dict[str, set[str]] = {}
    for indicator in qualified:
        fields.setdefault(indicator.name, set()).add(indicator.qualifier)
    assert sum(1 for own in fields.values() if len(own) > 1) == recurring


@needs_scale
def test_whole_catalogue_is_read() -> None:
    plans = read_plan_file(SCALE / "judgit_kpi_long.tsv.gz")
    assert len(plans) == 21
    assert sum(len(plan.rows) for plan in plans) == 44_011
    assert sum(len(plan.passed_over) for plan in plans) == 42  # years such as 4008
    assert sum(plan.lines_read for plan in plans) == 264_849 - 42
