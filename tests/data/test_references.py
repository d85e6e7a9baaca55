"""References to conversations, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from data.engine import writing
from data.events import Arrival, TakenOver, add_to_body, claim_event, keep_event
from data.references import (
    Reference,
    keep_reference,
    read_reference,
    read_references,
    reference_to,
    remove_reference,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PERSONAL = Reference("teams", "a:1", "personal", "t1", "https://smba.example/jp/", "teams:4f1c", {"bot": "28:b"})
TEAM = Reference("teams", "19:x@thread.tacv2", "channel", "t1", "https://smba.example/jp/")


def _keep(engine: sa.Engine, reference: Reference, minutes: int = 0, organisation: str = "default") -> bool:
    with writing(engine) as connection:
        return keep_reference(connection, organisation, reference, NOW + timedelta(minutes=minutes))


def test_kept_once_and_read_again(engine: sa.Engine) -> None:
    assert [_keep(engine, one) for one in (PERSONAL, TEAM, PERSONAL)] == [True, True, False]
    with engine.connect() as connection:
        assert read_references(connection, "default", "teams") == [PERSONAL, TEAM]
        assert read_reference(connection, "default", "teams", "a:1") == PERSONAL
        assert reference_to(connection, "default", "teams:4f1c", "personal") == PERSONAL
        assert reference_to(connection, "default", "teams:4f1c", "channel") is None


def test_what_is_new_takes_the_place_of_what_was(engine: sa.Engine) -> None:
    moved = replace(PERSONAL, service_url="https://smba.example/emea/")
    assert [_keep(engine, one) for one in (PERSONAL, moved)] == [True, True]
    with engine.connect() as connection:
        assert read_references(connection, "default", "teams") == [moved]


def test_of_two_conversations_with_a_person_the_one_kept_last(engine: sa.Engine) -> None:
    newer = replace(PERSONAL, conversation="a:2")
    assert _keep(engine, newer, minutes=1)
    assert _keep(engine, PERSONAL)
    with engine.connect() as connection:
        assert reference_to(connection, "default", "teams:4f1c", "personal") == newer


def test_removed_once_and_only_where_it_belongs(engine: sa.Engine) -> None:
    _keep(engine, PERSONAL)
    _keep(engine, PERSONAL, organisation="other")
    with writing(engine) as connection:
        assert remove_reference(connection, "default", "teams", "a:1")
        assert not remove_reference(connection, "default", "teams", "a:1")
        assert read_references(connection, "default", "teams") == []
        assert read_references(connection, "other", "teams") == [PERSONAL]


def test_what_is_added_to_an_event_is_there_for_its_next_attempt(engine: sa.Engine) -> None:
    keep_event(engine, "default", Arrival("teams", "k", "lane", "question", {"text": "R6"}), NOW)
    first = claim_event(engine, "teams", ["default"], "one", NOW)
    assert first
    add_to_body(engine, first, {"placeholder": "17"}, NOW)
    add_to_body(engine, first, {"picture": "18"}, NOW)
    second = claim_event(engine, "teams", ["default"], "two", NOW + timedelta(minutes=1))
    assert second
    assert second.body == {"text": "R6", "placeholder": "17", "picture": "18"}
    with pytest.raises(TakenOver):
        add_to_body(engine, first, {"placeholder": "18"}, NOW + timedelta(minutes=1))
