import pytest

from data import settings


def test_defaults() -> None:
    for environment in ({}, {"DATABASE_URL": "", "SHIRUBE_ORGANISATION": "", "SHIRUBE_MAX_FILE_MB": ""}):
        assert settings.database_url(environment) == "sqlite:///shirube.db"
        assert settings.organisation(environment) == "default"
        assert settings.file_limit(environment) == 50 * 1024 * 1024


def test_what_is_set() -> None:
    assert settings.database_url({"DATABASE_URL": "postgresql://db/shirube"}) == "postgresql://db/shirube"
    assert settings.organisation({"SHIRUBE_ORGANISATION": "福島県"}) == "福島県"
    assert settings.file_limit({"SHIRUBE_MAX_FILE_MB": "2"}) == 2 * 1024 * 1024


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "多め"])
def test_limit_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="SHIRUBE_MAX_FILE_MB には1以上の整数"):
        settings.file_limit({"SHIRUBE_MAX_FILE_MB": text})
