"""The expressions of time in a question: which fiscal years it asks for.

A `rule` reads words that stand for a period by themselves (R6, 昨年度, 全期間); a `joint` combines periods already read
with the words around them (R4〜R7, R5以降). Of the rules that match at one place the longest reading wins, and among
equally long ones the rule written first.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from re import Match, Pattern

from data.fiscal_year import YEAR_OF_ERA, FiscalYear, read_kanji_number


class PlanYear(Enum):
    """A year that only the plan can tell."""

    FIRST = "計画初年度"
    LAST = "計画最終年度"


Limit = FiscalYear | PlanYear


@dataclass(frozen=True, slots=True)
class Period:
    """Fiscal years from `start` to `end`, both included; one year has start == end."""

    start: Limit
    end: Limit


@dataclass(frozen=True, slots=True)
class PeriodReading:
    """A period, the words `text` at [start, end) of the normalised question, and the rule that read them."""

    period: Period
    start: int
    end: int
    text: str
    rule: str


Read = Callable[[Match[str], date], Period | None]
Join = Callable[[Match[str], Sequence[Period]], Period | None]

_RULES: dict[str, list[tuple[Pattern[str], Read]]] = {}  # by first character: most of a text then costs nothing
_JOINTS: list[tuple[Pattern[str], Join]] = []
_MARK, _MARKED, _MASK = "\ue000", "\ue001", "\x00"


def rule(opens: str, pattern: str) -> Callable[[Read], Read]:
    """Register a rule; `opens` holds every character with which a match of `pattern` can begin.

    The function gets the match and the day of the question. None means that the words are none of its business,
    ValueError that they name a year that cannot be (令和0年度).
    """

    def register(read: Read) -> Read:
        for character in opens:
            _RULES.setdefault(character, []).append((re.compile(pattern), read))
        return read

    return register


def joint(pattern: str) -> Callable[[Join], Join]:
    """Register a joint; Y in `pattern` is a period already read, and the function gets these periods in order."""

    def register(join: Join) -> Join:
        _JOINTS.append((re.compile(pattern.replace("Y", f"{_MARK}{_MARKED}*")), join))
        return join

    return register


_DIGITS, _KANJI = "0123456789", "一二三四五六七八九十"
_TO = r"\s?(?:から|to|[~〜–—−ー→⇒-])\s?"
_AND = r"\s?(?:及び|および|または|又は|[、,・/&+とや])\s?"
_ERA = r"(?P<era>令和|平成|(?<![a-z])[rh])[\s.]?"
_OF_ERA = rf"(?P<of_era>{YEAR_OF_ERA})(?:(?<=[0-9])(?![0-9])|(?=\s?年|末|$|[^0-9一-鿿]))"  # 令和元 but not 令和元気
_ALONE = r"(?<![0-9a-z第約¥])(?<![0-9]\.)"  # before a number that has no era
_COUNT = rf"(?P<count>[0-9]{{1,2}}|[{_KANJI}]{{1,2}})[か箇ヶヵケカ]?年"
# What makes the number before it a quantity: 2000件, 2024人, 2000を超える, 2,024, 2024.5.
_QUANTITY = (
    r"(?:\.?[0-9]|,[0-9]{3}(?![0-9])|を[超上下]|より[大小多少高低]|[にへ][達届]|\s?(?:(?!kpi|fy|to\b)[a-z]|"
    r"[人名件円個台回社校所戸棟枚冊頭匹羽食票店館番号条世団箇か地ヶヵケカつ倍割千万億兆百歳才時分秒日月本組市町村品種機施路余超%‰℃]|"
    r"以[上下内]|未満|丁目|事業所|企業|自治|ポイント|トン|キロ|メートル|パーセント|リットル|ヘクタール|グラム|ワット|ドル|ページ))"
)
# What makes 「2年度」 and 「6年」 a length, an age or a grade: 2年度連続, 6年間, 3年生, 3年前, 2年ぶり, 4年に一度.
_SPAN = r"(?:間|目|とも(?!に)|前(?![半期])|後(?![半期])|連続|続|ぶり|ごと|毎|おき|ずつ|以内|にわた)"
_LENGTH = rf"(?:{_SPAN}|[生分制半次越金齢代]|もの|に[一1][度回]|以上|未満|保証|計画)"
# What may follow a bare number in a list of years: 「R5、7の目標」, but 「R5、7の指標」 counts.
_STOP = (
    r"(?=[~〜→、,・/&とやはがをでも?!。)\s]|$|から|まで|以[降前後]|って|目標|実績|基準"
    r"|の(?!指標|事業|施策|項目|取組|分野|計画))"
)


def _one(year: FiscalYear) -> Period:
    if year.year > 2100:
        raise ValueError(year)  # 令和99年度 is a slip of the finger
    return Period(year, year)


def _year_without_era(number: int) -> FiscalYear:
    """1–19 count in 令和, 20–99 are the last digits of 20xx, longer numbers stand for themselves.

    In the plans of today 「6年度」 is R6 and 「24年度」 is 2024; 令和 itself reaches 20 only in 2038.
    """
    return FiscalYear.of_era("令和", number) if number < 20 else FiscalYear(number + (2000 if number < 100 else 0))


@rule(
    "令平rh" + _DIGITS,
    rf"(?:{_ERA}{_OF_ERA}|{_ALONE}(?P<number>[12][0-9]{{3}}|[0-9]{{1,2}}))\s?年の?\s?"
    r"(?P<month>[0-9]{1,2})月(?!間)(?:[0-9]{1,2}日|末)?",
)
@rule(
    "令平rh" + _DIGITS,
    rf"(?:{_ERA}{_OF_ERA}(?=[./])"
    rf"|{_ALONE}(?P<number>[12][0-9]{{3}})(?=/|-[01][0-9](?![0-9])|\.[0-9]{{1,2}}(?:\.[0-9]|月)))"
    rf"[./-](?P<month>1[0-2]|0?[1-9])(?![0-9])(?:[./-][0-9]{{1,2}}(?![0-9])|月)?末?(?!{_QUANTITY})",
)
def month(match: Match[str], asked_on: date) -> Period | None:
    """2024年11月20日, 令和6年9月末, R6.4, 2024/11/20: dates, neither ranges nor decimals; 令和7年2月 belongs to R6."""
    if match["era"]:
        year = FiscalYear.of_era(match["era"], read_kanji_number(match["of_era"]))
    else:
        year = _year_without_era(int(match["number"]))
    return _one(FiscalYear.of_date(date(year.year, int(match["month"]), 1)))


_BEFORE_CARRIED = re.compile(
    rf"(?:{_ERA}|(?P<century>(?<![a-z])fy\s?(?:20)?|(?<![0-9a-z])20)(?=[0-9]{{2}}))"
    rf"(?:{YEAR_OF_ERA}(?:年度?)?(?:{_AND}|{_TO}))*?(?P<previous>{YEAR_OF_ERA})(?:年度?)?(?:{_AND}|(?P<to>{_TO}))$"
)


@rule(
    _DIGITS,
    rf"(?<=[\s、,・/&+とやびは〜~–—−ー→⇒らo-])(?P<number>[0-9]{{1,2}})(?!{_QUANTITY})"
    rf"(?:年(?!度|{_LENGTH})末?|年度(?!{_SPAN})末?|{_STOP})",
)
def carried(match: Match[str], asked_on: date) -> Period | None:
    """The last year of R4〜7, R5・7, 令和5,7年度, 2022〜25: its era or century stands before the first one."""
    text, start, number = match.string, match.start(), int(match["number"])
    before = _BEFORE_CARRIED.search(text, max(0, start - 40), start)
    if before is None:
        return None
    if (before["to"] or "").strip() == "から" and not (match[0].endswith("度") or text.startswith("まで", match.end())):
        return None  # 「R5から3年」 may be a length
    descends = number < read_kanji_number(before["previous"])
    if descends and number < 20 and (before["to"] or before["era"] != "令和"):
        return None  # 「平成30、4年度」 has changed its era, 「R6-2」 is a label
    return _one(FiscalYear.of_era(before["era"], number) if before["era"] else FiscalYear(2000 + number))


@rule("令平rh", rf"{_ERA}{_OF_ERA}(?:\s?年(?!間)度?)?末?(?!(?!kpi|fy|to\b)[a-z]|丁目|番|号)")
@rule("昭大明stm", rf"(?P<era>昭和|大正|明治|(?<![a-z])[stm])\s?{_OF_ERA}\s?年(?!間|生)度?末?")
def year_of_era(match: Match[str], asked_on: date) -> Period | None:
    """R6, r 6, 令和6年度, 令和六年, 令和元年度, 平成36年度; of the older eras only with 年, for there is 大正3丁目."""
    return _one(FiscalYear.of_era(match["era"], read_kanji_number(match["of_era"])))


@rule(_DIGITS, rf"{_ALONE}(?P<year>[12][0-9]{{3}})\s?年(?![間生代])度?末?")
@rule("f", r"(?<![a-z])fy\s?'?(?P<year>[12][0-9]{3}|[0-9]{2})(?![0-9])(?:\s?年度?)?末?")
@rule(_DIGITS, rf"{_ALONE}(?P<year>[12][0-9]{{3}}|[0-9]{{2}})\s?fy(?![a-z0-9])")
@rule("12", rf"{_ALONE}(?P<year>1989|199[0-9]|20[0-5][0-9]|2060)(?!年|{_QUANTITY})末?")
def western_year(match: Match[str], asked_on: date) -> Period | None:
    """2024年度, FY2024, fy24, 2024fy, 「2022〜2025」; a bare number only from 1989 to 2060, and not 2024人, 12024."""
    number = int(match["year"])
    return _one(FiscalYear(number if number >= 100 else 2000 + number))


@rule(_DIGITS, rf"{_ALONE}(?!1\s?年度も)(?P<number>[0-9]{{1,2}})\s?年度(?!{_SPAN})末?")
@rule(_KANJI, rf"(?<![{_KANJI}〇百千数第同統単唯])(?P<number>[{_KANJI}]{{1,3}})年度(?!{_SPAN})末?")
@rule(
    _DIGITS, rf"{_ALONE}(?<![:=])(?P<number>[0-9]{{1,2}})(?=(?:(?:{_AND}|{_TO})[0-9]{{1,2}}){{1,6}}\s?年度(?!{_SPAN}))"
)
@rule(
    _DIGITS,
    rf"{_ALONE}(?<![学校中高小築各計続丸満立業均長低短期社後])(?<![初後前]の)(?<!あと)(?<!もう)(?<!残り)(?<![0-9][~〜・、,-])"
    rf"(?P<number>[2-9]|[1-9][0-9])年(?!度|{_LENGTH})"
    r"(?=[~〜→・、,?。!と\s末]|$|の(?:目標|実績|基準|数?値|見込)|は(?:[?、いどな何]|$)|って|まで|から|以[降前後]|時点|目標|実績)",
)
def year_without_era(match: Match[str], asked_on: date) -> Period | None:
    """6年度, 六年度, 24年度, the first years of 「5・7年度」, 「6年は?」 before words that no length takes."""
    return _one(_year_without_era(read_kanji_number(match["number"])))


def _from_now(asked_on: date, start: int, end: int) -> Period:
    now = FiscalYear.of_date(asked_on)
    return Period(now.plus(start), now.plus(end))


_OFFSETS = {"一": -2, "お": -2, "昨": -1, "去": -1, "前": -1, "来": 1, "次": 1, "翌": 1, "再": 2}
_YEAR_NAMED = re.compile(r"[rh]\s?[0-9]|[0-9元]年|20[0-9]{2}|[昨去来]年|最終|初年|目標年")
_NO_MONTH = r"(?!の?\s?[0-9]{1,2}月)"  # 今年2月 is a month of the calendar year, which 今年 does not place


@rule(
    "今本当",
    rf"(?:今|(?<![日基資標見脚])本|(?<![該相担充])当)(?:年度|年(?![間齢金代報表次輩度]){_NO_MONTH}|期(?![間待純]))末?",
)
@rule("来", rf"(?<![将未従古近以外])来(?:年度|年(?![度間]){_NO_MONTH}|期(?!間))末?")
@rule("昨去再", rf"(?:昨|(?<!過)去|再来)年(?:度|(?!度){_NO_MONTH})末?")
@rule("一お", rf"一昨年(?:度|(?!度){_NO_MONTH})末?|(?<!さき)おととし")
@rule("次", r"(?<![今年0-9])次年度末?")
@rule(
    "前翌",
    r"(?<!その)(?<!年の)(?<!度の)(?<![対始了])[前翌]年度末?(?!比|以[上下]|[とに]比|[のと]の?差|[差並同]|と同|より|を[超上下]|から[増減伸上下])",
)
def relative_year(match: Match[str], asked_on: date) -> Period | None:
    """今年度, 今期, 来年, 再来年度, 昨年度, おととし, 前年度; not 日本年金, 将来年, 前年度比, 「R7と前年度」."""
    if match[0][0] in "前翌" and _YEAR_NAMED.search(match.string, max(0, match.start() - 40), match.start()):
        return None
    offset = _OFFSETS.get(match[0][0], 0)
    return _from_now(asked_on, offset, offset)


@rule(
    "直こ過最今向",
    rf"(?:(?P<ahead>今後|これから|この先|向こう)|直近|ここ|この|過去|最近)の?{_COUNT}度?[間分]?(?![生目前後代半]|以[上内])",
)
def years_around_now(match: Match[str], asked_on: date) -> Period | None:
    """直近2年, ここ3年間, 過去3か年; 今後2年, これから3年間. The year of the question is counted in both."""
    count = read_kanji_number(match["count"])
    start, end = (0, count - 1) if match["ahead"] else (1 - count, 0)
    return _from_now(asked_on, start, end) if 0 < count <= 20 else None


_OF_PLAN = r"(?:計画(?:期間)?の?)?"
_NOT_BESIDE = r"(?!の[前翌次])"  # 「最終年度の前年度」 is neither the last year nor one that a Limit can say


@rule("計初最開", rf"{_OF_PLAN}(?:初年度|最初の年(?![代齢間])度?+|開始年度)(?!教育){_NOT_BESIDE}")
@rule("計", r"計画の?(?:最初|初め|始め|当初)(?!の)")
def first_year_of_plan(match: Match[str], asked_on: date) -> Period | None:
    """計画初年度, 初年度, 最初の年度."""
    return Period(PlanYear.FIRST, PlanYear.FIRST)


@rule("計", rf"計画(?:期間)?の?(?:最後|終わり|終了(?!後))(?:の?年度?+|時)?+{_NOT_BESIDE}")
@rule("計最", rf"{_OF_PLAN}最終(?:年(?![齢間])度?+末?|的[なに]|の?目標値?|の?値){_NOT_BESIDE}")
@rule("最", rf"最後の年(?![代齢間])度?+{_NOT_BESIDE}")
@rule("目", rf"目標年(?:[度次]|(?=[のはを?]|$)){_NOT_BESIDE}")
@rule("計期", r"(?<![学半今当前来任会])(?:計画)?期末(?![テ試])")
@rule("最", r"(?<![がでの])最後(?=[?、。\s]|$|は|って|いくつ|どう|どこ|何|なん|の(?:目標|実績|値|数))")
def last_year_of_plan(match: Match[str], asked_on: date) -> Period | None:
    """最終年度, 目標年度, 最終目標, 計画の最後, 期末, 「最後いくつ」; not 最終処分量, 「最後に」."""
    return Period(PlanYear.LAST, PlanYear.LAST)


@rule("計全期", r"計画期間(?!の?[最終初開]|[外後前])(?:全体|中|内)?|全期間|期間全体")
@rule("計", rf"計画(?:期間)?の?全?{_COUNT}間")
@rule("全す", r"(?<![安完健])全年度|(?:全て|すべて|全部)の年度")
@rule("各毎", r"(?:各|毎)年(?![代齢生級次])度?")
@rule("年", rf"(?<![0-9学数何半隔単{_KANJI}])年度?(?:ごと|毎|別)")
@rule("年", r"(?<![0-9学初])年次(?=ごと|別|毎|の?(?:推移|目標|実績)|[はをで?]|$)")
def whole_plan(match: Match[str], asked_on: date) -> Period | None:
    """計画期間, 全期間, 各年度, 毎年, 年度ごと, 「計画の4年間」; not 学年別, 各年代, 年次有給休暇."""
    return Period(PlanYear.FIRST, PlanYear.LAST)


@joint(rf"Y{_TO}Y(?:\s?まで|にかけて)?")
def between(match: Match[str], periods: Sequence[Period]) -> Period | None:
    """R4〜R7, 令和4年度から令和7年度まで, R4→最終年度."""
    return Period(periods[0].start, periods[1].end)


@joint(r"Y\s?(?:以降|以後|[~〜](?=の|[。、)\s]|$)|から(?:先|後|ずっと))")
@joint(r"Yから(?=の|どう|どれ|いく|何|見|増|減|伸|変|上|下|推移|[?。、!\s]|$)")
def onward(match: Match[str], periods: Sequence[Period]) -> Period | None:
    """R5以降, 「R5からの推移」, 「R5から」, 「R5〜」; not 「R5から始めた」."""
    return Period(periods[0].start, PlanYear.LAST)


@joint(rf"(?<![{_MARK}{_MARKED}0-9年度])(?<![{_MARK}{_MARKED}]\s)[~〜]\s?Y")
@joint(r"Y\s?(?:以前|まで(?!に))")
def until(match: Match[str], periods: Sequence[Period]) -> Period | None:
    """R5まで, R5以前, 〜R6; 「R7までに」 names a deadline and stays the one year."""
    return Period(PlanYear.FIRST, periods[0].end)


@joint(rf"Y(?:から|以降)の?{_COUNT}[間分]")
def counted(match: Match[str], periods: Sequence[Period]) -> Period | None:
    """「R5から3年間」: R5 to R7."""
    start, count = periods[0].start, read_kanji_number(match["count"])
    return Period(start, start.plus(count - 1)) if isinstance(start, FiscalYear) and count else None


@joint(r"Yの(?P<side>[前翌次])の?年度?+(?!比|と|差|[並同か]|より)")
def beside(match: Match[str], periods: Sequence[Period]) -> Period | None:
    """「R6の前年度」: R5."""
    year = periods[0].end
    return _one(year.plus(-1 if match["side"] == "前" else 1)) if isinstance(year, FiscalYear) else None


@joint(r"Y\s?\(Y\)(?:年度?)?末?")
def written_twice(match: Match[str], periods: Sequence[Period]) -> Period | None:
    """令和6年度(2024年度), 2024(R6)年度."""
    return periods[0] if periods[0] == periods[1] else None


_OPENING = re.compile(f"[{''.join(_RULES)}]")


def _read_words(text: str, asked_on: date) -> list[PeriodReading]:
    readings: list[PeriodReading] = []
    position = 0
    while opening := _OPENING.search(text, position):
        position, best = opening.end(), None
        for pattern, read in _RULES[opening[0]]:
            match = pattern.match(text, opening.start())
            if match is None or (best and best.end >= match.end()):
                continue
            try:
                period = read(match, asked_on)
            except ValueError:
                position = max(position, match.end())  # the 99年度 of 令和99年度 is no year either
            else:
                if period:
                    best = PeriodReading(period, match.start(), match.end(), match[0], read.__name__)
        if best:
            readings.append(best)
            position = best.end
    return readings


def _join(text: str, words: Sequence[PeriodReading]) -> list[PeriodReading]:
    shape, position = "", 0
    for word in words:
        shape += text[position : word.start] + _MARK + _MARKED * (word.end - word.start - 1)
        position = word.end
    shape += text[position:]
    starts = [word.start for word in words]
    joined: list[PeriodReading] = []
    for pattern, join in _JOINTS:
        for match in pattern.finditer(shape):
            start, end = match.span()
            periods = [word.period for word in words[bisect_left(starts, start) : bisect_left(starts, end)]]
            try:
                period = join(match, periods)
            except ValueError:
                continue
            if period:
                joined.append(PeriodReading(period, start, end, text[start:end], join.__name__))
    return joined


def read_periods(text: str, asked_on: date, masked: Sequence[tuple[int, int]] = ()) -> tuple[PeriodReading, ...]:
    """The periods of a normalised question in order of appearance, without overlap.

    `asked_on` is the day of the question. Nothing is read inside the spans `masked`, [start, end), the names of
    indicators. 「コピー用紙のr4〜6と来年度は?」 in R6 → R4 to R6, R7. Words that name no possible year are left alone.
    """
    text = text.replace(_MARK, " ").replace(_MARKED, " ")
    for start, end in masked:
        start, end = max(start, 0), min(end, len(text))
        text = text[:start] + _MASK * (end - start) + text[max(start, end) :]
    words = _read_words(text, asked_on)
    kept: list[PeriodReading] = []
    for reading in sorted([*words, *_join(text, words)], key=lambda reading: (reading.start, -reading.end)):
        if not kept or kept[-1].end <= reading.start:
            kept.append(reading)
    return tuple(kept)


@lru_cache(maxsize=1024)  # a list asks it of every indicator
def resolve(period: Period, first: FiscalYear, last: FiscalYear) -> tuple[FiscalYear, ...]:
    """The years of a period in a plan from `first` to `last`, ascending, at most 100.

    A year that was named stays even outside the plan, for the reply to say so: 「R9以降」 of a plan until R7 is R9.
    """
    bounds = {PlanYear.FIRST: first, PlanYear.LAST: last}
    start, end = (limit if isinstance(limit, FiscalYear) else bounds[limit] for limit in (period.start, period.end))
    if period.end is PlanYear.LAST and isinstance(period.start, FiscalYear):
        end = max(start, end)
    if period.start is PlanYear.FIRST and isinstance(period.end, FiscalYear):
        start = min(start, end)
    years = range(min(start, end).year, max(start, end).year + 1)
    if len(years) > 100:
        years = range(max(years[0], first.year), min(years[-1], last.year) + 1) or years
    return tuple(FiscalYear(year) for year in years[:100])
