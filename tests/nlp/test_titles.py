"""Titles that somebody types to choose one."""

import pytest

from nlp.titles import titles_named

TITLES = (
    "2 行政サービスの向上に向けた取組",
    "3 公務能率の向上に向けた取組",
    "4 産業振興",
    "6 安全・安心・環境",
    "5 環境",
    "環境管理",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4 産業振興", ("4 産業振興",)),
        ("産業振興", ("4 産業振興",)),
        ("４　産業振興", ("4 産業振興",)),
        ("産業", ("4 産業振興",)),
        ("環境", ("5 環境",)),
        ("環境と安心", ("6 安全・安心・環境",)),
        ("公務能率の向上", ("3 公務能率の向上に向けた取組",)),
        ("向上", ("2 行政サービスの向上に向けた取組", "3 公務能率の向上に向けた取組")),
        ("農業", ()),
        ("・", ()),
        ("", ()),
    ],
)
def test_titles_named(text: str, found: tuple[str, ...]) -> None:
    assert titles_named(text, TITLES) == found
