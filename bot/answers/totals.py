"""Sums and averages over the years of an indicator, and why some do not add up: 「4年間の合計は?」."""

import re

from bot.answer import Answer, Kind, Receipt, Text
from bot.answers import lookup, wording
from bot.answers.context import Context
from bot.answers.results import result_answer
from bot.figures import Row
from bot.quantities import label, told, total
from data.facts import Aggregation, Measure
from nlp.asked import Asked
from nlp.measures import Measure as NamedMeasure
from nlp.operands import Operation

# What happens or is counted anew every year, by the words of a name; what stands, grows or is a rate is not.
_YEARLY = re.compile(
    r"/年|／年|年間|年次|回数|(?:来館|来場|来訪|閲覧|参加|体験|受講|実施|入込客?)者?数|閲覧件数|アクセス数|ページビュー|pv数|購入量|成立件数|発表件数|利用件数|事業数|使用量|排出量|発生件数|新規|(?:利用|業務|講義|削減)時間|(?:参加|受講|体験|来場)した[^(（]*人数",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"満足度|差額|価格|平均|割合|率$")
_STANDING = re.compile(
    r"累計|累積|総フォロワー|登録者?数|登録件数|登録者|市町村数|施設数|団体数|経営体数|設置数|導入(?:施設|校)?数|種類|接続数|就労者数"
)


def why_not_summed(row: Row) -> str:
    """Why the years of an indicator do not add up, "" where they do (集計, else its unit and name)."""
    name, aggregation = row.indicator.name, row.indicator.aggregation
    cells = [fact.cell for fact in row.facts.values()]
    if aggregation is Aggregation.YEARLY or any(part.label == "累計" for cell in cells for part in cell.parts):
        return ""
    if aggregation is Aggregation.CUMULATIVE or re.search("累計|累積|総フォロワー", name):
        return "累計の値なので、年度どうしを足すと重複します。最後の年度の値が全体です。"
    if any(cell.unit == "%" for cell in cells) or _LEVEL.search(name):
        return "割合・価格・満足度のような値なので、年度どうしを足しても意味のある値になりません。"
    if aggregation is Aggregation.POINT or _STANDING.search(name):
        return "その時点の値なので、年度どうしを足すと重複します。"
    if _YEARLY.search(name):
        return ""
    return "年度ごとの値か累計かが計画に書かれていないので、合計していません。"


def over_years(context: Context, asked: Asked, row: Row, operation: Operation, receipt: Receipt) -> Answer:
    """Sum or average over the years asked for, all of the plan where none is."""
    measure = next(
        (Measure(m.measure.value) for m in asked.measures if m.measure is not NamedMeasure.BASELINE), Measure.TARGET
    )
    years = {year for reading in asked.periods for year in row.years(reading.period)}
    facts = [fact for fact in row.numbers(measure) if not years or fact.fiscal_year in years]
    if not facts:
        return lookup.answer(context)
    if operation is Operation.SUM and (why := why_not_summed(row)):
        return Answer(
            Kind.ANSWER,
            Text(
                f"{wording.name(row.indicator)}は、{why}",
                lines=("各年度の値: " + " → ".join(f"{label(fact)} {wording.figure(fact)}" for fact in facts),),
                receipt=wording.receipt_line(receipt),
                sources=wording.documents(context, [row]),
            ),
            facts=tuple(facts),
            indicators=(row.indicator,),
            receipt=receipt,
        )
    if len(facts) < 2:
        return lookup.answer(context)
    result = total(facts, operation)
    what = "合計" if operation is Operation.SUM else "平均"
    missing = sorted(years - {fact.fiscal_year for fact in facts if fact.fiscal_year})
    lines = [result.formula]
    if missing:
        lines.append(f"{wording.years(missing)}は値がないので、含めていません。")
    span = f"{label(facts[0])}から{label(facts[-1])}まで"
    statement = f"{wording.name(row.indicator)}、{span}の{wording.MEASURES[measure]}の{what}です。"
    lead = told(result)
    return result_answer(context, asked, row, receipt, Text(statement, lead, tuple(lines)), (result,), tuple(facts))
