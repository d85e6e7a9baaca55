"""The buttons under an answer, and what they carry (bot/channels/asked.py) as a value."""

import json
from datetime import date

from bot.answer import Answer, Kind
from bot.channels.asked import Asked, Press, about, again, candidates, shows_all_years, sole_indicator
from bot.channels.phrases import PERMANENT
from bot.channels.slack.blocks import Block, plain_text
from bot.channels.slack.escape import clean, one_line

#: action_ids; those of which a message has several are numbered: 「pick:0」, 「ask:2」.
PICK, ASK = "pick", "ask"
CHART, YEARS, WRONG, FOLLOW, REST, SHARE, FEEDBACK = "chart", "years", "wrong", "follow", "rest", "post", "feedback"
#: Slack itself opens the page; that it was pressed asks for nothing.
LINK = "link"
#: The values of the two feedback buttons.
GOOD, BAD = "good", "bad"

LABEL, VALUE = 75, 2_000
_MOST_EXAMPLES = 6
# As JSON escapes they are safe from whoever escapes a value for HTML on its way there or back.
_MARKS = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


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
        offered = enumerate(candidates(asked, answer))
        return _kept([(f"{PICK}:{at}", label, to_value(press)) for at, (label, press) in offered])
    if answer.kind in (Kind.HELP, Kind.NOT_UNDERSTOOD):
        examples = answer.examples[:_MOST_EXAMPLES]
        return _kept([(f"{ASK}:{at}", one, to_value(Press(one, asked.asked_on))) for at, one in enumerate(examples)])
    if not asked.text.strip():
        return []
    indicator = sole_indicator(answer)
    value, repeats = to_value(about(asked, answer)), _again(asked)
    wanted = [
        (CHART, "推移グラフ" if indicator else "グラフ", (value if indicator else repeats) if answer.chart else ""),
        (YEARS, "他の年度", value if indicator and not shows_all_years(answer) else ""),
        (WRONG, "違う", value),
        (FOLLOW, "フォロー", value if indicator else ""),
        (SHARE, "みんなに見せる", repeats if private else ""),
    ]
    return [*_kept(wanted), *_link(asked)]


def _link(asked: Asked) -> list[Block]:
    """Leads to the answer's page."""
    link = {"type": "button", "action_id": LINK, "text": plain_text(PERMANENT), "url": asked.link}
    return [link] if asked.link else []


def rest_button(asked: Asked, count: int) -> list[Block]:
    """「残り57件を見る」, none for a question too long for a button."""
    return _kept([(REST, f"残り{count}件を見る", _again(asked))])


def _again(asked: Asked) -> str:
    press = again(asked)
    return to_value(press) if press else ""


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


def _kept(wanted: list[tuple[str, str, str]]) -> list[Block]:
    """The buttons that have a value and a label."""
    return [button(action, label, value) for action, label, value in wanted if value and one_line(label, LABEL)]
