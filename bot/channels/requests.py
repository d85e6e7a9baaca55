"""Requests as ANSWER.md has them: a line of `ask --jsonl`, a body of POST /api/ask. Each is a thread of its own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any, NoReturn, TypeGuard

from bot.answer import Answer
from bot.ask import Ask
from bot.question import Question

#: As many messages may go before a question.
MOST_CONTEXT = 50
# Years that are far off have no fiscal year.
_DAY = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")

RequestId = str | int | float | None


@dataclass(frozen=True, slots=True)
class AskRequest:
    """`today` and `plan` are None where whoever answers is to say."""

    question: str
    context: tuple[str, ...] = ()
    today: date | None = None
    plan: str | None = None
    id: RequestId = None


def read_request(text: str) -> AskRequest:
    """Raises ValueError, with what is wrong in the asker's words, for what is no request."""
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ValueError("JSONとして読めません。") from None
    if not isinstance(found, dict):
        raise ValueError("JSONのオブジェクト（{ で始まるもの）を送ってください。")
    question, context, plan = (found.get(name) for name in ("question", "context", "plan"))
    if not _is_text(question):
        raise ValueError("question を文字列で指定してください。")
    if not (context is None or (isinstance(context, list) and all(map(_is_text, context)))):
        raise ValueError("context は文字列の配列で指定してください。")
    if context and len(context) > MOST_CONTEXT:
        raise ValueError(f"context は{MOST_CONTEXT}件までです。")
    if not (plan is None or _is_text(plan)):
        raise ValueError("plan は文字列で指定してください。")
    return AskRequest(question, tuple(context or ()), _day(found), plan, _id(found))


def ask_in_context(ask: Ask, request: AskRequest, empty: Question) -> Answer:
    """The answer to a request, after the messages of its context; nothing of it is kept.

    `empty` is a question with all that the request does not say.
    """
    question = replace(empty, asked_on=request.today or empty.asked_on, plan=request.plan or empty.plan)
    for message in request.context:
        before = ask(replace(question, text=message)).memory
        question = replace(question, state=before.state() if before else question.state)
    return ask(replace(question, text=request.question))


def _is_text(value: object) -> TypeGuard[str]:
    """Is it a string, and no half of a letter (\\ud83d alone) in it?"""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _day(found: Mapping[str, Any]) -> date | None:
    day = found.get("today")
    if day is None:
        return None
    try:
        if isinstance(day, str) and _DAY.fullmatch(day):
            return date.fromisoformat(day)
    except ValueError:
        pass
    raise ValueError("today は 2024-11-20 の形の日付（1900〜2099年）で指定してください。")


def _id(found: Mapping[str, Any]) -> RequestId:
    own = found.get("id")
    if own is None or _is_text(own) or type(own) is int or (isinstance(own, float) and isfinite(own)):
        return own
    raise ValueError("id は文字列か数値で指定してください。")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")
