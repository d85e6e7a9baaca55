"""What a question wants to know about an indicator, or the plan, beside its figures: unit, area, source, …"""

import re
from dataclasses import dataclass
from enum import Enum

from nlp.pieces import Span
from nlp.shape import Shape


class Facet(Enum):
    UNIT = "単位"
    PLACE = "分野・取組項目"
    SOURCE = "出典"
    MEASURED = "測った時点"
    DIRECTION = "良い方向"
    OWNER = "担当課"
    LISTINGS = "掲載箇所の数"
    NAME = "正式な名称"
    MEANING = "表記の意味"
    YEARS = "計画期間"
    NOTE = "計画の注記"
    REMARK = "値の備考"
    DEFINITION = "用語の説明"


@dataclass(frozen=True, slots=True)
class FacetReading:
    """What is asked about, the words that ask at `spans`, and for a MEANING the mark or word asked about."""

    facet: Facet
    spans: tuple[Span, ...]
    word: str = ""


_ASK = r"(?:は|って|を|が|の|も|$|[?。、]|\s|教|知|ど|何|なに|な[のん]|です|で(?:す|し|い)|だっ|わか|分か|に)"
_RULES: tuple[tuple[Facet, re.Pattern[str]], ...] = (
    (
        Facet.NOTE,
        re.compile(
            r"(?:なじまない|馴染まない|載っていない|載ってない|記載(?:が|の)ない|省略され)[^。?]{0,20}(?:どう(?:扱|な|書|し|い)|扱い|なぜ|理由)"
            r"|(?:計画|表|資料|欄外)(?:の|に)(?:注記?|注釈|注意書き|但し書き|ただし書き)|脚注"
        ),
    ),
    (
        Facet.MEANING,
        re.compile(
            r"(?:表の(?:下の|中の)?|セルの|値の|目標の|Tの|P(?:の|が)|括弧の|かっこの)*[「『(]?(?P<word>累計(?!で|ダウン)|/|スラッシュ|※|米印|-|ハイフン|横棒|ほぼ|以上|再掲|①②?|②|込み?|注)[」』)]?(?:の(?:ところ|値|部分|印|マーク|表記|記号|注|記載))?(?:に)?"
            r"(?:と書いてある|と書かれている|となっている|になっている|とある|が付いている|が入っている)?(?:な)?(?:の|やつ|ところ)?(?:は|って|とは|っていうのは|というのは|の)?(?:、)?(?:には?)?(?:何|なに|なん|どういう|どんな|意味|何を)(?:の|を|て|と)?(?:書いて|書か|記載|こと|意味|表|指|注)?(?:です|する|し|す|って|なの|だ|か)*"
        ),
    ),
    (
        Facet.LISTINGS,
        re.compile(
            r"(?:表|計画|資料)?(?:の中)?(?:に|で|の)?(?:何|いくつの?|どれだけの?)(?:回|か所|箇所|カ所|ヶ所|ケ所|項目|分野|行|つ|取組)?(?:に|も|の(?:項目|分野|取組|場所)に)*(?:出て|載って|掲載|登場|重複|記載|書かれ|再掲|出|入って)(?:され|し|くる|き|ている|ます|い|る|て)*"
            r"|再掲(?:は|され|の数|回数|って)*(?:何|いくつ|あ)[^。]{0,6}|掲載(?:箇所|か所)?(?:数|の数)?(?:は|って)"
        ),
    ),
    (
        Facet.REMARK,
        re.compile(
            r"備考(?!欄?に「)(?:欄)?(?:に|は|って|を|の|が)?[^。?]{0,16}|但し書き[^。?]{0,10}|ただし書き[^。?]{0,10}|(?:注記|補足|注釈)(?:に|は|って|を|の|が)?[^。?]{0,12}"
        ),
    ),
    (
        Facet.DEFINITION,
        re.compile(
            r"とは(?:何|なん|どういう)?[^。?]{0,8}[?。]*$|って(?:何|なに)(?:の(?:略|こと))?(?:です|でした)?か?[?。]*$"
        ),
    ),
    (Facet.UNIT, re.compile(rf"単位(?={_ASK})|何単位|何で数え")),
    (
        Facet.DIRECTION,
        re.compile(
            r"(?:多|高|大き|少な|低|小さ|上が|下が|増え|減)(?:い|る|ければ|ったら|い方|った)?(?:ほう|方|ほど|程|れば)?(?:が|は|の方が)?(?:、)?(?:多い|高い|低い|少ない)?(?:ほど|ほう|方)?(?:が)?(?:良|い[いく]|よ[いく]|望まし|嬉し|悪)(?:い|く|かった)*"
            r"|どっち(?:が|の方が|に(?:動|行)く(?:と|の|ほうが)?)(?:良|い|よ)い|どっちに(?:動|行|向)[くい]?と?[^。?]{0,12}|(?:数字|値|数)が?どうな(?:る|れば)[^。?]{0,14}|どちら(?:が|に)(?:良|望ま|動)|(?:良|い|よ)い方向|(?:減|増)(?:らす|やす)(?:べき|指標|タイプ|方が|ほうが)|改善の?(?:方向|向き)"
        ),
    ),
    (
        Facet.MEASURED,
        re.compile(
            r"いつ(?:の)?(?:時点|現在|の(?:数字|数値|値|データ|もの|話|調査|実績)|測|取った|とった|調べ|から|頃の|ごろの)[^。?]{0,12}?(?=です|な|で|$|[?。、]|か)|いつの(?=です|な|で|$|[?。、])|いつの(?:アンケート|調査|結果|集計)[^。?]{0,8}"
            r"|何(?:年(?:度)?|月(?:末)?)(?:何月)?(?:の)?(?:時点|現在|の(?:数字|数値|値|データ|もの))|時点(?:は|って|が)?(?:いつ|何|どこ)|(?:どの|いつの|何の)期間|対象期間|いつからいつまで(?:の期間)?(?:の(?:値|数字|数値|データ))?|測定(?:時点|時期|期間|日)|基準日"
        ),
    ),
    (
        Facet.OWNER,
        re.compile(
            r"(?:担当|所管|主管)(?:して(?:い)?る)?(?:の)?(?:課|部署|部局|所属|室|班)|どこの(?:課|部署|部局)|どの(?:課|部署|部局)|(?:担当|所管)(?:は|って)どこ|何課"
        ),
    ),
    (
        Facet.NAME,
        re.compile(
            r"正式(?:な)?(?:名称|名|名前|の名前|の指標名|タイトル|題名)|計画の(?:名前|名称|タイトル|題名)|(?:正しい|ちゃんとした|フルの)(?:名前|指標名|名称)"
        ),
    ),
    (
        Facet.SOURCE,
        re.compile(
            rf"出典(?={_ASK})|出どころ[^。?]{{0,12}}|出処|資料の何番|出所|典拠|根拠資料|ソース(?={_ASK})|資料(?:の)?番号|(?:どの|何の|なんの|なに|何という|どこの|何て|なんて)(?:資料|文書|計画|書類|表)[^。?]{{0,14}}|どこに(?:載|書|記載|出て|の)[^。?]{{0,8}}|どこから(?:の|持|引|取)[^。?]{{0,8}}|何に(?:載|書)[^。?]{{0,6}}|もとの資料|元の資料|元資料"
        ),
    ),
    (
        Facet.YEARS,
        re.compile(
            r"(?:計画期間|対象期間|(?:計画|目標)(?:の)?期間)(?:は|って|を|$|\?)|何年度?から何年度?まで[^。?]{0,14}|(?:この)?計画(?:は|って)?(?:何年|いつ)(?:度)?(?:から|まで)|何年度?まで(?:の)?(?:計画|目標)"
        ),
    ),
    (
        Facet.PLACE,
        re.compile(
            r"(?:どの|何の|なんの|どこの|どういう|どんな|何という|なんという)?(?:分野|章|取り?組み?項目|取り?組み?|項目番号|項目名|項目|施策|テーマ|番号)(?:名|番号|の名前|の欄)?(?:でいうと|で言うと|だと|に|の|は|って|で|から|が|と|も|を)*"
            r"(?:属|入|位置|含|載|ぶら下|ひも|紐|分類|該当|ある|あり|教|頼|何|どこ|どれ|どこに|です|なん|な|どういう|ど|$|[?。、]|知|わか|分か|もの|指標|kpi)[^。?]{0,12}|何番(?=です|の項目|で|に|$|\?)|(?:どこ|何)に(?:属|分類|入っ|位置|紐|ひも)[^。?]{0,8}"
        ),
    ),
)


