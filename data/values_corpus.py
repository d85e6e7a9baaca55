"""Cells as plans write them: one meaning with its many spellings, and cells that hold no number.

The spellings are real ones, from the shipped plan and from other prefectures' and cities' plans.
"""

from dataclasses import replace
from decimal import Decimal

from data.values import Absence, Bound, Cell, Part


def mean(meaning: Cell, *spellings: str) -> list[Cell]:
    """One example for each spelling: the cell that reading it must give, with the spelling as its raw text."""
    return [replace(meaning, raw=spelling) for spelling in spellings]


def number(
    value: str,
    unit: str = "",
    bound: Bound = Bound.EXACT,
    note: str = "",
    as_of: str = "",
    parts: tuple[Part, ...] = (),
) -> Cell:
    return Cell("", Decimal(value), unit, bound, note, as_of, parts)


def measures(*parts: tuple[str, str, str]) -> Cell:
    """Several measures in one cell, as (label, value, unit)."""
    return Cell("", parts=tuple(Part(label, Decimal(value), unit) for label, value, unit in parts))


def cumulative(value: str, unit: str = "") -> tuple[Part, ...]:
    return (Part("累計", Decimal(value), unit),)


EXAMPLES: list[Cell] = [
    # plain numbers in every width
    *mean(number("0"), "0", "０", "0.0", "-0"),
    *mean(number("9800"), "9800", "9,800", "９８００", "９，８００", "9800.0", "+9,800", "＋9800"),
    *mean(number("8000000"), "8,000,000", "８，０００，０００", "800万", "0.08億"),
    *mean(number("12345"), "12,345", "１２，３４５", " 12,345 ", "12345"),
    *mean(number("4.1"), "4.1", "４．１", "4.10"),
    *mean(number("165.6"), "165.6", "１６５．６", "165.60"),
    *mean(number("12345.67"), "12,345.67"),
    # percentages
    *mean(number("48.2", "%"), "48.2%", "48.2％", "４８．２％", "48.2 %", "48.20%", "　48.2%　", "48.2パーセント"),
    *mean(number("55.3", "%"), "55.3％", "５５．３％", "55．3%", "\t55.3%\n", "55.30%"),
    *mean(number("81.6", "%"), "81.60%", "81.6%"),
    *mean(number("0.5", "ポイント"), "0.5ポイント", "＋0.5ポイント"),
    # scales
    *mean(number("400000", "枚"), "40万枚", "４０万枚", "400,000枚", "40 万枚", "４０　万枚", "400千枚"),
    *mean(number("180000", "枚"), "18万枚", "１８万枚", "18万 枚", "180,000枚", "180千枚"),
    *mean(number("1464100"), "146.41万", "1,464,100", "146万4,100", "146万4100"),
    *mean(number("35000", "人"), "3万5千人", "3.5万人", "35千人", "3万5,000人"),
    *mean(number("120000000", "円"), "1億2,000万円", "1億2千万円", "1.2億円", "120百万円", "120,000千円"),
    *mean(number("2000000000000", "円"), "2兆円", "20,000億円"),
    *mean(number("100000", "人"), "10万人", "1十万人"),
    # negatives
    *mean(number("-162"), "-162", "－162", "−162", "–162", "‐162", "▲162", "△162", "▲ 162", "ー162", "△１６２"),
    *mean(number("-162"), "—162", "―162", "ｰ162", "－ １６２", "　▲１６２"),
    *mean(number("-1.5", "%"), "▲1.5%", "△1.5％", "-1.5%"),
    *mean(number("-120000", "人"), "▲12万人", "-120,000人"),
    # units
    *mean(number("164", "名"), "164名", "１６４名", "164 名"),
    *mean(number("3", "市町村"), "3市町村", "３市町村"),
    *mean(number("5", "件/年"), "5件/年", "5件／年"),
    *mean(number("1500", "h"), "1500h", "1,500ｈ"),
    *mean(number("12", "ヶ月"), "12ヶ月"),
    *mean(number("3", "年"), "3年"),
    *mean(number("3", "年", note="間"), "3年間"),
    # bounds
    *mean(number("4", bound=Bound.AT_LEAST), "4以上", "４以上", "4 以上"),
    *mean(number("99", "%", Bound.AT_LEAST), "99%以上", "９９％以上", "99% 以上"),
    *mean(number("10", "%", Bound.AT_MOST), "10%以下", "10％以内"),
    *mean(number("5", "%", Bound.LESS_THAN), "5%未満", "５％未満"),
    *mean(number("50", "%", Bound.MORE_THAN), "50%超", "50%を超える", "50％超える"),
    *mean(
        number("100", "%", Bound.ABOUT), "ほぼ100%", "ほぼ１００％", "約100%", "概ね100%", "おおむね100%", "およそ100%"
    ),
    *mean(number("100", "%", Bound.ABOUT), "100%程度", "100%前後"),
    *mean(number("120", bound=Bound.ABOUT), "約120", "約１２０", "120程度", "およそ 120"),
    *mean(number("30000", "人", Bound.ABOUT), "約3万人", "約 30,000人", "3万人程度"),
    # remarks: when it was measured, or anything else
    *mean(number("37.5", "%", as_of="2月1日時点"), "37.5%【2月1日時点】", "37.5％（2月1日時点）", "37.5% (2月1日時点)"),
    *mean(number("-198", as_of="R3.4～ R3.12"), "-198 (R3.4～ R3.12)", "▲198（R3.4～ R3.12）"),
    *mean(number("62", "%", as_of="R2"), "62%(R2)", "62% （R2）", "62%【R2】"),
    *mean(number("18", "箇所", as_of="令和3年度末"), "18箇所（令和3年度末）"),
    *mean(number("10", "件", note="暫定"), "10件（暫定）", "10件【暫定】", "10件(暫定)"),
    *mean(number("10", "件", note="暫定", as_of="9月末"), "10件（暫定）（9月末）", "10件【9月末】（暫定）"),
    *mean(number("5", "件", note="予定"), "5（予定）件"),
    *mean(number("164", "名", note="込み"), "164名込み", "１６４名込み"),
    *mean(number("100", "%", note="達成"), "100%達成", "100%（達成）"),
    *mean(number("100", "%", note="を目指す"), "100%を目指す"),
    *mean(number("30", "件", note="見込み"), "30件見込み", "30件（見込み）"),
    *mean(number("1", "回", Bound.AT_LEAST, note="実施"), "1回以上実施"),
    # a value and what it adds up to
    *mean(number("1", parts=cumulative("1")), "1 (累計1)", "1（累計1）", "１（累計１）", "1(累計 1)", "1 【累計1】"),
    *mean(number("4", parts=cumulative("16")), "4 (累計16)", "4（累積16）"),
    *mean(number("4", "件", parts=cumulative("1600", "件")), "4件（累計1,600件）"),
    # several measures in one cell
    *mean(measures(("①", "500", ""), ("②", "50", "")), "①500 ②50", "①500　②50", "①５００②５０", "① 500\n② 50"),
    *mean(measures(("①", "1000", "時間"), ("②", "50", "社")), "①1,000時間 ②50社"),
    *mean(measures(("①", "-5", "%"), ("②", "3", ""), ("③", "0", "")), "①▲5% ②3 ③0"),
    # the plan sets none
    *mean(Cell("", absence=Absence.NOT_SET), "/", "／", "-", "－", "―", "ー", "—", "–", "−", "‐", "─", "…", " － "),
    *mean(Cell("", absence=Absence.NOT_SET), "設定なし", "未設定"),
    # the source leaves it blank
    *mean(Cell("", absence=Absence.BLANK), "", " ", "　", "\t\n"),
]

