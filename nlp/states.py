"""What a figure is like by itself: there or not, met, moving, written in a certain way."""

import re
from re import Match

from nlp.criteria import BLANK, Compared, Comparison, Given, Judged, Met, Moves, OnlyIn, Test, Trend, Written
from nlp.measures import Measure
from nlp.operands import Figure, ends_of, figure_of
from nlp.periods import Period, PeriodReading, PlanYear
from nlp.rulebook import IS, ZERO, F, G, rules
from nlp.shape import Shape

RULES, rule = rules()

# As verbs, of what the figures do over the years; 「伸び率」 and 「増加数」 name a quantity.
_RISES = (
    r"増(?:え(?!幅)|や[すしさ]|加(?:する|し|傾向|させ))|伸(?:び(?:る|て|た|ま)|ば[すし])|上が(?:る|って|り(?!幅)|った)|上げ(?:る|て|た)"
    r"|上昇(?:する|し)|アップ(?:する|し)|引き?上げ(?:る|て)|高(?:ま|め[るて])|拡大(?:する|し)|右肩上がり|(?:前の?年より)?(?:大きく|多く|高く)な[るっり]"
)
_FALLS = (
    r"減(?:る|ら[すしさ](?!な)|ら(?=な|ず)|っ[てた]|り(?!幅)|少(?:する|し|傾向|させ))|(?<!ぶら)下が(?:る|って|り(?!幅)|った)|下げ(?:る|て|た)|低下(?:する|し)|ダウン(?:する|し)"
    r"|引き?下げ(?:る|て)|縮小(?:する|し)|右肩下がり|(?:前の?年より)?(?:小さく|少なく|低く)な[るっり]"
)
_NOT_MET = (
    r"未達(?:成)?|(?:届|達|及|満た|足り|クリア|達成|収ま"
    r"|下げ)[いかきしせでさばれらりえけっ]*?(?:て)?(?:い)?(?:な[いかく]|ません|ず|ぬ)"
)
_MET = r"(?:達成(?!率|度|状況)|クリア|届|到達|達し|満たし|果たし|収ま|まで下げ)"


_YEARS = (
    r"(?P<years>P(?:(?:と|・|、|や|及び|,|も|\s)*P)*)(?:年度)?と?(?:[0-9二三四五六]年(?:間)?)?(?:続けて|連続(?:で|して)?)?(?:とも|の両方|両方"
    r"|のどちら)?(?:の|は|に|が|も|で|、)*"
)
_THERE = (
    r"(?:設定|記載|値|数字)?(?:が|の)*(?:され|し|て)*(?:が|の)?(?:ある|あり|いる|あって|書|つい|入って|載って"
    r"|の|だと|$)"
)
_NOT_THERE = (
    r"(?:設定|記載|値|数字)?(?:が|は|され|も)*(?:書かれて|載って|入って|出て|て)?(?:い)?(?:ない|なし|無い|ません)"
)


@rule(rf"{_YEARS}(?:に|の|で)?だけ(?:に|が|は|、)*T?(?:の|が|は|も)*{_THERE}")
@rule(rf"T(?:値)?(?:が|は|の)*{_YEARS}だけ(?:に)?(?:が|は)?(?:ある|あり|設定|記載|入って|書かれ|の|$)?")
@rule(rf"{_YEARS}(?:に|の)?しか(?:、)?T?(?:値)?(?:が|は|も|を)*{_NOT_THERE}")
@rule(rf"T(?:値)?(?:が|は|の)*{_YEARS}しか{_NOT_THERE}")
def only(shape: Shape, match: Match[str]) -> Test | None:
    """「R7だけに目標がある」, 「R4とR5しか目標がない」."""
    return OnlyIn(_periods(shape, match))


def _periods(shape: Shape, match: Match[str]) -> tuple[Period, ...]:
    start, end = match.span("years")
    found = (shape.readings.get(at) for at in range(start, end))
    return tuple(reading.period for reading in found if isinstance(reading, PeriodReading))


