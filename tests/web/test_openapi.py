"""The OpenAPI document: valid, and true of what the API does with whatever a fuzzer sends.

That every answer of the dialogues is as described tests/bot/test_dialogues.py sees.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.schemas import OpenApiSchema

from bot.channels.web.openapi import document
from data.engine import open_engine
from data.store import Store
from tests.web.visiting import HOME, client_of, desk_over


@pytest.fixture(scope="module")
def described(file_with_plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    """The document as the site gives it, with the site behind it."""
    path = shutil.copy(file_with_plan, tmp_path_factory.mktemp("openapi") / "shirube.db")
    engine = open_engine(f"sqlite:///{path}")
    client = client_of(desk_over(Store(engine)))
    found = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    found.app = client.app
    yield found
    engine.dispose()


@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_api_keeps_to_the_document_whatever_is_sent(
    described: OpenApiSchema, mode: schemathesis.GenerationMode
) -> None:
    @settings(max_examples=50, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=described["/api/ask"]["POST"].as_strategy(generation_mode=mode))
    def keeps(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(base_url=HOME)

    keeps()


def test_document_is_a_valid_one() -> None:
    whole = document()
    assert json.loads(json.dumps(whole)) == whole
    for name in whole["components"]["schemas"]:
        jsonschema_rs.meta.validate(_schema(name))


def _schema(name: str) -> dict[str, Any]:
    """A schema of the document that stands by itself."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document(),
        "$ref": f"#/components/schemas/{name}",
    }
