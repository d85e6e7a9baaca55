"""`python -m bot summary`: the state of indicators in a year, as text or as a workbook for a meeting."""

from argparse import Namespace
from datetime import date
from pathlib import Path

from bot.answers import cards
from bot.answers.summary import summed_up
from bot.config import today
from bot.figures import rows_of
from bot.paper import Scope, write_paper
from bot.scorecard import scorecard
from bot.selection import places_of
from data.commandline import Parser
from data.facts import Indicator
from data.fiscal_year import FiscalYear, read_fiscal_year
from data.output_file import write_whole
from data.scales import scale_named
from data.store import Store
from nlp.titles import titles_named


def add_options(summary: Parser) -> None:
    summary.add_argument(
        "--area", default="", metavar="分野", help="一つの分野か章だけ（「産業振興」のように一部でも）"
    )
    summary.add_argument(
        "--year", default="", metavar="年度", help="R5、令和5年度、2023 など（なければ終わった最新の年度）"
    )
    summary.add_argument("--scale", default="", metavar="判定基準", help="標準 か 独法（なければ計画の判定基準）")
    summary.add_argument("--plan", default=None, metavar="計画名", help="一つの計画だけ（SHIRUBE_PLAN）")
    summary.add_argument(
        "--xlsx", type=Path, default=None, metavar="ファイル", help="会議資料に使える表として書き出します"
    )
    summary.add_argument("--today", type=date.fromisoformat, default=None, metavar="日付", help="作成日（2024-11-20）")


def summarise(store: Store, organisation: str, plan: str, options: Namespace) -> None:
    """Prints the summary of a plan (of all where it is ""), or writes it into a workbook.

    Raises ValueError for what is not there, and where there is nothing to sum up.
    """
    made_on: date = options.today or today()
    year, scale = _year(options.year), scale_named(options.scale) if options.scale else None
    catalogue = store.catalogue(organisation)
    plans = tuple(one for one in catalogue.plans if plan in ("", one.title))
    indicators = [one for one in catalogue.indicators if one.plan in plans]
    if scale is None and len({one.scale for one in plans}) > 1:
        raise ValueError("計画によって判定基準が違います。--plan か --scale を指定してください。")
    area = _area(options.area, indicators) if options.area else ""
    indicators = [one for one in indicators if not area or _is_in(area, one)]
    card = scorecard(rows_of(indicators, store.facts(indicators)), made_on, year, scale)
    scope = Scope(plans, area)
    text = summed_up(card, scope.name, len(plans) > 1, cards.notable(card))
    if not card.judged:
        raise ValueError(text.statement)
    if options.xlsx is None:
        print(text.plain())
        return
    write_whole(options.xlsx, write_paper(card, scope, made_on))
    print(f"{scope.name}の{card.year.name}のまとめを {options.xlsx} に書き出しました。")


def _year(text: str) -> FiscalYear | None:
    year = read_fiscal_year(text)
    if text and year is None:
        raise ValueError(f"年度「{text}」が読めません。R5、令和5年度、2023 のように指定してください。")
    return year


def _area(text: str, indicators: list[Indicator]) -> str:
    """The area or chapter that a text names; raises ValueError, with what there is, where none or several fit."""
    titles = list(
        dict.fromkeys(title for one in indicators for place in places_of(one) for title in (place.area, place.chapter))
    )
    found = titles_named(text, filter(None, titles))
    if len(found) == 1:
        return found[0]
    shown = "、".join(f"「{' '.join(title.split())}」" for title in found or filter(None, titles))
    if found:
        raise ValueError(f"分野「{text}」が一つに決まりません。次のどれかを指定してください: {shown}")
    raise ValueError(f"分野「{text}」がありません。今ある分野と章: {shown or 'なし'}")


def _is_in(area: str, indicator: Indicator) -> bool:
    return any(area in (place.area, place.chapter) for place in places_of(indicator))