def _own_period(shape: Shape, match: Match[str]) -> Period | None:
    """The year that a rule's own words name."""
    reading = shape.at(match, "q")
    return reading.period if isinstance(reading, PeriodReading) else None


@rule(
    rf"(?:{_YEARS}(?:とも|どちらも|両方|いずれも|ともに|\s)*)?(?:(?P<a>A)(?:値)?(?:が|は|も|って|、|の|で|もう|すでに|\s)*)?(?:(?P<q>P)の)?(?P<t>T)(?:値)?(?:を|に|には|は|が|まで|も|通り|に対して|まだ|もう|すでに|、)*"
    rf"(?:(?P<no>{_NOT_MET})|(?P<yes>{_MET}))"
)
def met(shape: Shape, match: Match[str]) -> tuple[Test, ...] | None:
    """「R5の目標を達成した」, 「実績が目標に届かない」: better than the target counts, whichever way is better."""
    own = _own_period(shape, match)
    several = _periods(shape, match) if match["years"] and own is None else ()
    periods: tuple[Period | None, ...] = several or (own,)
    return tuple(Met(period, is_met=match["yes"] is not None) for period in periods)


# Words for statuses by the standard scale; what is 順調 is on its way or there already.
_STATUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("概ね順調|おおむね順調", ("概ね順調",)),
    (
        "順調(?:では|で|じゃ)?な(?:い|かった)|順調とは(?:言|い)えない|(?:うまく|上手く|思うように)(?:は)?"
        "(?:い|行)って(?:い)?ない|(?:芳|思わ)しくない",
        ("遅れ", "後退"),
    ),
    ("順調|(?:うまく|上手く)(?:い|行)って(?:い)?る", ("達成", "概ね順調")),
    ("遅れ", ("遅れ",)),
    ("後退", ("後退",)),
    ("判定不可|判定(?:が)?でき(?:ない|ません)", ("判定不可",)),
    ("A(?:が|は|の)?(?:まだ)?未登録", ("実績未登録",)),
)
_STATUS = "|".join(f"(?P<s{at}>{words})" for at, (words, _) in enumerate(_STATUSES))
_GRADED = r"(?:判定|達成状況|進捗状況|ステータス)(?:結果)?(?:が|は|で|の|も|、)*"
_SO = (
    r"[」』]?(?:に(?:なった|なって|進(?:んで|捗して)|推移して)|が出て|気味|として|し|と(?:なった|なって|され|判定され|出)"
    r"|だった|である|で(?!す)|て)*(?:い)?(?:る|た)?(?:な|の(?=指標|kpi|項目|もの))?"
)
# What ranks areas, read already or not.
_MOST = r"(?:(?:いちばん|一番|最も|もっとも)?(?:多|少な)い|〓+)(?:の|分野|章)"
_ONES = r"(?=指標|kpi|もの|項目|やつ|の(?:は|を|が)|$|[?。])"
_AT = r"(?P<q>P)(?:の|で|は|に|が|も|時点の|時点で|、)*"


@rule(rf"{_GRADED}[「『]?(?:{_STATUS}){_SO}{_ONES}")
@rule(rf"(?<![一-鿿])(?:{_STATUS}){_SO}(?=指標|kpi|もの|項目|やつ|の(?:は|を|が))")
@rule(
    rf"(?:^|(?<=[はもが、X]))(?:{_STATUS}){_SO}(?:い)?(?:ます|ません|ない)?(?:の|ん|です|でしょう)*(?:か|かな)?(?=[?。]*$)"
)
@rule(
    rf"(?:^|(?<=[でにはのが、うち中]))(?:{_AT})?(?:{_STATUS})(?:した|して(?:い)?る)?(?:の[N〓]+)?(?:の)?"
    r"(?:(?:方|ほう|もの)?(?:は|って|が|を)|(?=何|いく|どれ))"
    r"(?:どれ|どこ|何件|いくつ|何(?:指標|個)|何|なに|全部|一覧|教えて|見せて)?(?:ある|あり|です|ます|か|の)*(?=[?。]*$)"
)
@rule(rf"(?:^|(?<=[でにはのが、]))(?:{_STATUS})(?:が|の)?(?={_MOST})")
@rule(rf"{_AT}(?:A(?:の|で|が)?)?(?:{_GRADED})?[「『]?(?:{_STATUS}){_SO}")
def judged(shape: Shape, match: Match[str]) -> Test | None:
    """「R5の判定が「後退」」, 「遅れている指標」."""
    statuses = next(statuses for at, (_, statuses) in enumerate(_STATUSES) if match[f"s{at}"])
    return Judged(_own_period(shape, match), statuses)


