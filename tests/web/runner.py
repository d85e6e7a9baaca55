"""Serves the page alone, until `bot serve` does: `python -m tests.web.runner PORT`."""

import os
import sys
from datetime import UTC, datetime

import uvicorn

from bot.ask import open_door
from bot.channels.web.desk import Desk
from bot.channels.web.settings import web_settings
from bot.channels.web.site import site
from data.changes import DEFAULT_ORGANISATION
from data.engine import ensure_schema, open_engine
from data.settings import database_url
from data.store import Store


def main(port: int) -> None:
    engine = open_engine(database_url(os.environ))
    ensure_schema(engine)
    store = Store(engine)
    settings = web_settings(os.environ, "127.0.0.1")
    desk = Desk(store, DEFAULT_ORGANISATION, "", open_door(store), settings, lambda: datetime.now(UTC))
    uvicorn.run(site(desk), host="127.0.0.1", port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