#: Cells that are kept as written: none of them is one number, and guessing one would be a lie.
NON_EXAMPLES: list[str] = [
    # words
    "減少を目指します",
    "前年度より増加",
    "倍増",
    "調査中",
    "集計中",
    "未集計",
    "検討中",
    "未定",
    "N/A",
    "なし",
    "実施",
    "（調査中）",
    "-（未定）",
    "○",
    "A評価",
    "***",
    # dates, years and what else counts time
    "R6",
    "R6.3",
    "Ｒ６．３末",
    "令和6年度",
    "令和7年度までに100%",
    "6年度",
    "６年度末",
    "2024年",
    "約2024年",
    "2024年度",
    "２０２４年度末",
    "2024年3月",
    "3月",
    "3月末",
    "10月実施",
    "4月1日",
    "6年3月",
    "2024/4/1",
    "2024-04-01",
    "4/1",
    "3年生",
    "2年目",
    "2年次",
    "第3期",
    # ranges and comparisons
    "10~20",
    "10～20",
    "10〜20件",
    "10-20",
    "10％～20％",
    "5→10",
    "50%(R5)→60%(R7)",
    "5以上10未満",
    "70%から80%へ",
    "3人に1人",
    "3人に一人",
    "10%減",
    "10%削減",
    "5校増",
    "100%未達成",
    "1人当たり",
    # names that begin with a number
    "1 分野",
    "1 人づくり",
    "2 地域づくり",
    "12市町村への移住者数",
    "4K放送",
    "120人時",
    "¥1,200",
    "55.3%※",
    "1時間30分",
    "12,345.",
    "1.2E+5",
    "3、5",
    "3(累計4)、5(累計9)",
    "1/3",
    "2:1",
    "R4比2倍",
    # broken numbers
    "1,00",
    "1,2345",
    "1,234,5",
    "1.2.3",
    "1 000",
    "5 5",
    "1、234",
    "(3)",
    "①",
    "①100 ②調査中",
    "②50と①500",
    "%",
    "以上",
    "▲",
    "万",
]
