"""Marks an answer that rests on invented results (data/samples.py)."""

from dataclasses import replace

from bot.answer import Answer
from bot.chart import Chart
from data.samples import SAMPLE, is_sample

#: Stands in every answer that says, or is reckoned from, an invented result.
REMARK = f"※{SAMPLE}（架空の実績値）を含みます。"
_AFTER_TITLE = f"（{SAMPLE}）"


def marked(answer: Answer, without: Answer) -> Answer:
    """The answer with its remark and the mark in its picture's title, where it needs them.

    `without` is the answer to the same question from what is recorded: an answer that reads otherwise rests on samples,
    whatever it shows of them.
    """
    text, chart = answer.text, answer.chart
    facts = (*answer.facts, *answer.context_facts, *(fact for one in answer.computed for fact in one.facts))
    if any(map(is_sample, facts)) or answer.status_counts or _said(answer) != _said(without):
        text = replace(text, lines=(*text.lines, REMARK))
    if chart and (answer.status_counts or chart != without.chart):
        chart = _titled(chart)
    return replace(answer, text=text, chart=chart)


def _said(answer: Answer) -> object:
    return answer.text, answer.facts, answer.context_facts, answer.indicators, answer.statuses, answer.count, answer.yes


def _titled(chart: Chart) -> Chart:
    return replace(chart, title=chart.title + _AFTER_TITLE)
