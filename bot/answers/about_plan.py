"""What can be said without an indicator: marks and words of the table, notes, years and document of the plans."""

from collections.abc import Sequence

from bot.answer import Answer, Kind, Text
from bot.answers import wording
from bot.answers.context import Context
from data.facts import Plan
from nlp.facets import Facet, FacetReading, is_of_plan

_KEYS = {
    "スラッシュ": "/",
    "ハイフン": "-",
    "横棒": "-",
    "米印": "※",
    "注": "※",
    "注記": "※",
    "込": "込み",
    "①②": "①",
    "②": "①",
}
#: What marks and words of a plan's table mean (data/values.py reads them so).
MEANINGS = {
    "累計": "「累計」は、始めの年度からその年度までを足し上げた値です。年度どうしを足すと重複します。",
    "/": "「/」は、その年度に目標の設定がないことを表します（設定なし）。空欄や0とは別に扱います。",
    "-": "「-」は、値の設定や記載がないことを表します（設定なし）。空欄や0とは別に扱います。",
    "※": "「※」は計画の注記です。",
    "ほぼ": "「ほぼ」は、その数に近い値を目指すという書き方です。ちょうどの値としては扱いません。",
    "以上": "「以上」は、その値かそれより大きい値を目指すという書き方です。",
    "再掲": "「再掲」は、同じ指標が複数の取組項目に載っていることです。1件と数えます。",
    "①": "「①」「②」は、一つの行に書かれた二つの指標です。それぞれ別の値として読みます。",
    "込み": "「込み」は、その値に別の数も含まれているという書き方です。計画に内訳は書かれていません。",
}


def meaning(word: str) -> str:
    """What a mark or a word of the table means."""
    return MEANINGS[_KEYS.get(word, word)]


def notes(notes: Sequence[str]) -> list[str]:
    """The notes that stand under a plan's table."""
    if not notes:
        return ["計画に注記はありません。"]
    return ["計画には、次の注記があります。", *(f"・{note}" for note in notes)]


def of_plan(context: Context, facets: Sequence[FacetReading]) -> Answer | None:
    """What can be said without an indicator: marks, notes, years, the document of the plans themselves."""
    query = context.query
    if any(word.can_be_asked for word in query.asked[0].words) and not is_of_plan(query.text, facets[0].facet):
        return None
    plans = context.knowledge.catalogue.plans
    lines: list[str] = []
    for reading in facets:
        if reading.facet is Facet.MEANING:
            lines.append(meaning(reading.word))
            if _KEYS.get(reading.word, reading.word) == "※":
                lines += [line for plan in plans for line in notes(plan.notes)]
        elif reading.facet in (Facet.NOTE, Facet.REMARK):
            lines += [line for plan in plans for line in notes(plan.notes)]
        elif reading.facet is Facet.YEARS:
            lines += [plan_years(plan) for plan in plans]
        elif reading.facet is Facet.NAME and "計画" in context.query.text:
            lines += [f"計画の正式な名称は「{plan.title}」です。" for plan in plans]
        elif reading.facet is Facet.SOURCE:
            lines += [f"数字はすべて、{plan.document}「{plan.title}」の表によります。" for plan in plans]
    if not lines:
        return None
    return Answer(
        Kind.ANSWER,
        Text(
            lines[0],
            lines=tuple(dict.fromkeys(lines[1:])),
            sources=wording.documents_of(context, context.knowledge.catalogue.initiatives[:1]),
        ),
    )


def plan_years(plan: Plan) -> str:
    """「…」の目標は、令和4年度〜令和7年度です。"""
    return f"「{plan.title}」の目標は、{wording.years([plan.first_year, plan.last_year]).replace('・', '〜')}です。"
