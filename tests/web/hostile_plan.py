"""A plan whose every text means harm, with results and a long history of one of them."""

from pathlib import Path

from data.engine import ensure_schema, open_engine, writing
from data.importers.grid import Grid, read_plan_grids
from data.importers.writer import Details, store_plan
from data.store import Store
from tests.bot.village import author, record

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "善\u202e悪",
    "長" * 500,
    "</svg><img src=x onerror=alert(1)>",
    "{{7*7}}",
    "x" * 480,
)
# So many indicators and areas that no page of a list and no sheet of paper holds them all.
_TIMES = 3
_HEADER = ["分野", "項目番号", "項目", "指標名", "単位", "担当課", "備考", "基準値", "R4", "R5", "R6", "R7"]


def hostile_store(path: Path) -> Store:
    """A new store with the plan; its indicators have the numbers from 1, and each of HOSTILE is the name of one."""
    engine = open_engine(f"sqlite:///{path}")
    ensure_schema(engine)
    rows = [_row(time, at) for time in range(_TIMES) for at in range(len(HOSTILE))]
    with writing(engine) as connection:
        plan = read_plan_grids([Grid("", [_HEADER, *rows])])
        store_plan(connection, "default", plan, Details("<b>計画</b>" * 9), author())
    store = Store(engine)
    record(store, *((name, "R5", "12", "") for name in HOSTILE))
    for value, remark in enumerate(HOSTILE, 13):
        record(store, (HOSTILE[0], "R5", str(value), remark[:200]))
    return store


def _row(time: int, at: int) -> list[str]:
    own = (*HOSTILE[at:], *HOSTILE[:at])
    name = f"{time}{own[0]}"[:500] if time else own[0]
    area = f"{own[1][:200]}{time or ''}"
    long = f"20（{'注' * 300}）" if at % 2 else "20"
    return [area, "1(1)", own[2], name, own[3][:20], own[4], own[5], "10", long, "30", "40", "50"]
