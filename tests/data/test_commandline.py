"""`python -m data …` as an operator runs it: real processes with a store of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data import tables as t
from data.changes import Author
from data.engine import open_engine, writing
from data.facts import Measure
from data.fiscal_year import TOKYO
from data.importers.writer import Details, store_plan
from data.shipped import PLANS
from data.store import Store
from tests.data.stores import FIRST_DAY, PostgresServer, cells, count_rows, indicators, read_plan, told

ROOT = Path(__file__).parents[2]
SHIPPED = PLANS / "fukushima_dx" / "kpi_table.txt"

PLAN = """計画名,総合計画
分野,項目番号,項目,指標名,基準値,R4,R5,前年比
A,1(1),保育,待機児童数,16,8,0,
A,1(2),学校,端末の整備率,21.7%,調査中,100%,
B,2(1),道路,,,,,
"""
BROKEN = "分野,項目,指標名,R4,R4\nA,保育,,8,9\nA,学校,整備率,1,2,3,4\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `python -m data` with these arguments, in tmp_path's store unless the environment says otherwise."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("SHIRUBE_", "DATABASE_"))}
        return subprocess.run(
            [sys.executable, "-m", "data", *map(str, arguments)],
            cwd=ROOT,
            env={**own, "DATABASE_URL": f"sqlite:///{tmp_path / 'shirube.db'}", **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def stored(tmp_path: Path, migrated_file: Path) -> Iterator[Store]:
    """The store that the processes work on."""
    engine = open_engine(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'shirube.db')}")
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def loaded(stored: Store, plan: Path) -> Store:
    """The same, with the plan in it."""
    with writing(stored.engine) as connection:
        store_plan(connection, "default", read_plan(plan), Details(), Author("佐藤", FIRST_DAY, plan.name))
    return stored


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return _write(tmp_path / "plan.csv", PLAN)


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _failure(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def test_load(run: Run, plan: Path, stored: Store) -> None:
    assert _lines(run("load", plan, "--by", "佐藤")) == [
        "計画「総合計画」",
        "読み取り: 3行、指標2、KPIのない取組項目1、年度 R4〜R5",
        "数値として読めず、書かれたとおりに残したセル（1件）:",
        "- 4行目 端末の整備率 R4の目標値: 「調査中」",
        "読まなかったもの（1件）:",
        "- 列「前年比」",
        "書き込み: 新しい計画として登録しました。",
    ]
    assert cells(stored, "待機児童数") == {"基準値": "16", "R4": "8", "R5": "0"}
    change = stored.revisions(indicators(stored, "待機児童数")[0])[0].change
    assert (change.kind, change.by, change.file) == ("load", "佐藤", "plan.csv")


def test_load_again_and_a_changed_file(run: Run, plan: Path, loaded: Store) -> None:
    rows = count_rows(loaded.engine, t.changes, t.figures)
    assert _lines(run("load", plan))[-1] == "変わったところはありません。何も書き込みませんでした。"
    assert count_rows(loaded.engine, t.changes, t.figures) == rows
    _write(plan, PLAN.replace("8,0", "7,0").replace("道路,", "道路,舗装率").replace("A,1(2)", "A,1(3)"))
    changed = _lines(run("load", plan, "--dry-run"))
    assert changed[-1] == "確認だけで、何も書き込んでいません（--dry-run）。"
    assert count_rows(loaded.engine, t.changes, t.figures) == rows
    assert changed[:-1] == _lines(run("load", plan))
    assert changed[6:-1] == [
        "加わったもの（3件）:",
        "- 取組項目「学校」",
        "- 端末の整備率 1(3) 学校",
        "- 舗装率 2(1) 道路",
        "変わったもの（1件）:",
        "- 待機児童数 R4の目標値: 8 → 7",
        "なくなったもの（これまでの値は記録に残ります）（2件）:",
        "- 取組項目「学校」",
        "- 端末の整備率",
    ]
    assert cells(loaded, "待機児童数")["R4"] == "7"


def test_dry_run_on_an_empty_store(run: Run, plan: Path, stored: Store) -> None:
    lines = _lines(run("load", plan, "--dry-run"))
    assert lines[-2:] == ["新しい計画として登録されます。", "確認だけで、何も書き込んでいません（--dry-run）。"]
    assert count_rows(stored.engine, t.plans, t.changes, t.figures) == [0, 0, 0]


def test_load_of_the_shipped_text_into_a_new_file(run: Run, tmp_path: Path) -> None:
    lines = _lines(run("load", SHIPPED))
    assert lines[1] == "読み取り: 82行、指標70、KPIのない取組項目6、年度 R4〜R7"
    assert lines[2] == "直して読んだところ（16件）:"
    assert "- 17行目: R7のセルが元の表で切れていて、読み取れません。値は不明のままにしました。" in lines
    engine = open_engine(f"sqlite:///{tmp_path / 'shirube.db'}")
    assert count_rows(engine, t.plans, t.indicators) == [1, 70]
    engine.dispose()


def test_title_of_the_plan(run: Run, tmp_path: Path, stored: Store) -> None:
    untitled = _write(tmp_path / "第2期計画.csv", "指標名,R4\nX,5\n")
    assert _lines(run("load", untitled))[0] == "計画「第2期計画」"
    assert _lines(run("load", untitled, "--plan", "別の計画"))[0] == "計画「別の計画」"
    assert [plan.title for plan in stored.catalogue("default").plans] == ["第2期計画", "別の計画"]


def test_broken_file_names_every_error_and_writes_nothing(run: Run, tmp_path: Path, stored: Store) -> None:
    message = _failure(run("load", _write(tmp_path / "plan.csv", BROKEN)))
    assert message.splitlines() == [
        "何も書き込みませんでした。次の点を直してください。",
        "- 1行目「R4」: R4（令和4年度）の列が二つあります。",
        "- 2行目「指標名」: 指標名がありません。",
        "- 3行目: 見出しより右に値があります。桁区切りのコンマなどでセルが分かれていないか確かめてください。",
    ]
    assert count_rows(stored.engine, t.plans, t.changes) == [0, 0]


@pytest.mark.usefixtures("stored")
def test_files_that_cannot_be_taken(run: Run, tmp_path: Path) -> None:
    assert "ファイルを開けません" in _failure(run("load", tmp_path / "none.csv"))
    big = _write(tmp_path / "big.csv", "指標名,R4\nX,5\n" + "\n" * 1024 * 1024)
    assert "大きすぎます" in _failure(run("load", big, SHIRUBE_MAX_FILE_MB="1"))
    assert "SHIRUBE_MAX_FILE_MB には1以上の整数" in _failure(run("load", big, SHIRUBE_MAX_FILE_MB="多め"))


def test_record(run: Run, tmp_path: Path, loaded: Store) -> None:
    results = _write(tmp_path / "results.csv", "指標名,年度,実績値,備考\n待機児童数,R4,12,速報\n端末の整備率,R4,99%,\n")
    assert _lines(run("record", results, "--by", "鈴木")) == ["実績値を登録しました: 新規2、変更0、変わらず0"]
    changes = count_rows(loaded.engine, t.changes)
    assert _lines(run("record", results)) == ["新しく登録する値はありません: 新規0、変更0、変わらず2"]
    assert count_rows(loaded.engine, t.changes) == changes
    _write(results, "指標名,年度,実績値\n待機児数,R4,12\n待機児童数,R5,不明\n")
    assert _failure(run("record", results)).splitlines() == [
        "何も書き込みませんでした。次の点を直してください。",
        "- 2行目「指標名」: 「待機児数」という指標はありません。近い名前: 「待機児童数」",
        "- 3行目「実績値」: 「不明」は数値として読めません。例: 55.3%、18万枚、12,345、▲162。"
        "まだ分からないときは空欄にしてください。",
    ]
    assert cells(loaded, "待機児童数") == {"基準値": "16", "R4": "8", "R5": "0", "R4実績": "12"}
    (result,) = [
        revision
        for revision in loaded.revisions(indicators(loaded, "待機児童数")[0])
        if revision.measure is Measure.ACTUAL
    ]
    assert (result.change.by, result.change.file) == ("鈴木", "results.csv")


def test_record_dry_run_and_what_a_second_one_replaces(run: Run, tmp_path: Path, loaded: Store) -> None:
    first = _write(tmp_path / "first.csv", "指標名,年度,実績値\n待機児童数,R4,12\n")
    _lines(run("record", first, "--by", "鈴木"))
    rows = count_rows(loaded.engine, t.changes, t.figures)
    second = _write(
        tmp_path / "second.csv",
        "指標名,年度,実績値,備考\n待機児童数,R4,120,確報\n端末の整備率,R4,99%,\n端末の整備率,R5,,集計中\n",
    )
    told = _lines(run("record", second, "--dry-run", "--by", "田中"))
    assert count_rows(loaded.engine, t.changes, t.figures) == rows
    at = loaded.revisions(indicators(loaded, "待機児童数")[0])[-1].change.at
    changed = [
        "（1件）:",
        f"- 待機児童数 R4の実績値: 12 → 120（確報）（前の値は鈴木さんが {at.astimezone(TOKYO):%Y/%m/%d %H:%M} に"
        " first.csv で登録したもの）",
    ]
    found = [
        "値がなく備考だけの行（登録していません）（1件）:",
        "- 4行目 端末の整備率 R5: 「集計中」",
    ]
    assert told == [
        "実績値が登録されます: 新規1、変更1、変わらず0、空欄1",
        "新しく登録されるもの（1件）:",
        "- 端末の整備率 R4の実績値: 99%",
        f"改められるもの{changed[0]}",
        changed[1],
        *found,
        "確認だけで、何も書き込んでいません（--dry-run）。",
    ]
    assert _lines(run("record", second, "--by", "田中")) == [
        "実績値を登録しました: 新規1、変更1、変わらず0、空欄1",
        f"改めたもの{changed[0]}",
        changed[1],
        *found,
    ]


def test_record_warns_of_what_may_be_a_slip(run: Run, tmp_path: Path, loaded: Store) -> None:
    results = _write(tmp_path / "results.csv", '指標名,年度,実績値\n端末の整備率,R4,"5,530%"\n')
    for dry_run in (["--dry-run"], []):
        assert (
            "- 2行目 端末の整備率 R4の実績値「5,530%」: これまでの値（21.7%〜100%）から大きく離れています。"
            "桁や単位を確かめてください。"
        ) in _lines(run("record", results, *dry_run))
    assert cells(loaded, "端末の整備率")["R4実績"] == "5,530%"


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_two_processes_record_at_the_same_time(
    backend: str, run: Run, plan: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'two.db'}"
    if backend == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.create("two_processes")
        _lines(run("migrate", DATABASE_URL=url))
    _lines(run("load", plan, DATABASE_URL=url))
    files = [
        _write(
            tmp_path / f"{by}.csv", f"指標名,年度,実績値,備考\n待機児童数,R4,{value},\n端末の整備率,R5,9{value}%,{by}\n"
        )
        for value, by in enumerate(("鈴木", "田中", "高橋"))
    ]
    with ThreadPoolExecutor() as threads:  # each waits for a process of its own
        done = [threads.submit(run, "record", file, "--by", file.stem, DATABASE_URL=url) for file in files]
        told = [_lines(one.result()) for one in done]
    assert sorted(lines[0] for lines in told) == [
        "実績値を登録しました: 新規0、変更2、変わらず0",
        "実績値を登録しました: 新規0、変更2、変わらず0",
        "実績値を登録しました: 新規2、変更0、変わらず0",
    ]
    engine = open_engine(url)
    store = Store(engine)
    revisions = [r for r in store.revisions(indicators(store, "待機児童数")[0]) if r.measure is Measure.ACTUAL]
    assert [r.number for r in revisions] == [1, 2, 3]
    assert {r.change.by for r in revisions} == {"鈴木", "田中", "高橋"}
    text = "\n".join(line for lines in told for line in lines)
    assert [f"前の値は{r.change.by}さんが" in text for r in revisions] == [True, True, False]
    engine.dispose()


def test_template_and_record(run: Run, tmp_path: Path, loaded: Store) -> None:
    form = tmp_path / "form.xlsx"
    assert _lines(run("template", form)) == [f"照会様式を {form} に書き出しました: 指標2、4行"]
    assert _lines(run("record", form)) == ["新しく登録する値はありません: 新規0、変更0、変わらず0、空欄4"]
    assert "もうあります" in _failure(run("template", form))
    assert ".xlsx で終わる" in _failure(run("template", tmp_path / "form.csv"))
    assert "「別の計画」はありません。今ある計画: 「総合計画」" in _failure(
        run("template", tmp_path / "a.xlsx", "--plan", "別の計画")
    )
    assert "R9は、計画の期間の外か" in _failure(run("template", tmp_path / "a.xlsx", "--year", "R9"))
    assert "計画がまだありません" in _failure(run("template", tmp_path / "a.xlsx", SHIRUBE_ORGANISATION="市"))
    assert "書き込めません" in _failure(run("template", tmp_path / "none" / "a.xlsx"))
    rows = "".join(f"{name},R5,{value}\n" for name, value in (("待機児童数", 1), ("端末の整備率", "99%")))
    _lines(run("record", _write(tmp_path / "results.csv", f"指標名,年度,実績値\n{rows}")))
    all_there = _lines(run("template", tmp_path / "a.xlsx", "--year", "R5"))
    assert all_there == ["目標のある年度の実績は、すべて登録されています。様式は作りませんでした。"]
    assert not (tmp_path / "a.xlsx").exists()
    assert cells(loaded, "端末の整備率")["R5実績"] == "99%"


@pytest.mark.usefixtures("loaded")
def test_history(run: Run, tmp_path: Path) -> None:
    assert _lines(run("history", "待機児童数", "--year", "令和4年度")) == [
        "待機児童数（総合計画、A 1(1) 保育）",
        "R4の目標値",
        "- 2024/04/01 18:30 佐藤、plan.csv（計画の読み込み）: 8",
    ]
    assert _failure(run("history", "待機児数")) == "「待機児数」という指標はありません。近い名前: 「待機児童数」\n"
    assert "年度として読めません" in _failure(run("history", "待機児童数", "--year", "昨年"))
    other = _write(tmp_path / "other.csv", "項目番号,項目,指標名,R4\n1,甲,待機児童数,5\n2,乙,待機児童数,6\n")
    _lines(run("load", other, "--plan", "別の計画"))
    assert "--plan で区別してください。" in _failure(run("history", "待機児童数"))
    assert "--number で区別してください。" in _failure(run("history", "待機児童数", "--plan", "別の計画"))
    assert _lines(run("history", "待機児童数", "--number", "2"))[0] == "待機児童数（別の計画、2 乙）"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_and_load_elsewhere(form: str, run: Run, tmp_path: Path, loaded: Store) -> None:
    path = tmp_path / f"export.{form}"
    assert _lines(run("export", f"--{form}", path)) == [f"計画「総合計画」を {path} に書き出しました。"]
    other = f"sqlite:///{tmp_path / 'other.db'}"
    _lines(run("load", path, DATABASE_URL=other))
    engine = open_engine(other)
    assert told(Store(engine)) == told(loaded)
    engine.dispose()


@pytest.mark.usefixtures("loaded")
def test_export_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    assert "書き込めません" in _failure(run("export", "--csv", tmp_path / "none" / "export"))
    other_organisation = run("export", "--csv", tmp_path / "none", SHIRUBE_ORGANISATION="市")
    assert "計画がまだありません" in _failure(other_organisation)


def test_alias_add(run: Run, loaded: Store) -> None:
    assert _lines(run("alias", "add", "待機", "待機児童数")) == ["別名を登録しました。"]
    assert _lines(run("alias", "add", "待機", "待機児童数")) == ["その別名はもう登録されています。"]
    assert _failure(run("alias", "add", "待機", "待機者")) == "「待機者」という指標はありません。\n"
    assert indicators(loaded, "待機児童数")[0].aliases == ("待機",)


def test_organisations_share_a_store_unseen(run: Run, plan: Path, stored: Store) -> None:
    _lines(run("load", plan, SHIRUBE_ORGANISATION="県"))
    assert [stored.catalogue(name).plans != () for name in ("県", "default")] == [True, False]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["読み込む"],
        ["load", "plan.csv", "--wet-run"],
        ["export", "--csv", "a", "--xlsx", "b"],
        ["alias", "add", "別名"],
    ],
)
def test_wrong_arguments(arguments: Sequence[str], run: Run) -> None:
    usage, message = _failure(run(*arguments), code=2).splitlines()
    assert usage.startswith("使い方: python -m data")
    assert message.startswith("引数が足りないか、正しくありません。")


def test_help(run: Run) -> None:
    text = "\n".join(_lines(run("load", "--help")))
    assert "使い方: python -m data load" in text
    assert not {"usage", "options", "positional", "show"} & set(text.replace(":", " ").split())


def test_postgresql_is_migrated_by_its_operator(run: Run, plan: Path, postgres: PostgresServer) -> None:
    url = postgres.create("commandline")
    assert "python -m data migrate を実行してください" in _failure(run("load", plan, DATABASE_URL=url))
    assert _lines(run("migrate", DATABASE_URL=url)) == ["データベースの形を新しくしました。"]
    assert _lines(run("migrate", DATABASE_URL=url)) == ["データベースの形は最新です。"]
    assert _lines(run("load", plan, DATABASE_URL=url))[-1] == "書き込み: 新しい計画として登録しました。"
    engine = open_engine(url)
    assert cells(Store(engine), "待機児童数") == {"基準値": "16", "R4": "8", "R5": "0"}
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["mysql://u:himitsu@db/kpi", "postgresql://u:himitsu@db:port/kpi", "postgresql://u:himitsu@/kpi?host=/nowhere"],
)
def test_database_that_cannot_be_opened(url: str, run: Run, plan: Path) -> None:
    message = _failure(run("load", plan, DATABASE_URL=url))
    assert "DATABASE_URL" in message
    assert "himitsu" not in message


def test_scale_is_chosen_and_said(run: Run, loaded: Store) -> None:
    done = run("scale", "独法", "--about", "90", "--by", "佐藤")
    assert done.stdout.splitlines() == [
        "計画「総合計画」の判定基準を変えました。",
        "前: 標準の判定基準（「ほぼ100%」は95%以上で満たす）",
        "後: 独立行政法人評価の基準（「ほぼ100%」は90%以上で満たす。この基準では使いません）",
    ]
    assert "何も書き込みませんでした" in run("scale", "独法").stdout
    assert [plan.scale.short for plan in loaded.catalogue("default").plans] == ["独法"]
    assert "判定基準「松」がありません" in _failure(run("scale", "松"))
    assert "計画「市の計画」がありません" in _failure(run("scale", "標準", "--plan", "市の計画"))
    assert "--about「0」が読めません" in _failure(run("scale", "標準", "--about", "0"))
