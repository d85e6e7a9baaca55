import pytest

from data import settings


def test_defaults() -> None:
    for environment in ({}, {"DATABASE_URL": "", "SHIRUBE_ORGANISATION": "", "SHIRUBE_MAX_FILE_MB": ""}):
        assert settings.database_url(environment) == "sqlite:///shirube.db"
        assert settings.organisation(environment) == "default"
        assert settings.file_limit(environment) == 50 * 1024 * 1024
        assert settings.question_days(environment) == 90
        assert settings.conversation_days(environment) == 1


def test_what_is_set() -> None:
    assert settings.database_url({"DATABASE_URL": "postgresql://db/shirube"}) == "postgresql://db/shirube"
    assert settings.organisation({"SHIRUBE_ORGANISATION": "福島県"}) == "福島県"
    assert settings.file_limit({"SHIRUBE_MAX_FILE_MB": "2"}) == 2 * 1024 * 1024
    assert settings.question_days({"SHIRUBE_QUESTION_DAYS": "1"}) == 1
    assert settings.conversation_days({"SHIRUBE_CONVERSATION_DAYS": "36500"}) == 36_500


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "多め"])
def test_limit_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="SHIRUBE_MAX_FILE_MB には1以上の整数"):
        settings.file_limit({"SHIRUBE_MAX_FILE_MB": text})


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "三か月", "36501", "9" * 5000, " "])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="SHIRUBE_QUESTION_DAYS には1以上36500以下の整数"):
        settings.question_days({"SHIRUBE_QUESTION_DAYS": text})
    with pytest.raises(ValueError, match="SHIRUBE_CONVERSATION_DAYS には1以上36500以下の整数"):
        settings.conversation_days({"SHIRUBE_CONVERSATION_DAYS": text})
