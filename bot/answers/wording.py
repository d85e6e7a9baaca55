"""How Shirube says things: names, years, figures, sources, the receipt."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.answer import Receipt
from bot.answers.context import Context
from bot.figures import Row, is_interim
from bot.knowledge import Target
from data.facts import MEASURES as MEASURES
from data.facts import Fact, Indicator, Initiative
from data.fiscal_year import FiscalYear
from data.values import Bound, Cell, read_cell
from nlp.mentions import Match

# More places than these are counted, not listed.
_SOURCES = 6


def name(target: Target) -> str:
    """The official name, with area and initiative where another indicator has the same."""
    if isinstance(target, Initiative):
        return target.title
    return f"{target.name}（{target.qualifier}）" if target.qualifier else target.name


def year(fiscal_year: FiscalYear) -> str:
    """「令和6年度（2024年4月〜2025年3月）」."""
    return f"{fiscal_year.name}（{fiscal_year.span}）"


def years(fiscal_years: Sequence[FiscalYear]) -> str:
    """「令和4〜7年度」, 「令和5年度・令和7年度」; ascending years are expected."""
    first, last = fiscal_years[0], fiscal_years[-1]
    if len(fiscal_years) < 3 or last.year - first.year + 1 != len(fiscal_years):
        return "・".join(fiscal_year.name for fiscal_year in fiscal_years)
    if first.era[0] == last.era[0]:
        return f"{first.name.removesuffix('年度')}〜{last.era[1]}年度"
    return f"{first.name}〜{last.name}"


def figure(fact: Fact) -> str:
    """The cell as the plan writes it: 「ほぼ100%」."""
    return fact.cell.raw


def unit_note(facts: Sequence[Fact]) -> str:
    """「（単位は件）」 where the cells leave it out, else ""."""
    units = {fact.cell.unit for fact in facts if fact.cell.unit and not _writes_unit(fact.cell)}
    return f"（単位は{units.pop()}）" if len(units) == 1 else ""


def _writes_unit(cell: Cell) -> bool:
    """A result of 「1,200人」 among targets in 万人 writes its own."""
    return cell.unit in cell.raw or bool(read_cell(cell.raw).unit)


def approximate(facts: Iterable[Fact]) -> tuple[str, ...]:
    """A line where a figure that was reckoned with is none that is exact: 「ほぼ100%」."""
    inexact = dict.fromkeys(fact.cell.raw for fact in facts if fact.cell.bound is not Bound.EXACT)
    return (f"「{'」「'.join(inexact)}」は、書かれている数で計算したおよその値です。",) if inexact else ()


def interim(facts: Iterable[Fact], today: date) -> tuple[str, ...]:
    """A line where results are 途中経過: 「令和6年度の実績は途中経過です。」."""
    found = sorted({fact.fiscal_year for fact in facts if fact.fiscal_year and is_interim(fact, today)})
    return (f"{years(found)}の実績は途中経過です。",) if found else ()


def place(initiative: Initiative) -> str:
    """「第4-1 市町村支援・連携 1(4) マイナンバーカードの普及促進」."""
    return " ".join(filter(None, (initiative.area, initiative.number, initiative.title)))


def sources(initiatives: Sequence[Initiative], with_plan: bool) -> str:
    """The lines that say where something stands; `with_plan` names the plan too (where there are several).

    「出典: 資料3-3、デジタル県庁等、2 行政サービスの向上 2(3) オープンデータの充実」; several places a line each.
    """
    places = list(dict.fromkeys(_source(initiative, with_plan) for initiative in initiatives))
    if len(places) <= 1:
        return "".join(f"出典: {where}" for where in places)
    lines = [f"・{where}" for where in places[:_SOURCES]]
    if len(places) > _SOURCES:
        lines.append(f"・ほか{len(places) - _SOURCES}か所")
    return "\n".join([f"出典（{len(places)}か所に載っています）:", *lines])


def _source(initiative: Initiative, with_plan: bool) -> str:
    plan = initiative.plan
    title = plan.title if with_plan or not plan.document else ""
    return "、".join(filter(None, (title, plan.document, initiative.chapter, place(initiative))))


def sources_of(context: Context, facts: Iterable[Fact]) -> str:
    """Where these figures stand."""
    places = dict.fromkeys(listing.initiative for fact in facts for listing in fact.sources)
    return sources(list(places), context.several_plans)


def documents(context: Context, rows: Iterable[Row]) -> str:
    """「出典: 資料3-3、デジタル県庁等」: the documents and chapters behind many indicators."""
    return documents_of(context, [listing.initiative for row in rows for listing in row.indicator.listings])


def documents_of(context: Context, initiatives: Iterable[Initiative]) -> str:
    """The documents and chapters of these initiatives."""
    return document_lines(initiatives, context.several_plans)


def document_lines(initiatives: Iterable[Initiative], with_plan: bool) -> str:
    """The documents and chapters of these initiatives, a line each where there are several; with the plan if wanted."""
    chapters: dict[str, list[str]] = {}
    for one in initiatives:
        plan = one.plan
        document = "、".join(filter(None, (plan.title if with_plan or not plan.document else "", plan.document)))
        chapters.setdefault(document, []).append(one.chapter)
    return "\n".join(
        f"出典: {'、'.join(filter(None, (document, '・'.join(dict.fromkeys(filter(None, own))))))}"
        for document, own in chapters.items()
    )


def receipt_line(receipt: Receipt) -> str:
    """「読み取り: 「マイナカード」→ 県民のマイナンバーカードの取得率（別名）／R6 → 令和6年度／指定なし → 目標値」."""
    parts = []
    if receipt.indicator and receipt.words and receipt.match == Match.SIMILAR.value:
        others = f"（ほかに近い名前: {'、'.join(receipt.runners_up)}）" if receipt.runners_up else ""
        parts.append(f"「{receipt.words}」を「{receipt.indicator}」と読みました{others}")
    elif receipt.indicator:
        words = f"「{receipt.words}」→ " if receipt.words else ""
        parts.append(f"{words}{receipt.indicator}（{receipt.match}）")
    parts += [f"{words or '指定なし'} → {read}" for words, read in receipt.years]
    parts += [f"{words or '指定なし'} → {read}" for words, read in receipt.measures]
    if receipt.passed_over:
        parts.append("読み飛ばした語: " + "、".join(receipt.passed_over))
    return "読み取り: " + "／".join(parts) if parts else ""


def examples(context: Context) -> tuple[str, ...]:
    """Up to three questions that this very store can answer: コピー用紙のR6の目標は?"""
    catalogue = context.knowledge.catalogue
    with_alias = [indicator for indicator in catalogue.indicators if indicator.aliases]
    picked: list[Indicator] = [*with_alias, *catalogue.indicators][:: max(1, len(with_alias) // 3)][:3]
    now = FiscalYear.of_date(context.question.asked_on)
    asked = ("の{year}の目標は?", "の基準値は?", "の目標の推移は?")
    return tuple(
        f"{indicator.aliases[0] if indicator.aliases else indicator.name}"
        f"{form.format(year=min(max(now, indicator.plan.first_year), indicator.plan.last_year).label)}"
        for indicator, form in zip(picked, asked, strict=False)
    )


def quoted(questions: Iterable[str]) -> str:
    """「コピー用紙の基準値は?」「BPRのR7の目標は?」."""
    return "".join(f"「{question}」" for question in questions)


def example_line(questions: Sequence[str]) -> tuple[str, ...]:
    """Examples as one line, none where there are none (a store without indicators)."""
    return (f"例: {quoted(questions)}",) if questions else ()


def example_lines(context: Context) -> tuple[str, ...]:
    """The examples of this store as one line."""
    return example_line(examples(context))
