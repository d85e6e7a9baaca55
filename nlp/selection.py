"""Questions about many indicators: which ones are meant (an area, a topic, an initiative, several by name, or all),
under which conditions, in which order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.areas import find_areas
from nlp.asked import find_asked
from nlp.conditions import read_conditions
from nlp.criteria import ConditionReading
from nlp.cues import Cues, read_cues
from nlp.index import Index, is_kind_of_figure
from nlp.indicators import SURE, Candidate, Match
from nlp.operands import Figure, figure_of, figure_pattern
from nlp.orders import OrderReading, read_order
from nlp.pieces import Span, is_inside, overlaps
from nlp.readings import Readings
from nlp.shape import Shape
from nlp.titles import find_titles
from nlp.words import Word, weigh

# How many of many are meant, how they are called, what is done with them: no topic of their own.
_NO_TOPIC = frozenset(
    "関係 関連 系 絡ミ 評価 測定 管理 把握 対象 該当 内訳 種類 種 数 件数 個数 総数 名 名前 名称 値 数字 "
    "表 行 ウチ 内 共 付キ 両方 場所 順番 番 再掲 重複 各 逆 其々 等 同ジ 番号 一覧表 % 見タイ ミタイ 比較 "
    "指標名 kpi名 箇所 所 状況 一覧 リスト 設定 登録 "
    "取リ組ミ 取組 項目 分野 施策 テーマ 章 部門 全体 合計 計 通リ 目標値 上位 下位 順位 対応 意味 言葉 "
    "中身 水準 幅 自体 計画 "
    "事業 内容 現状 県 庁 我ガ 本 部 課 資料 傾向 変化 様 風 ヤツ 奴 サン 会議 議会 答弁 説明 率 達成 集計 "
    "区分 カテゴリ カテゴリー 別 毎 ベース".split()
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The indicators that a question means, and in what order.

    `areas` are titles of areas or chapters, `entries` entries of the index that the `topic` words (or the number of an
    initiative) mean, `named` indicators called by their names; all three empty: every indicator. `by_place` says that
    places in the plan were named. `figures` are the years and measures that belong to no condition.
    """

    cues: Cues
    conditions: tuple[ConditionReading, ...] = ()
    order: OrderReading | None = None
    areas: tuple[str, ...] = ()
    without_areas: bool = False
    topic: str = ""
    by_place: bool = False
    entries: tuple[int, ...] = ()
    named: tuple[Candidate, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def is_scoped(self) -> bool:
        return bool(self.areas or self.entries or self.named)

    @property
    def narrows(self) -> bool:
        """Does it say anything of which indicators it means?"""
        cues = self.cues
        return bool(
            self.is_scoped
            or self.conditions
            or cues.containing
            or cues.unit
            or cues.without_unit
            or cues.number
            or cues.listed_twice
            or cues.without_indicator
        )


def topical(words: Sequence[Word]) -> list[Word]:
    """The words that name a topic: nouns and kinds of figures, without those that only say what is done with them."""
    return [
        word
        for word in words
        if (word.can_be_asked or is_kind_of_figure(word.token)) and word.token.base not in _NO_TOPIC
    ]


def read_selection(found: Readings, shape: Shape) -> Selection | None:
    """The selection of a question about many, None where it is a question of another kind.

    「産業振興のKPI一覧」, 「%の指標は何件」, 「伸び率の高い順に3つ」.
    """
    if not _LIKELY.search(found.text) or _PLACE.search(found.text):
        return None
    said, spans = _said(found, shape)
    cues, order = said.cues, said.order
    is_asked_of = cues.has_noun or cues.listed_twice or cues.without_indicator or (cues.strong and cues.stands_in)
    says_which = said.conditions or order or cues.unit
    if not (is_asked_of or (says_which and (cues.strong or cues.stands_in or cues.counts or cues.unit or order))):
        return None
    selection = _scoped(found, said, spans)
    return selection if selection is not None and _is_about_many(selection, found) else None


def read_narrowing(found: Readings, shape: Shape) -> Selection | None:
    """How a message changes a question about many that was asked before it, None where it is about something else.

    「そのうち産業振興は?」 → the area, 「上位3つだけ」 → the first three.
    """
    said, spans = _said(found, shape)
    selection = _scoped(found, said, spans, in_thread=True)
    if selection is None:
        return None
    cues = selection.cues
    says = selection.narrows or selection.order or cues.counts or cues.strong or selection.figures
    return selection if says else None


# Without any of these words no question is about many; most look-ups end here.
_LIKELY = re.compile(
    "指標|kpi|項目|取り?組|施策|分野|行|やつ|もの|のは|順|番|いちばん|最[もも大小多少高低下]|トップ|上位|下位|ワースト|ベスト|%|パー|再掲|章"
)
# 「どの項目に入ってる」 asks where one indicator stands (nlp/facets.py).
_PLACE = re.compile("どの(?:項目|取り?組み?(?:項目)?|分野)に")
_F = re.compile(figure_pattern("f"))


def _said(found: Readings, shape: Shape) -> tuple[Selection, list[Span]]:
    """What a message says of many indicators, without their scope, and the places of the words that say it."""
    titles = find_titles(found.text, found.index.titles, found.index.title_lengths)
    shape = shape.without([*((title.start, title.end) for title in titles), *found.corrected])
    cues = read_cues(shape)
    rest = shape.without(cues.phrases)
    order = read_order(rest)
    of_order = order.spans if order else ()
    of_names = [(mention.start, mention.end) for mention in found.mentions]
    conditions = read_conditions(rest.without([*of_names, *of_order]))
    of_conditions = [(one.start, one.end) for one in conditions]
    figures = tuple(
        figure for match in _F.finditer(rest.without(of_conditions).text) if (figure := figure_of(rest, match, "f"))
    )
    return Selection(cues, conditions, order, figures=figures), [*cues.spans, *of_conditions, *of_order]


_AREA = re.compile("分野(?!別|ごと|毎)|部門|区分|章|セクション")
_EXCEPT_AREA = re.compile(r"[」』]?(?:の)?(?:分野)?(?:以外|を?除[いくき]|じゃない|ではない)")
# 「電話で聞かれていまして、」 comes before what is asked.
_PREAMBLE = re.compile(r"^[^。]{0,40}?(?:まして|ですが|けど|ので|んで|なんですが|のですが|ため|して)[、。]")


def _scoped(found: Readings, said: Selection, spans: Sequence[Span], *, in_thread: bool = False) -> Selection | None:
    """The selection with what its words name: areas, a topic, an initiative, several indicators.

    None where they name one indicator alone, nothing that the catalogue has, or where something stays unread: a list
    that passes over what was said would be of something else.
    """
    index, text = found.index, found.text
    titles = [
        title
        for title in find_titles(text, index.titles, index.title_lengths)
        if not any(is_inside((title.start, title.end), [(m.start, m.end)]) for m in found.mentions)
    ]
    of_titles = [(title.start, title.end) for title in titles]
    areas = tuple(dict.fromkeys(one for title in titles for one in title.titles if one not in index.under))
    entries = [tuple(e for one in title.titles for e in index.under.get(one, ())) for title in titles]
    under = tuple(dict.fromkeys(entry for own in entries for entry in own))
    numbered = tuple(dict.fromkeys(entry for _, own in found.numbers for entry in own))
    if _has_unread_amount(found, [*spans, *of_titles]):
        return None
    all_words = weigh(found.sought, [*found.masked, *spans, *of_titles])
    words = topical(all_words)
    if _has_unread_quote(text, [*found.masked, *spans, *of_titles, *((word.start, word.end) for word in words)]):
        return None
    if (under or numbered) and (areas or not words):
        scope = under or numbered
        topic = _written(found, of_titles or [span for span, _ in found.numbers])
        selection = replace(said, areas=areas, entries=scope, topic=topic, by_place=True)
        return selection if _is_all_read(all_words, (), index) else None
    if areas and not words:
        without = _EXCEPT_AREA.match(text[of_titles[-1][1] :]) is not None
        selection = replace(said, areas=areas, topic=_written(found, of_titles), without_areas=without)
        return selection if _is_all_read(all_words, areas, index) else None
    if not words:
        return said if _is_all_read(all_words, (), index) else None
    by_words = _by_words(found, said, [*spans, *of_titles], words, in_thread=in_thread)
    if by_words is None and (preamble := _PREAMBLE.match(text)):
        words = [word for word in words if word.start >= preamble.end()]
        all_words = [word for word in all_words if word.start >= preamble.end()]
        masked = [*spans, *of_titles, preamble.span()]
        by_words = _by_words(found, said, masked, words, in_thread=in_thread) if words else said
    if by_words is None:
        return None
    has_topic = bool(by_words.entries or by_words.named)
    if not _is_all_read(all_words, by_words.areas, index, has_topic=has_topic):
        return None
    if numbered or under:
        scope = numbered or under
        both = tuple(entry for entry in scope if not by_words.entries or entry in by_words.entries)
        return replace(by_words, entries=both) if both else None
    return by_words


def _written(found: Readings, spans: Sequence[Span]) -> str:
    return found.written[spans[0][0] : spans[-1][1]]


def _by_words(
    found: Readings, said: Selection, spans: Sequence[Span], words: Sequence[Word], *, in_thread: bool
) -> Selection | None:
    """The area, the indicators by name, or the topic that words mean."""
    index, cues = found.index, said.cues
    named_area = in_thread or _AREA.search(found.text) is not None
    topic = found.written[words[0].start : words[-1].end]
    without = _EXCEPT_AREA.match(found.text[words[-1].end :]) is not None
    if areas := find_areas(words, index.areas, named=named_area):
        return replace(said, areas=areas, topic=topic, without_areas=without)
    parts = find_asked(found, spans, most=bool(said.order))
    single = [part.fitting[0] for part in parts if len(part.fitting) == 1]
    if len(parts) > 1 and len(single) == len(parts):
        return replace(said, named=tuple(single))
    entries = find_topic(words, index)
    is_name = len(single) == 1 and single[0].match in (Match.EXACT, Match.ALIAS) and not single[0].unexplained
    if is_name and not (cues.strong and len(entries) > 1) and not in_thread:
        return None
    if entries and (cues.has_noun or in_thread):
        return replace(said, entries=entries, topic=topic)
    if areas := find_areas(words, index.areas, named=True):
        return replace(said, areas=areas, topic=topic, without_areas=without)
    return None


def find_topic(words: Sequence[Word], index: Index) -> tuple[int, ...]:
    """The entries that have nearly all words of a topic in their names or initiatives, in the catalogue's order."""
    total = sum(word.weight for word in words)
    if not total or any(word.is_foreign for word in words):
        return ()
    scores: dict[int, float] = {}
    for word in words:
        for entry, strength in word.found.items():
            scores[entry] = scores.get(entry, 0.0) + word.weight * strength
    return tuple(sorted(entry for entry, score in scores.items() if score >= SURE * total))


def _has_unread_amount(found: Readings, spans: Sequence[Span]) -> bool:
    return any(
        not overlaps((amount.start, amount.end), spans) and amount.unit not in ("指標", "項目", "kpi")
        for amount in found.amounts
    )


def _has_unread_quote(text: str, spans: Sequence[Span]) -> bool:
    return any(not overlaps(match.span(), spans) for match in re.finditer(r"「[^」]*」|\([^()]*\)", text))


# Deeds that ask for a list, or say nothing of which indicators are meant.
_ASKING = frozenset(
    "教エル 見セル 出ス 知ル 並ベル 示ス 比ベル 纏メル 調ベル 聞ク 伺ウ 答エル 送ル 頼ム 願ウ 呉レル 頂ク "
    "下サル 見ル 挙ゲル 載ル 有ル 入ル 書ク 言ウ 為ル "
    "居ル 成ル 欲シイ 数エル 絞ル 含メル 含ム 測ル 使ウ 関ワル 関スル 係ル 属スル 当タル 分カル 分カレル "
    "抜キ出ス 拾ウ 洗イ出ス 洗ウ 選ブ 思ウ 貰ウ "
    "良イ 多イ 少ナイ 高イ 低イ 大キイ 小サイ 詳シイ 早イ 宜シイ 全部 登ル 上ガル 取ル 掛カル ブラ下ガル "
    "紐付ク 出来ル 掲ゲル 定メル 設ケル 置ク 持ツ "
    "乗ル 続ケル 出ル 止メル 決マル 引ク 当テハマル 困ル 急グ 済ム 助カル 足ス 分ケル 続ク".split()
)


def _is_all_read(words: Sequence[Word], areas: Sequence[str], index: Index, *, has_topic: bool = False) -> bool:
    """Is nothing left that would say more of which indicators are meant: 「届かなかった」, 「達成できた」?"""
    of_areas = frozenset[str]().union(*(title.words for title in index.areas if title.title in areas))
    return all(
        word.can_be_asked
        or not word.token.kind.startswith(("動詞", "形容詞"))
        or word.token.base in _ASKING
        or word.token.base in of_areas
        or (has_topic and bool(word.found))
        for word in words
    ) and not any(word.token.base in _STATUS for word in words)


# Judging is another question than which figures are given.
_STATUS = frozenset("達成 未達 判定 順調 遅レ 遅レル 後退".split())


def _is_about_many(selection: Selection, found: Readings) -> bool:
    """Does the message ask for a list, a count or a ranking, and not for the figures of what it names?"""
    cues = selection.cues
    if selection.order:
        return True
    if cues.counts or cues.strong:
        return cues.has_noun or selection.narrows
    if len(selection.entries) == 1 and not selection.conditions:
        return False
    if selection.named:
        return bool(selection.conditions)
    if (found.periods or found.measures) and not (selection.conditions or selection.areas or cues.has_noun):
        return False
    return selection.narrows
