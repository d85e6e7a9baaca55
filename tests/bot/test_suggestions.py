"""Which alias an unanswered question suggests, over the shipped plan."""

import pytest

from bot.knowledge import Knowledge, build_knowledge
from bot.suggestions import Suggestion, suggest
from bot.turn import REJECTED
from bot.unanswered import group_unanswered
from data.changes import DEFAULT_ORGANISATION
from data.store import Store
from tests.bot.village import TODAY


@pytest.fixture(scope="module")
def knowledge(store: Store) -> Knowledge:
    return build_knowledge(store.catalogue(DEFAULT_ORGANISATION))


def _suggested(knowledge: Knowledge, text: str, kind: str = "not_understood") -> Suggestion | None:
    return suggest(kind, text, TODAY, knowledge)


@pytest.mark.parametrize(
    ("text", "words", "first"),
    [
        ("R6のスマホ教室の参加者数", "スマホ教室の参加者数", "情報リテラシー向上事業に参加した高齢者の人数"),
        (
            "スマホ教室の参加者数は令和6年度いくつ？",
            "スマホ教室の参加者数",
            "情報リテラシー向上事業に参加した高齢者の人数",
        ),
        ("AIで作る議事録の時間短縮のR7目標", "AIで作る議事録の時間短縮", "議事録作成支援システムの利用時間"),
        ("ﾍﾟﾊﾟｾﾞﾛ R6", "ペパゼロ", None),
        ("合計特殊出生率", "合計特殊出生率", None),
        ("<script>alert(1)</script>の目標", "script", None),
    ],
)
def test_words_without_years_and_measures_become_the_alias(
    knowledge: Knowledge, text: str, words: str, first: str | None
) -> None:
    found = _suggested(knowledge, text)
    assert found is not None
    assert found.words == words
    assert next((one.name for one in found.indicators), None) == first
    assert len(found.indicators) <= 3


@pytest.mark.parametrize("text", ["じゃあR7は?", "目標が高い順に教えて", "", "!?", "マイナカード R6"])
def test_what_names_nothing_or_is_answered_suggests_nothing(knowledge: Knowledge, text: str) -> None:
    assert _suggested(knowledge, text) is None


def test_what_was_called_wrong_is_not_suggested_again(knowledge: Knowledge) -> None:
    text = "ワクワク観光の数字は？"
    assert _suggested(knowledge, text) is None  # it has an answer
    found = _suggested(knowledge, text, REJECTED)
    assert found is not None
    assert found.words == "ワクワク観光"
    assert [one.name for one in found.indicators] == ["HP「ふくしまの旅」のPV数（件）"]


def test_an_alias_that_an_indicator_has_is_not_suggested_for_it(knowledge: Knowledge) -> None:
    for indicator in knowledge.catalogue.indicators:
        for name in (indicator.name, *indicator.aliases):
            found = _suggested(knowledge, name, REJECTED)
            assert found is None or indicator not in found.indicators or found.words != name


def test_questions_alike_are_one_group_the_most_frequent_first() -> None:
    logged = [
        ("choose", "電子申請は？", TODAY),
        ("not_understood", "ﾏｲﾅ R6", TODAY),
        ("rejected", "マイナ r6？", TODAY),
    ]
    assert [(one.text, one.count, one.reason) for one in group_unanswered(logged)] == [
        ("マイナ r6？", 2, "「違う」"),
        ("電子申請は？", 1, "聞き返し"),
    ]
