"""Logs of a server: one JSON object a line on standard error, without tokens."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

# Tokens of Slack and of Teams (JWT), wherever they turn up: in the words of an exception, say.
_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+|\beyJ[\w-]{8,}(?:\.[\w-]*)*")
_OWN_KEYS = "fields"


class JsonLines(logging.Formatter):
    """A line for each record; logging asks for inheritance here. What `fields` gives comes along as keys of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, _OWN_KEYS, {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return _TOKEN.sub("（トークン）", json.dumps(line, ensure_ascii=False, default=str))


def start_logging() -> None:
    """Everything from here on goes to standard error as JSON lines; libraries only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)


def note(logger: logging.Logger, message: str, **fields: object) -> None:
    """Logs that something happened, with its ids and durations as keys."""
    logger.info(message, extra={_OWN_KEYS: fields})