@rule(rf"(?:{_AT})?{_GRADED}[「『]?(?:(?P<yes>達成)|(?P<grade>[abcd]))(?:評価|判定)?{_SO}")
def graded(shape: Shape, match: Match[str]) -> Test | None:
    """「R5の判定が「達成」」, 「独法方式で判定がC」."""
    status = "達成" if match["yes"] else match["grade"].upper()
    return Judged(_own_period(shape, match), (status,))


@rule(
    rf"(?:^|(?<=[でにはのが、うち中]))(?:{_AT})?(?:(?P<yes>達成)|(?P<no>未達(?:成)?))(?:した|できた)?(?:の)?"
    rf"(?:(?:が|の)?(?={_MOST})"
    r"|(?:(?:方|ほう|もの)?(?:は|って)|(?=何(?:件|指標)|いくつ))(?:どれ|何件|いくつ|何(?:指標|個))(?:ある|あり|です|ます|か|の)*(?=[?。]*$))"
)
@rule(
    rf"(?:{_AT})?(?:A(?:で|が|は)?)?(?:(?P<yes>達成(?:(?:でき|し)(?:た|て(?:い)?る)|済み?の?))"
    r"|達成(?:でき|し)(?:て(?:い)?)?な(?:い|かった)|未達(?:成)?(?:の|な|だった)?)(?=指標|kpi|もの|項目|やつ|の(?:は|を|が))"
)
def met_in(shape: Shape, match: Match[str]) -> Test | None:
    """「R5に達成できた指標」, 「未達の指標」: of the target of that year."""
    return Met(_own_period(shape, match), is_met=match["yes"] is not None)


@rule(
    rf"(?:{_AT})?(?:A(?:で|が|は)?)?(?:T|目標)?(?:は|を|に|って|も|、|もう|まだ|すでに|既に|無事に?|ちゃんと|ほんとに|本当に)*"
    r"(?:(?P<yes>(?:達成|クリア|到達)(?:でき|し|済み?)?(?:た|まし(?:た)?|て(?:い)?(?:る|ます))?|(?<=T)(?:いっ|行っ|届い|達し)て(?:い)?(?:る|ます))"
    r"|(?P<no>未達(?:成)?|達成(?:でき|し)(?:て(?:い)?)?(?:ない|なかった|ません(?:でした)?)))"
    r"(?:の|んです|のです|ん|です|でした)*(?:か|かな)?(?=[?。]|$)"
)
def met_now(shape: Shape, match: Match[str]) -> Test | None:
    """「R5達成した?」, 「目標いってる?」, at the end of a message."""
    return Met(_own_period(shape, match), is_met=match["yes"] is not None)


@rule(
    rf"{_AT}(?:A(?:で|が|は)?)?(?:(?P<yes>(?:達成|クリア)(?:だった|した|でき(?:た|て(?:い)?た))?)"
    r"|(?P<no>未達(?:成)?(?:だった)?|達成でき(?:ず|なかった)))"
    r"(?:のに|けど|けれど|だが|ものの|が|で|し)*(?=、|P|の(?:指標|kpi|もの))"
)
def met_then(shape: Shape, match: Match[str]) -> Test | None:
    """「R4は達成、R5は未達の指標」."""
    period = _own_period(shape, match)
    return Met(period, is_met=match["yes"] is not None) if period else None


