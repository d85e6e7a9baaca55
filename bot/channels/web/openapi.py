"""The OpenAPI document: what POST /api/ask takes and gives, by ANSWER.md, as JSON Schemas."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.answer import Kind
from bot.channels.requests import MOST_CONTEXT
from data.facts import Direction, Measure
from data.values import Bound
from nlp.operands import Operation

Schema = Mapping[str, Any]

_STRING: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
_STRING_OR_NULL: Schema = {"type": ["string", "null"]}
_PERIOD: Schema = {"type": "string", "description": "年度（R6 など）。基準値では空"}


def _list(items: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {})}


def _one_of(values: Any, description: str = "") -> Schema:
    return {"type": "string", "enum": [one.value for one in values], "description": description}


def _object(properties: Mapping[str, Schema], required: str | None = None, description: str = "") -> Schema:
    """An object with these keys and no others; all of them are always there unless `required` names fewer."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required.split(),
        "additionalProperties": False,
        **({"description": description} if description else {}),
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_REQUEST: Schema = {
    "type": "object",
    "description": "質問。ここにない項目は無視します。項目の値が null のときは、ないものとして扱います",
    "required": ["question"],
    "properties": {
        "id": {"type": ["string", "number", "null"], "description": "答えにそのまま付けて返す番号"},
        "question": {"type": "string", "description": "質問の文"},
        "context": {
            "type": ["array", "null"],
            "items": _STRING,
            "maxItems": MOST_CONTEXT,
            "description": "同じやり取りの、これより前の発言（古い順）。要求ごとに新しいやり取りとして扱います",
        },
        "today": {
            "type": ["string", "null"],
            "format": "date",
            "pattern": "^(19|20)[0-9]{2}-",
            "description": "質問した日（2024-11-20 の形、1900〜2099年）。なければ日本時間の今日",
        },
        "plan": {"type": ["string", "null"], "description": "質問が言わないときの計画の名前"},
    },
}

_SOURCE = _object(
    {
        "plan": _STRING,
        "document": _STRING,
        "chapter": _STRING,
        "area": _STRING,
        "initiative": _STRING,
        "number": _STRING,
        "line": _INTEGER,
    },
    description="出典。表の中の場所",
)

_FACT = _object(
    {
        "indicator": {"type": "string", "description": "指標の名前"},
        "measure": _one_of(Measure, "目標値・基準値・実績値・公表判定の別"),
        "period": _PERIOD,
        "fiscal_year": {"type": ["integer", "null"], "description": "年度（西暦）"},
        "raw": {"type": "string", "description": "表に書かれているとおりの値"},
        "value": _NUMBER_OR_NULL,
        "unit": _STRING,
        "bound": _one_of(Bound, "値の限り方（以上、約など）"),
        "note": _STRING,
        "as_of": _STRING,
        "parts": _list(_object({"label": _STRING, "value": _NUMBER_OR_NULL, "unit": _STRING}), "一つの欄に並ぶ値"),
        "sources": _list(_ref("Source")),
    },
    description="一つの値",
)

_COURSE = _object(
    {
        "kind": {"const": "course"},
        "title": _STRING,
        "unit": _STRING,
        "direction": _one_of(Direction),
        "periods": _list(_STRING),
        "series": {
            "type": "object",
            "additionalProperties": _list(
                _object({"period": _PERIOD, "value": _NUMBER_OR_NULL, "raw": _STRING, "interim": {"type": "boolean"}})
            ),
        },
    }
)
_COUNTS = _object(
    {
        "kind": {"const": "counts"},
        "title": _STRING,
        "bars": _list(_object({"status": _STRING, "count": _INTEGER})),
    }
)

_READ = _list(_object({"words": _STRING, "read": _STRING}))

_ANSWER = _object(
    {
        "id": {"type": ["string", "number"]},
        "kind": _one_of(
            Kind,
            "answer: 答え、choose: 聞き返し、no_data: 値がない、not_understood: 答えられない、help: 聞き方",
        ),
        "text": {"type": "string", "description": "返事の文。これだけで完結します"},
        "facts": _list(_ref("Fact"), "聞かれた値"),
        "context_facts": _list(_ref("Fact"), "あわせて示す値"),
        "indicators": _list(_STRING, "返事が取り上げる指標の名前"),
        "items": _list(_STRING, "返事が取り上げる取組項目の名前"),
        "choices": _list(_STRING, "聞き返しの候補の名前"),
        "options": _list(
            _object(
                {
                    "indicator": _STRING_OR_NULL,
                    "plan": _STRING,
                    "area": _STRING,
                    "initiative": _STRING,
                    "number": _STRING,
                }
            ),
            "聞き返しの候補の場所",
        ),
        "alternatives": _list(_STRING, "ほかに考えられる名前"),
        "computed": _list(
            _object({"operation": _one_of(Operation), "value": _NUMBER, "unit": _STRING, "formula": _STRING}),
            "計算した値",
        ),
        "count": {"type": "integer", "description": "何件かという質問の答え"},
        "yes": {"type": "boolean", "description": "はいかいいえかという質問の答え"},
        "statuses": _list(_object({"indicator": _STRING, "period": _PERIOD, "status": _STRING}), "達成状況"),
        "status_counts": {
            "type": "object",
            "additionalProperties": _INTEGER,
            "description": "達成状況ごとの件数",
        },
        "chart": {"oneOf": [_COURSE, _COUNTS], "description": "グラフの元の値"},
        "receipt": _object(
            {
                "words": _STRING,
                "indicator": _STRING,
                "match": _STRING,
                "years": _READ,
                "measures": _READ,
                "passed_over": _list(_STRING),
            },
            description="質問の読み取り方",
        ),
        "elapsed_ms": {"type": "number", "description": "答えるのにかかった時間（ミリ秒）"},
    },
    "kind text facts",
    "答え。当てはまらない項目はありません",
)

_ERROR = _object({"error": {"type": "string", "description": "何が正しくなかったか"}})


def _json(name: str, description: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref(name)}}}


_RESPONSES: Schema = {
    "200": _json("Answer", "答え"),
    "400": _json("Error", "要求を読み取れません"),
    "401": {"description": "ログインが必要です"},
    "404": {"description": "ここからは使えません"},
    "405": {"description": "POSTで送ってください"},
    "413": _json("Error", "要求が長すぎます"),
    "415": _json("Error", "UTF-8のJSON（application/json）ではありません"),
    "429": {"description": "要求が多すぎます。しばらくしてから送ってください"},
    "500": _json("Error", "内部の問題で答えられません"),
    "503": _json("Error", "データベースにつながりません"),
}


@cache
def document() -> Schema:
    """The whole document (OpenAPI 3.1)."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "しるべ",
            "version": "1",
            "description": "計画の指標についての日本語の質問に、登録されている値だけで答えます。",
        },
        "paths": {
            "/api/ask": {
                "post": {
                    "operationId": "ask",
                    "summary": "質問に答えます",
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": _ref("Request")}},
                    },
                    "responses": _RESPONSES,
                }
            }
        },
        "components": {
            "schemas": {
                "Request": _REQUEST,
                "Answer": _ANSWER,
                "Fact": _FACT,
                "Source": _SOURCE,
                "Error": _ERROR,
            }
        },
    }
