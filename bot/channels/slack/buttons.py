"""The buttons under an answer, and what they carry: enough to make the answer again, for nothing else is remembered."""

import json
from dataclasses import dataclass
from datetime import date

from bot.answer import Answer, Kind, name_of
from bot.channels.slack.blocks import Block, plain_text
from bot.channels.slack.escape import clean, one_line
from bot.chart import Course
from bot.knowledge import key_of
from data.facts import Indicator, Measure

#: action_ids; those of which a message has several are numbered: 「pick:0」, 「ask:2」.
PICK, ASK = "pick", "ask"
CHART, YEARS, WRONG, FOLLOW, REST, SHARE, FEEDBACK = "chart", "years", "wrong", "follow", "rest", "post", "feedback"
#: The values of the two feedback buttons.
GOOD, BAD = "good", "bad"

LABEL, VALUE = 75, 2_000
_MOST_EXAMPLES = 6
# As JSON escapes they are safe from whoever escapes a value for HTML on its way there or back.
_MARKS = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that an answer is shown for, "" for none (a digest): then there are no buttons. `picked` is the key
    of the candidate where the question was asked back and one was picked. A follow-up that means something else without
    its thread cannot be `repeatable`: no button asks it again."""

    text: str
    asked_on: date
    picked: str = ""
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """What a button carries: the question, its day, the key (bot/knowledge.py) of what is picked or answered about."""

    text: str
    asked_on: date
    picked: str = ""


def to_value(press: Press) -> str:
    """`{"q":"コピー用紙 R6","d":"2024-11-20","p":"indicator:12"}`; "" for a question too long for a button."""
    fields = {"q": clean(press.text), "d": press.asked_on.isoformat(), "p": press.picked}
    if not press.picked:
        del fields["p"]
    value = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).translate(_MARKS)
    return value if len(value) <= VALUE else ""


def read_value(text: str) -> Press | None:
    """What a button carried; None for anything that `to_value` has not written."""
    if len(text) > VALUE:
        return None
    try:
        fields = json.loads(text)
        press = Press(fields["q"], date.fromisoformat(fields["d"]), fields.get("p", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return press if isinstance(press.text, str) and isinstance(press.picked, str) else None


def button(action: str, label: str, value: str) -> Block:
    return {"type": "button", "action_id": action, "text": plain_text(one_line(label, LABEL)), "value": value}


def answer_buttons(answer: Answer, asked: Asked, private: bool) -> list[Block]:
    """What can be done with an answer; candidates to pick from where it asks back, questions to ask where it helps."""
    if answer.kind is Kind.CHOOSE:
        return _kept([(f"{PICK}:{at}", label, value) for at, (label, value) in enumerate(_picks(answer, asked))])
    if answer.kind in (Kind.HELP, Kind.NOT_UNDERSTOOD):
        examples = answer.examples[:_MOST_EXAMPLES]
        return _kept([(f"{ASK}:{at}", one, to_value(Press(one, asked.asked_on))) for at, one in enumerate(examples)])
    if not asked.text.strip():
        return []
    indicator = sole_indicator(answer)
    about = to_value(Press(asked.text, asked.asked_on, key_of(indicator) if indicator else asked.picked))
    again = _again(asked)
    wanted = [
        (CHART, "推移グラフ" if indicator else "グラフ", (about if indicator else again) if answer.chart else ""),
        (YEARS, "他の年度", about if indicator and not _shows_all_years(answer) else ""),
        (WRONG, "違う", about),
        (FOLLOW, "フォロー", about if indicator else ""),
        (SHARE, "みんなに見せる", again if private else ""),
    ]
    return _kept(wanted)


def rest_button(asked: Asked, count: int) -> list[Block]:
    """「残り57件を見る」, none for a question too long for a button."""
    return _kept([(REST, f"残り{count}件を見る", _again(asked) if asked.text.strip() else "")])


def _again(asked: Asked) -> str:
    """The value of a button that asks the question again, "" where that would be another question."""
    return to_value(Press(asked.text, asked.asked_on, asked.picked)) if asked.repeatable else ""


def feedback() -> list[Block]:
    """Two buttons side by side in small print."""

    def side(text: str, value: str) -> Block:
        return {"text": plain_text(text), "value": value, "accessibility_label": f"この答えは{text}"}

    element = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": side("役に立った", GOOD),
        "negative_button": side("役に立たなかった", BAD),
    }
    return [{"type": "context_actions", "elements": [element]}]


def sole_indicator(answer: Answer) -> Indicator | None:
    """The indicator of an answer that is about exactly one."""
    indicators = {indicator.id: indicator for indicator in answer.indicators}
    return next(iter(indicators.values())) if len(indicators) == 1 else None


def _shows_all_years(answer: Answer) -> bool:
    """Does an answer give the targets of all years of its course already?"""
    if not isinstance(answer.chart, Course):
        return False
    told = {fact.fiscal_year for fact in answer.facts if fact.measure is Measure.TARGET}
    return told >= {point.year for point in answer.chart.series.get(Measure.TARGET, ())}


def _picks(answer: Answer, asked: Asked) -> list[tuple[str, str]]:
    """Label and value for each candidate: the line of the reply up to its place, 「1. 開発: 農業先端技術の…」."""
    names = [name_of(choice) for choice in answer.choices]
    found = []
    for number, choice in enumerate(answer.choices, 1):
        label = f"{number}. {names[number - 1]}"
        line = next((line for line in answer.text.details if line.startswith(f"{number}. ")), label)
        # Candidates of one name are told apart by their place, which ends the line.
        label = line if names.count(names[number - 1]) > 1 else line.partition(" — ")[0]
        found.append((label, to_value(Press(asked.text, asked.asked_on, key_of(choice)))))
    return found


def _kept(wanted: list[tuple[str, str, str]]) -> list[Block]:
    """The buttons that have a value and a label."""
    return [button(action, label, value) for action, label, value in wanted if value and one_line(label, LABEL)]
