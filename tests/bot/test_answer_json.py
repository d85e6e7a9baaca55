"""The JSON form keeps ANSWER.md's contract."""

import json
from datetime import date
from typing import Any

from bot.answer_json import to_json
from bot.ask import Ask
from bot.question import Question


def _asked(ask: Ask, text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(to_json(ask(Question(text, date(2024, 11, 20))), "x1")))
    return document


def test_look_up(ask: Ask) -> None:
    document = _asked(ask, "マイナンバーカードの取得率のR6目標は?")
    assert document["id"] == "x1"
    assert document["kind"] == "answer"
    assert document["indicators"] == ["県民のマイナンバーカードの取得率"]
    fact = document["facts"][0]
    assert fact == {
        "indicator": "県民のマイナンバーカードの取得率",
        "measure": "target",
        "period": "R6",
        "fiscal_year": 2024,
        "raw": "ほぼ100%",
        "value": 100,
        "unit": "%",
        "bound": "about",
        "note": "",
        "as_of": "",
        "parts": [],
        "sources": [
            {
                "plan": "デジタル変革（DX）推進基本方針及びデジタル化推進計画",
                "document": "資料3-3",
                "chapter": "デジタル県庁等",
                "area": "第4-1 市町村支援・連携",
                "initiative": "マイナンバーカードの普及促進",
                "number": "1(4)",
                "line": 22,
            }
        ],
    }
    assert document["receipt"]["match"] == "別名"
    assert document["receipt"]["years"] == [{"words": "R6", "read": "令和6年度"}]
    assert document["elapsed_ms"] > 0


def test_baseline_has_no_year(ask: Ask) -> None:
    fact = _asked(ask, "携帯電話人口カバー率の基準値")["facts"][0]
    assert (fact["measure"], fact["period"], fact["fiscal_year"], fact["value"]) == ("baseline", "", None, 99.94)


def test_measures_of_a_compound_cell_are_parts(ask: Ask) -> None:
    fact = _asked(ask, "テクノアカデミー R4")["facts"][0]
    assert fact["raw"] == "①500 ②50"
    assert fact["value"] is None
    assert [(part["label"], part["value"]) for part in fact["parts"]] == [("①", 500), ("②", 50)]


def test_asking_back_offers_names_with_their_places(ask: Ask) -> None:
    document = _asked(ask, "農業先端技術の発表件数 R7")
    assert document["kind"] == "choose"
    assert len(document["choices"]) == len(document["options"]) == 2
    assert document["options"][1]["number"] == "4(2)ア"
    assert document["facts"] == []


def test_nothing_to_say_has_no_facts(ask: Ask) -> None:
    document = _asked(ask, "明日の天気")
    assert document["kind"] == "not_understood"
    assert document["facts"] == []
    assert "context_facts" not in document
