"""The status table through the store, on SQLite and PostgreSQL: what is loaded and recorded is judged as it stands."""

import sqlalchemy as sa

from bot.figures import judgement_of, rows_of
from data.facts import Direction
from data.scales import Status
from data.status_corpus import EXAMPLES
from data.store import Store
from data.values import read_cell
from tests.data.stores import R5, load, record

_WAYS = {Direction.HIGHER: "高い", Direction.LOWER: "低い"}


def test_every_rule_of_the_table(engine: sa.Engine, store: Store) -> None:
    plan, results, expected = ["項目 | 指標名 | 方向 | 基準値 | R4 | R5"], ["指標名 | 年度 | 実績値"], {}
    for at, ((actual, target, baseline), way, status, _) in enumerate(EXAMPLES):
        if actual is not None and not read_cell(actual).is_number:
            continue  # no result that could be recorded
        name = f"指標{at}"
        expected[name] = status
        plan.append(f"取組{at} | {name} | {_WAYS[way]} | {baseline or ''} | / | {target or '/'}")
        if actual is not None:
            results.append(f"{name} | R5 | {actual}")
    load(engine, *plan)
    record(engine, *results)
    indicators = store.catalogue("default").indicators
    judged = {row.indicator.name: judgement_of(row, R5) for row in rows_of(indicators, store.facts(indicators))}
    assert {name: one and one.status for name, one in judged.items()} == expected
    assert set(expected.values()) == set(Status)
