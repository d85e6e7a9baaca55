"""The plan that ships with the program: a folder under data/plans/ with its source text and what is known beside it."""

import tomllib
from pathlib import Path

import sqlalchemy as sa

from data.changes import Author, lock_organisation
from data.engine import writing
from data.importers.files import read_plan_file
from data.importers.writer import Details, store_plan
from data.store import read_catalogue

PLANS = Path(__file__).parent / "plans"


def load_shipped_plans(engine: sa.Engine, organisation: str, author: Author) -> bool:
    """Loads the shipped plans into a store that holds no plan; False where it holds one already."""
    with engine.connect() as connection:
        if read_catalogue(connection, organisation).plans:
            return False
    with writing(engine) as connection:
        lock_organisation(connection, organisation)
        # Another process may have been quicker: what counts is what stands there once this one may write.
        if read_catalogue(connection, organisation).plans:
            return False
        for folder in sorted(path.parent for path in PLANS.glob("*/plan.toml")):
            (table,) = read_plan_file(folder / "kpi_table.txt")
            store_plan(connection, organisation, table, read_details(folder / "plan.toml"), author)
    return True


def read_details(path: Path) -> Details:
    """Reads plan.toml: `chapters` (of lists that print no title) and the table `aliases` (指標名 → everyday names)."""
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    return Details(known.get("title", ""), tuple(known.get("chapters", ())), known.get("aliases", {}))
