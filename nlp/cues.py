"""Questions about many indicators: 「産業振興のKPI一覧」, 「%の指標は何件」, 「KPIがない取組項目」."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from nlp.amounts import PERCENT
from nlp.pieces import Span
from nlp.shape import Shape


class Form(Enum):
    """What is wanted of the indicators: which they are, or how many."""

    LIST = "一覧"
    COUNT = "件数"


class Thing(Enum):
    INDICATOR = "指標"
    ROW = "行"
    INITIATIVE = "取組項目"
    AREA = "分野"


class Where(Enum):
    """Where a word has to stand."""

    NAME = "指標名"
    INITIATIVE = "取組項目名"
    EITHER = "指標名か取組項目名"


@dataclass(frozen=True, slots=True)
class Containing:
    """A word that has to stand in the name, or in the title of an initiative: anywhere, or at its `start` or
    `end`; `others` will do as well (「「PV」か「アクセス」」).
    """

    word: str
    where: Where
    place: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cues:
    """What in a message asks for many: the words that do so (`spans`), and what they say.

    `strong` is a word that asks for a list by itself (「一覧」, 「全部」, 「どれ」); `has_noun` tells that
    what is listed is written, `stands_in` that 「もの」 stands for it. `counts_things` is a count that says of
    what (「何件」), which a mere 「いくつ」 does not. `owner` is the section in
    charge, `improves` the way that is better (「lower」, 「higher」),
    `exactly` leaves out 「ほぼ」, `with_bare` counts rows without KPI too, `any_unit` ranks figures whatever their
    units. `phrases` are those of `spans` in which nothing else is to be read.
    """

    form: Form = Form.LIST
    thing: Thing = Thing.INDICATOR
    strong: bool = False
    counts: bool = False
    counts_things: bool = False
    has_noun: bool = False
    stands_in: bool = False
    containing: tuple[Containing, ...] = ()
    unit: str = ""
    without_unit: str = ""
    number: str = ""
    owner: str = ""
    listed_twice: bool = False
    without_indicator: bool = False
    improves: str = ""
    exactly: bool = False
    with_bare: bool = False
    any_unit: bool = False
    phrases: tuple[Span, ...] = ()
    spans: tuple[Span, ...] = ()


_ONCE = re.compile(
    r"(?:再掲|重複|ダブり|同じ指標)[^。、]*?(?:数え|カウント|除|まとめ|ひとつ|一つ|1つ|N(?!以上))[^。、]*|(?:重複|再掲)(?:なし|なく|抜き)"
)
# How a rate is reckoned, or what is to be shown beside it: nothing that is asked.
_EXPLAINED = re.compile(
    # how it is to be reckoned, where that is how it is reckoned anyway
    r"[^。、(]*?(?:先頭の数|最初の数)(?:で|を)[^。、]*|(?:単位の違い|数字の大小)[^。、]*"
    r"|(?:累計|括弧)(?:が|の)?併記[^。、]*|単位(?:は|を|が)(?:気にし|問い?わ|無視|関係な)[^。、]*|「[/-]」のものは含め(?:ません|ない)[^。、]*"
    # places that the plan has: both are meant
    r"|(?<![PTABN])(?<![PTABN][がはも])(?:は|って|という名前の項目は|は、)?[^。、PTABNX]{0,14}?(?:ありますが|あるようですが|あるけど|ありますけど)、?(?:その)?"
    r"|(?<=。)[^。、PTABNX]{1,8}も[^。、PTABNX]{1,8}も。?$|\((?:%|[^()]{0,4}も|(?:再掲|重複)[^()]{0,6})\)|\([^()]*(?:空欄|「[/\-ー]」|/)[^()]*\)"
    r"|(?:(?:伸び|達成|増加|進捗|成長)?率|値|数|割合|ポイント|倍率|単位|数字|差)(?:も|を)?(?:付(?:き|けて)|つき|つけて)(?:で|に)?"
    r"|(?:章|表|分野|一覧|計画)が(?:違って|別で|分かれて)も[^。、]*|分野(?:は|を)?(?:問いません|問わず|問わない|関係な[くし])"
    r"|同じ[^。、]*あれば[^。、]*|(?:項目名|取組名|名前)に[^。、]{1,15}(?:の|もの)も(?:含|入)[^。、]*"
)
# How the achievement rate is reckoned: where that is named, it says nothing more.
_RECKONED = re.compile(r"\([^()]*[÷×][^()]*\)|[^。、(?]*÷[^。、?]*")
# 「ほぼ100%」 and the like are not to be counted.
_EXACTLY = re.compile(
    r"[「『(]?(?:ほぼN?%?|概数|約)[」』]?[^。、「」]{0,20}?(?:は|を|も|の目標は)?(?:除|抜|外|含めな|数えな|なし|いらな|要らな|不要)[^。、()?]*\)?"
)
_WITH_BARE = re.compile(
    r"(?:kpi|指標)(?:の|が)?(?:ない|無い|なし)(?:の)?(?:もの|取り?組み?|項目)?(?:も)(?:含|入|数え|N|1行)(?:めて?|れて?|んで|て|と|も|数え|、)*"
)
_ROWS = re.compile(
    r"(?:表の)?(?:1行|一行|N|行)(?:を|が)(?:1|一|N)?(?:件|つ)?(?:として|と)?(?:して|数え|カウント)[^。、?]*|何行|行数(?:で|は)?|表の行|行で(?:数え)?|延べ(?:で)?|のべ(?:で)?"
    r"|(?:再掲|重複)(?:の(?:もの|指標|分))?(?:も|を|分|も?(?:N|1行)ずつ)*(?:含|込|数え|入れ|足)[めみてんたえくださいだれ]*|(?:再掲|重複)込み?|データ行"
)
_TWICE = re.compile(
    r"(?:再掲で)?N以上(?:の取組項目|の項目|の分野|の場所)?(?:に|で)(?:重ねて|わたって)?(?:載|出|掲載|登場|また(?!は))[っされがいるてた]*|再掲(?:されて(?:い)?る|の|は|が|に|$|さ)*|(?:複数|いくつか|N以上|二つ以上|2つ以上|何か所か|2回以上|N)の?(?:項目|取組(?:項目)?|分野|箇所|か所|ところ|場所|章)?(?:に|で)?"
    r"(?:載って|出て|また(?!は)|再掲され|掲載され|登場し?|重複|挙が|入って|出|載)(?:いる|くる|がって|っている|る|て)*|(?:重複|ダブ)(?:して|っ)(?:いる|て|る)*"
)
_NOT_A_TITLE = r"(?!名|番号|立て)"
_INDICATORS = rf"(?:指標|kpi|ＫＰＩ){_NOT_A_TITLE}"
_INITIATIVES = rf"(?:取り?組み?項目|取り?組み?|項目|施策){_NOT_A_TITLE}"
_NONE = (
    r"(?:(?:の)?(?:設定|記載))?(?:が|の|は|も|を)*(?:N|1つも|一つも|ひとつも|も)*(?:設定|記載|定め|書かれ|置い|設け|付け|付い|示され|載っ|入っ)?(?:が|は|され"
    r"|られ)*(?:て)?(?:い)?(?:ない|無い|なし|無し|ません)"
)
_BARE = re.compile(
    rf"{_INDICATORS}{_NONE}(?:の)?(?:{_INITIATIVES}|もの|やつ)|{_INITIATIVES}(?:の(?:うち|中)(?:で|に)?、?|で、?)?[^。、]{{0,6}}?{_INDICATORS}{_NONE}(?:もの|やつ)?"
    rf"|{_INDICATORS}(?:の)?設定がなじまない{_INITIATIVES}"
)
_WHERE = (
    r"(?P<where>指標名|kpi名|指標の名前|名前|名称|項目名|取組項目名|取組項目|取り?組み?名|取組の名前|題名|タイトル)"
)
_WORD_OF = (
    r"(?:の(?:N|3)?文字|の語|という(?:言葉|語|文字|単語|字|文言)|って(?:語|言葉|文字|いう)?|との"
    r"|っていう(?:言葉|語|文字)?)?"
)
_HELD = r"(?:が|を|の|と|も)*(?:入|含|あ[るりっ]|付|つ[いく]|出て|書[いか]|使|載)[っいくてるまれんだたむきさ]*"
_OTHERS = r"(?P<others>(?:「[^」]{1,30}」(?:か|や|または|もしくは|、|か、)+)*)"
_CONTAINING = (
    re.compile(
        rf"{_OTHERS}「(?P<word>[^」]{{1,30}})」{_WORD_OF}(?:が|は|を){_WHERE}(?:か|や|または|と|、)*"
        rf"(?P<where2>項目名?|指標名|取組名|題名)?(?:のどちらか|の両方|どちらか)?に(?:出て|入|含|あ|載|使)[っいくてるまれんだた]*"
    ),
    re.compile(
        rf"(?:{_WHERE}(?:の(?:中|なか|ところ))?(?:に|で|が|は))?{_OTHERS}「(?P<word>[^」]{{1,30}})」{_WORD_OF}{_HELD}"
    ),
    re.compile(
        rf"{_WHERE}(?:の(?:中|なか|ところ))?(?:に|で)(?P<word>[^、。「」PTBANXのにがを]{{1,15}}?){_WORD_OF}{_HELD}"
    ),
    re.compile(
        rf"{_WHERE}(?:が|の(?:最後|末尾|最初|頭)が)「(?P<word>[^」]{{1,30}})」で(?:(?P<end>終わ)|(?P<start>始ま))[るりっ]*"
    ),
    re.compile(r"(?P<where>)(?P<word>[^、。「」PTBANXの]{1,12})と名(?:の|が)?(?:付|つ)く"),
)
_NUMBER = re.compile(
    r"(?:項目)?番号(?:の(?:ところ|欄)?)?(?:が|に|は)?\s?(?:「(?P<quoted>[^」]{1,8})」|(?P<bare>計画))(?:に|と|で)?(?:なって|なっ|書かれ|載って)?(?:いる|て|る)*"
    r"|「(?P<mark>計画)」(?:と|って|に)(?:書|な|記)[^。、]{0,6}(?=項目|行|取り?組み?|もの)"
)
_SECTION = r"[^「」、。?のがはPTBANX]{1,12}?(?:課|室|部|局|班|センター)"
_OWNER = re.compile(
    rf"(?:担当|所管)(?:の)?(?:課|部署|部局)?(?:が|は)?「?(?P<of>{_SECTION})」?(?:の|で|に|が)(?:なって(?:い)?る)?(?=指標|kpi|もの|、|取)"
    rf"|「?(?P<by>{_SECTION})」?(?:が|の|で)(?:担当|所管)(?:する|して(?:い)?る|の)*(?=指標|kpi|もの|の|取|って|は)"
)
_PERCENT = r"(?:%|パーセント|パー(?!セ|ト|ソ)|割合|(?<!伸び)(?<!達成)率)"
_UNIT = (
    re.compile(
        rf"(?P<not>{_PERCENT})(?:の(?:指標|もの|やつ)?)?(?:以外|でない|じゃない|ではない|[をは]?除[いくき]|[をは]?抜[きい]|[をは]?外し|[をは]?対象外|なし|[をは]?いらない)(?:た|て|の|ます|で)*"
    ),
    re.compile(r"(?<![一-鿿ァ-ヶー])(?P<unit>率|割合|りつ|比率)の(?=指標|kpi|もの|やつ|うち)"),
    re.compile(
        r"単位(?:が|は)?[「『]?(?P<unit>%|パーセント|(?!気に|関係|問わ|違)[^「」『』、。?\sPTBANの]{1,6}?)[」』]?(?:の|で|に|だ|な|表)(?:なって|なっ|示され|されて)?(?:いる|る)*"
    ),
    re.compile(
        r"(?<![N0-9])(?P<unit>%|パーセント|パー(?!セ|ト|ソ))(?:表示|単位|で(?:表|示|測|書)[^、。]{0,6}?)?(?:の(?=指標|kpi|もの|やつ|目標|項目|うち|中)|に絞|だけ|のみ|(?=指標|kpi)|だと|で見る)"
    ),
)
_COUNT = re.compile(
    r"何(?:件|個|つ|項目|本(?:立て)?|種類|こ|指標|分野|取組|kpi|行)|いくつ(?=ある|あり|です|で|の|載|か|[?。、]|$|く)|(?:(?:項目|指標|kpi|取組|行)(?:の)?(?:件数|個数|総数|数)|(?<![一-鿿ァ-ヺーの])(?:件数|個数|総数|数))(?:は|を|だけ|が|って|$|\?|で|も|教)"
    r"|どれ(?:くらい|ぐらい)(?:ある|あり)|カウントして|数えて|件数(?:のみ|だけ)?$|いくつに(?:な[るり])"
)
_STRONG = re.compile(
    r"一覧(?:表)?|何と何|一通り|ひととおり|一式|リスト(?:アップ|で|に|を|$|ください|\?)|列挙|挙げ|あげて(?!いる)|洗い出|ピックアップ|抽出|抜き出|(?:全部|すべて|全て|全件|ぜんぶ)(?!の年|で(?:何|いくつ))"
    r"|どれとどれ|どれ(?!くらい|ぐらい|だけ|ほど|位|が(?:どう|一番いい))|どの(?:指標|kpi)|どの(?:項目|取組)(?!に|の(?:もの|指標))|どんな(?:指標|kpi|項目|取組|の|もの)|どういう(?:指標|kpi|もの)|(?:何|なに)(?:が|の(?:指標|kpi)が|か)(?:ある|あり|載|入)"
    r"|何で(?:見|測|評価|判断)|(?:何|なに)を(?:見て|測って|指標)|並べて|ランキング|該当する"
)
_NOUN = re.compile(
    rf"{_INDICATORS}|指標名(?=$|は|を|だけ|教|って|一覧|[。、?])|{_INITIATIVES}|分野(?=は|が|の?数|の?一覧|を|って)"
)
_STAND_IN = re.compile(
    r"(?<=[ぁ-んN%一-鿿])(?:もの|やつ)(?=は|を|が|だけ|って|に|、|。|\?|$|の|も|で|全|一|す|あ|何|ど)|(?<=[いるたな])の(?=は[?。、]|は$|って|はどれ|は何|だけ|を(?:全|教|出|列|挙|リ|一))"
)
_AREAS = re.compile(
    r"(?:何|いくつの)分野|分野(?:は|が|の)?(?:全部で)?(?:いくつ|何(?:個|つ)|一覧|どれ|何が)|分野の(?:数|一覧)|(?:どんな|どういう)分野"
)
# 「低い方が良い指標」.
_IMPROVES = re.compile(
    r"(?:(?P<lower>低|少な|小さ|下が|減)|(?P<higher>高|多|大き|上が|増え))(?:い|る|った|らす)?(?:方|ほう|ほど)(?:が)?(?:良|い|よ)い(?=指標|kpi|もの|やつ|のは)|減らす(?:のが)?(?:目標の)?指標(?:は|を|と|や)(?P<not_lower>除[いくき]|〓)[^。、]*"
)
_BY_AREA = re.compile(r"分野(?:別|ごと|毎)(?:に|の|で)?")


_ANY_UNIT = re.compile(r"単位(?:の違い)?(?:は|を|が)?(?:気にし|問い?わ|無視|関係な|違っても|ばらばら)")
# Words that are written in cells, not in names (nlp/conditions.py: written).
_OF_CELLS = re.compile(r"^「(?:N[^」]*|ほぼ[^」]*|[/-]|以上|以下|未満|ほぼ|約|超|程度|時点|込み)」")


def read_cues(shape: Shape) -> Cues:
    """What in a message asks for many indicators. 「%の指標は何件」 → a count, of those in percent."""
    text = shape.text
    spans: list[Span] = []

    def taken(pattern: re.Pattern[str], unless: re.Pattern[str] | None = None) -> re.Match[str] | None:
        nonlocal text
        match = pattern.search(text)
        if match and match[0] and not (unless and unless.search(match[0])):
            spans.append(shape.span(match))
            text = text[: match.start()] + "〓" * (match.end() - match.start()) + text[match.end() :]
            return match
        return None

    while taken(_EXPLAINED) or ("達成" in text and taken(_RECKONED)):
        pass
    rows = taken(_ROWS)
    while rows and taken(_ROWS):
        pass
    taken(_ONCE)
    twice = taken(_TWICE)
    number = taken(_NUMBER)
    owner = taken(_OWNER)
    exactly = taken(_EXACTLY)
    with_bare = taken(_WITH_BARE)
    containing = tuple(_containing(match) for pattern in _CONTAINING if (match := taken(pattern, unless=_OF_CELLS)))
    bare = taken(_BARE)
    units = [match for pattern in _UNIT if (match := taken(pattern))]
    improves = taken(_IMPROVES)
    by_area = taken(_BY_AREA)  # a count is always told by area, too
    phrases = tuple(spans)
    nouns = [match[0] for match in _NOUN.finditer(text)]
    areas = taken(_AREAS)
    how_many = re.search("何(?:件|個|項目|本|種類|指標|分野|取組|kpi|行)|数|全部で", text)
    counts = (
        bool(re.search("何行|行数|いくつ.{0,6}行", shape.text) and rows)
        or bool(areas and re.search("いくつ|何(?:個|つ|分)|数", areas[0]))
        or bool(taken(_COUNT))
    )
    strong = bool(areas) or _all(_STRONG, text, shape, spans)
    stands_in = _all(_STAND_IN, text, shape, spans)
    _all(_NOUN, text, shape, spans)
    return Cues(
        form=Form.COUNT if counts else Form.LIST,
        thing=_thing(nouns, bool(rows), bool(bare), bool(areas)),
        strong=strong,
        counts=counts,
        counts_things=counts and how_many is not None,
        has_noun=bool(nouns or bare or (by_area and counts) or areas or rows or containing or number),
        stands_in=stands_in,
        containing=containing,
        unit=next((_unit(match["unit"]) for match in units if "unit" in match.re.groupindex), ""),
        without_unit=next((PERCENT for match in units if "not" in match.re.groupindex), ""),
        number=(number["quoted"] or number["bare"] or number["mark"]) if number else "",
        owner=(owner["of"] or owner["by"]) if owner else "",
        listed_twice=bool(twice),
        without_indicator=bool(bare),
        improves=_better_way(improves),
        exactly=bool(exactly),
        with_bare=bool(with_bare),
        any_unit=_ANY_UNIT.search(shape.text) is not None,
        phrases=phrases,
        spans=tuple(spans),
    )


def _better_way(improves: re.Match[str] | None) -> str:
    if improves is None:
        return ""
    return "higher" if improves["not_lower"] or improves["higher"] else "lower"


def _all(pattern: re.Pattern[str], text: str, shape: Shape, spans: list[Span]) -> bool:
    matches = list(pattern.finditer(text))
    spans += [shape.span(match) for match in matches]
    return bool(matches)


def _containing(match: re.Match[str]) -> Containing:
    others = tuple(re.findall("「([^」]+)」", match.groupdict().get("others") or ""))
    if match.groupdict().get("where2"):
        return Containing(match["word"], Where.EITHER, others=others)
    is_title = bool(match["where"]) and re.match("項目|取|題|タイ", match["where"]) is not None
    place = next((name for name in ("start", "end") if match.groupdict().get(name)), "")
    return Containing(match["word"], Where.INITIATIVE if is_title else Where.NAME, place, others)


def _unit(written: str) -> str:
    return PERCENT if written in ("パーセント", "パー", "率", "割合", "りつ", "比率") else written


def _thing(nouns: Iterable[str], rows: bool, bare: bool, areas: bool) -> Thing:
    if rows:
        return Thing.ROW
    if areas:
        return Thing.AREA
    named = list(nouns)
    if bare or (named and not any(re.match("指標|kpi|分野", noun) for noun in named)):
        return Thing.INITIATIVE
    return Thing.INDICATOR