# Without any of these words nothing but figures is asked about.
_LIKELY = re.compile(
    "意味|どういう|どんな|何|なに|なん|再掲|掲載|単位|ほう|方|ほど|どっち|どちら|方向|改善|べき|タイプ|いつ|時点|期間|測定|基準日|課|所管|担当|正|名|フル|備考|但し|ただし書|補足|とは|集計|頼|出|典拠"
    "|資料|ソース|どこ|載|計画|分野|章|取り?組|項目|施策|テーマ|番|注|なじま|馴染|省略|どうな"
)


# Read over the text itself: 「計画期間」 is a period in the shape.
_PERIOD = re.compile(r"(?:計画|目標)の?期間(?:は|って|を教|がいつ)")


def read_facets(shape: Shape, text: str) -> tuple[FacetReading, ...]:
    """What a message (its shape, and its normalised text) asks about beside figures, each once.

    「単位と出典は」 → UNIT, SOURCE.
    """
    if not _LIKELY.search(text):
        return ()
    if match := _PERIOD.search(text):
        return (FacetReading(Facet.YEARS, (match.span(),)),)
    found: list[FacetReading] = []
    for facet, pattern in _RULES:
        match = pattern.search(shape.text)
        if match and match[0].strip():
            word = match["word"] if "word" in match.re.groupindex else ""
            found.append(FacetReading(facet, (shape.span(match),), word or ""))
    if found and found[0].facet in (Facet.MEANING, Facet.NOTE):
        return (found[0],)
    # 「単位って何?」 asks for the unit, not for what a word means.
    others = tuple(reading for reading in found if reading.facet is not Facet.DEFINITION)
    return others or tuple(found)


_PLAN = re.compile("計画|資料|この表|この?kpi|一覧表")


def is_of_plan(text: str, facet: Facet) -> bool:
    """Can this be asked of the plan itself, without an indicator: 「この計画の正式名称は?」?"""
    if facet in (Facet.MEANING, Facet.NOTE):
        return True
    return facet in (Facet.NAME, Facet.YEARS, Facet.SOURCE, Facet.REMARK) and _PLAN.search(text) is not None