# Where another year is held against the target: 「R4は届かなかったけどR5で達成した」.
@rule(
    r"(?P<q>P)(?:の)?A?(?:は|で|では|に|が|も|には|、)*(?:(?P<no>未達(?:成)?|(?:届|達成|クリア)[かでき]*(?:て)?(?:い)?な[いかく])|(?P<yes>達成(?!率|度|状況)|クリア))"
)
def met_too(shape: Shape, match: Match[str]) -> Test | None:
    """A year that meets its target, or does not, beside one that names the target."""
    period = _own_period(shape, match)
    if period is None or _MEETS.search(shape.text) is None:
        return None
    return Met(period, is_met=match["yes"] is not None)


_MEETS = re.compile(rf"T(?:値)?(?:を|に|には|は|が|まで|も|通り|に対して|まだ|もう|すでに|、)*(?:{_NOT_MET}|{_MET})")
_ABSENT = (
    r"(?:(?:設定|記載|登録|記入|値|数値|数字|記述|入力)?(?:が|は|も|の|を)?(?:され|して|って|て|書かれて|入って|載って|入力されて|決まって|定められて|定めて|定まって|示されて|出て|置かれて|付いて|つけて|埋まって)*(?:い)?"
    r"(?:ない|無い|なし|無し|ません|なく)|未設定|未登録|未入力|未定)"
)
_PRESENT = (
    r"(?:(?:設定|記載|登録|記入|入力)(?:が|は|も)?(?:済み?|され|ある|あり|して|し終え)"
    r"|(?:値|数値|数字)?(?:が|も)?(?:ある|あり|入っ[てと]|載って|出て|あって|置かれて)(?!ません|(?:い)?な))"
)


_MARK = r"(?P<mark>[「『(]?(?:/|-|ー|―|スラッシュ|斜線|ハイフン|横棒)[」』)]?(?=に|で|の|が|と|だ|表示|$))"


@rule(r"(?P<blank>空欄|空白|ブランク)|(?P<mark>「[/-]」)")
@rule(
    rf"(?:{_YEARS}(?:とも)?(?:の|、|に)*(?:T|A)?|{F})(?:値|セル|欄|データ)?(?:が|は|も|に|の|、|に設定|を|ちゃんと|きちんと|まだ|いまだに|一度も|1年分も|1年度も|1つも|一つも|ひとつも|どれも|全然|まったく|全く|とも|もう|すでに|既に|どちらも|両方とも|いずれも|\s)*"
    rf"(?:(?P<either>(?:空欄|空白|斜線|スラッシュ|「[/-]」|/)(?:(?:か|または|や|・|、|もしくは)?(?:空欄|空白|斜線|スラッシュ|「[/-]」|/))+(?:で、?(?:数字|値)が入って(?:い)?ない)?)|{_MARK}|(?P<blank>空欄|空白|ブランク)|(?P<no>{_ABSENT})|(?P<yes>{_PRESENT}))"
)
def given(shape: Shape, match: Match[str]) -> tuple[Test, ...] | None:
    """「R7の目標がない」, 「基準値が「/」」, 「R5の実績が登録済み」, 「R6・R7は無い」."""
    mark = ""
    parts = match.groupdict()
    if parts["mark"]:
        mark = "/" if re.search("/|スラ|斜線", match["mark"]) else "-"
    elif parts["blank"]:
        mark = BLANK
    if parts.get("years"):
        is_actual = "A" in match[0] or "登録" in match[0]
        measure = Measure.ACTUAL if is_actual else Measure.TARGET if "T" in match[0] else None
        figures = [Figure(measure, period) for period in _periods(shape, match)]
    else:
        figure = figure_of(shape, match, "f")
        figures = [figure or Figure()]
    return tuple(Given(figure, is_there=bool(parts.get("yes")), mark=mark) for figure in figures)


@rule(rf"(?:{F}{IS})?(?:マイナス|負の数|負の値|0より(?:小さ|低)い?)(?:になって(?:い)?る|になる|の|$|で)")
def negative(shape: Shape, match: Match[str]) -> Test | None:
    """「目標がマイナスになっている」."""
    return Compared(figure_of(shape, match, "f") or Figure(), Comparison.LESS, ZERO)


@rule(rf"(?:{F}(?:から|[~〜→]|の間|まで|にかけて|で|は|が|も|、|に|を|\s)*)?(?:{G}(?:まで|にかけて|へ|で|は|が|も|、|に|を|\s)*)?(?:4年間|4年とも)?(?:で|とも|、)*"
      r"(?:(?:目標)?(?:数字|数値|値|数|T)(?:が|は|も)?)?(?P<all>ずっと|毎年|全部|すべて|全て|一貫して|どの年も|年々|4年とも)?(?:で|が|は|の|も)*(?:(?:数字|数値|値|数|T)(?:が|は|も)?)?"
      r"(?:(?P<stays>変わらな|変わりがな|変わってな|変化(?:し|が|の)*な|横ばい|据え置|据置|一定(?![のな]条)|(?<=P)(?:が|は|も)?(?:同じ|おんなじ)|(?(all)同じ|同じ(?:値|目標|数字|数|まま|水準|で|の(?!分野|取組|項目|指標)))|固定)"
      rf"|(?P<rises>{_RISES})|(?P<falls>{_FALLS}))(?P<no>な[いかく]|ません|ず)?")  # fmt: skip
def moves(shape: Shape, match: Match[str]) -> Test | None:
    """「ずっと同じ」, 「R4からR7で減る」, 「毎年増える」."""
    trend = Trend.STAYS if match["stays"] else Trend.RISES if match["rises"] else Trend.FALLS
    if match["no"]:
        trend = {Trend.RISES: Trend.RISES_NOT, Trend.FALLS: Trend.FALLS_NOT}.get(trend, trend)
    figures = [one for one in (figure_of(shape, match, "f"), figure_of(shape, match, "g")) if one]
    every_year = Period(PlanYear.FIRST, PlanYear.LAST)
    # 「毎年」 is read as all the plan's years.
    yearly = [figure for figure in figures if figure.period == every_year]
    start, end = ends_of([figure for figure in figures if figure.period != every_year])
    if end is not None and end.period is None and start is None and end.measure is Measure.TARGET:
        end = None
    every = match["all"] and (match["stays"] or match["all"] not in ("すべて", "全部", "全て"))
    steadily = match["rises"] == "右肩上がり" or match["falls"] == "右肩下がり"
    return Moves(trend, start, end, throughout=bool(yearly or every or steadily))


@rule(
    rf"(?:{F}(?:より|から|に比べて?|と比べて?)(?:も)?(?:、)?)?(?:{G}(?:まで|に|は|が|の方が|のほうが|、|で|も)*)?"
    r"(?:(?P<better>改善|(?:良|よ)くな|縮ま)|(?P<worse>悪化|悪くな|広が))(?:し|っ|り)?(?:て(?:き)?(?:い)?(?:る|ます|ません)?|た|まし(?:た)?)"
)
def improves(shape: Shape, match: Match[str]) -> Test | None:
    """「改善していますか」, 「R4よりR5のほうが悪くなった」: in the indicator's own direction."""
    figures = [one for one in (figure_of(shape, match, "f"), figure_of(shape, match, "g")) if one]
    if re.search("た|て", match[0]):  # what has become of it
        figures = [Figure(one.measure or Measure.ACTUAL, one.period) for one in figures]
    return Moves(Trend.IMPROVES if match["better"] else Trend.WORSENS, *ends_of(figures))


_WORDS = "以上|以下|未満|ほぼ|約|超|程度|時点|込み|累計"


@rule(
    rf"(?:{F}{IS})?[「『\"](?P<w>{_WORDS})[」』\"](?:と|が|の|って|を|という(?:言葉|文字|表記)?[がのを])*(?:書|付|つ[いけ]|入|記載|表記|ある|含)"
)
@rule(rf"{F}{IS}(?P<w>{_WORDS})(?:と|って)(?:書|付|つ[いけ]|入|記載|表記)")
def written(shape: Shape, match: Match[str]) -> Test | None:
    """「以上」と書かれた."""
    return Written(figure_of(shape, match, "f") or Figure(), match["w"])
