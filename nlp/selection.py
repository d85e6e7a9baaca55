"""Questions about many indicators: which ones are meant (an area, a topic, an initiative, several by name, or all),
under which conditions, in which order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.areas import find_areas
from nlp.asked import find_asked
from nlp.conditions import read_conditions
from nlp.criteria import Compared, ConditionReading, Moves
from nlp.cues import Cues, Thing, read_cues
from nlp.index import Index, is_kind_of_figure
from nlp.indicators import SURE, Candidate, Match
from nlp.normalize import normalize
from nlp.operands import Figure, figure_of, figure_pattern
from nlp.orders import OrderReading, read_order
from nlp.pieces import Span, is_inside, overlaps
from nlp.readings import Readings
from nlp.shape import Shape
from nlp.titles import find_titles
from nlp.words import Word, weigh

# How many of many are meant, how they are called, what is done with them: no topic of their own.
_NO_TOPIC = frozenset(
    "関係 関連 系 絡ミ 評価 測定 管理 把握 対象 該当 内訳 種類 種 数 件数 個数 総数 以外 差 名 名前 名称 値 数字 "
    "表 行 ウチ 内 共 付キ 両方 場所 順番 番 再掲 重複 各 逆 其々 等 同ジ 番号 一覧表 % 見タイ ミタイ 比較 "
    "指標名 kpi名 スタート 一式 方向 特定 セル 侭 欄 枠 計算 棚卸シ 書キ出シ 理解 コト 事 部分 中身 棚卸 洗イ出シ 抽出 合計 標準 全体 最新 一番 計画表 箇所 所 状況 一覧 リスト 設定 登録 "
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
    places in the plan were named. `figures` are the years and measures that belong to no condition, `excluded` the names of
    indicators that are left out by name, `near` areas that have the topic in their titles.
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
    has_stray_figure: bool = False
    excluded: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

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
            or cues.improves
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
    counted = any(amount.unit in _THINGS for amount in found.amounts)
    of_area = bool(said.figures) and re.search("分野の", found.text) is not None
    is_asked_of = cues.has_noun or counted or of_area or cues.listed_twice or cues.without_indicator or cues.strong
    says_which = said.conditions or order or cues.unit
    asks = is_asked_of or (says_which and (cues.stands_in or cues.counts or cues.unit or order))
    if not (asks or said.conditions) or said.has_stray_figure:
        return None
    of_rows = cues.counts and cues.thing is Thing.ROW and not said.conditions
    if of_rows and any(mention.match is Match.EXACT for mention in found.mentions):
        return None  # 「…は表の中に何行?」 counts where one indicator stands
    if order and _OF_AREAS.search(found.text) and (order.operation or said.figures or not cues.has_noun):
        return None
    names_a_list = is_asked_of or cues.stands_in or cues.unit or order
    selection = _scoped(found, said, spans)
    # 「教育 R7 80%超は?」, 「産業振興のR7目標を全部」: without a word for what is listed only an area will do.
    if selection is None or not (selection.areas or (asks and (cues.has_noun or says_which or not cues.strong))):
        return None
    # 「何件増えたことに?」 counts no indicators.
    if not names_a_list and not selection.areas and any(isinstance(one.tests[0], Moves) for one in said.conditions):
        return None
    return selection if _is_about_many(selection, found) else None


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
    "指標|kpi|項目|取り?組|施策|分野|行|やつ|もの|のは|のを|順|番|いちばん|最[もも大小多少高低下]|トップ|上位|下位|ワースト|ベスト|%|パー|再掲|章|数は|何件|件数"
    "|以上|以下|未満|超|越|こえ|上回|下回|届|クリア|未達|登録|空欄|斜線|全部|一覧|どれ|ほうから|方から|より(?:低|高|多|少|下|上)|[<>=≦≧]|÷"
)
# 「一番…な分野は?」 ranks areas.
_OF_AREAS = re.compile(r"分野(?:は|を|が|って|$|[?。、])")
# 「どの項目に入ってる」 asks where one indicator stands (nlp/facets.py).
_PLACE = re.compile("どの(?:項目|取り?組み?(?:項目)?|分野)に")
_F = re.compile(figure_pattern("f"))


_LEFT_OUT = re.compile(r"[^。、]*?(?:除[いくき]|除外|抜[いきく]|外し|対象外|含め(?:ない|ません|ず)|数えな)[^。、]*")
_SENTENCE = re.compile(r"[^。?!]+[。?!]*")


def _left_out(found: Readings) -> tuple[tuple[str, ...], list[Span]]:
    """The indicators that a clause leaves out by name (「コピー用紙は除いてください」), and the places of such clauses."""
    names: list[str] = []
    spans: list[Span] = []
    for clause in _LEFT_OUT.finditer(found.text):
        mentions = [m for m in found.mentions if is_inside((m.start, m.end), [clause.span()])]
        if mentions:
            names += [found.index.entries[entry].name for m in mentions for entry in m.entries]
            spans.append(clause.span())
    return tuple(dict.fromkeys(names)), spans


def _beside_the_point(found: Readings, read: Sequence[Span]) -> list[Span]:
    """Sentences at the end in which nothing was read and nothing would say more: 「議会の想定問答に載せます。」."""
    told = [*read, *((mention.start, mention.end) for mention in found.mentions)]
    last = max((end for _, end in told), default=0)
    after = (match.span() for match in _SENTENCE.finditer(found.text) if match.start() >= last)
    return [one for one in after if not _SAYS_MORE.search(found.text[slice(*one)])]


def _said(found: Readings, shape: Shape) -> tuple[Selection, list[Span]]:
    """What a message says of many indicators, without their scope, and the places of the words that say it."""
    excluded, left_out = _left_out(found)
    shape = shape.without(left_out)
    titles = find_titles(found.text, found.index.titles, found.index.title_lengths)
    shape = shape.without([*((title.start, title.end) for title in titles), *found.corrected])
    cues = read_cues(shape)
    rest = shape.without(cues.phrases)
    order = read_order(rest)
    of_order = order.spans if order else ()
    of_names = [(mention.start, mention.end) for mention in found.mentions]
    conditions = read_conditions(rest.without([*of_names, *of_order]))
    of_conditions = [(one.start, one.end) for one in conditions]
    left = rest.without(of_conditions)
    figures = [(match, figure_of(rest, match, "f")) for match in _F.finditer(left.text)]
    # 「R5の目標もR6の目標も80%以上」: a figure before the condition that belongs to none was not understood.
    last = max((start for start, _ in of_conditions), default=0)
    stray = [figure for match, figure in figures if rest.span(match)[0] < last and figure]
    if order is None and len(stray) == 1 and (taken := _with_figure(conditions, stray[0])):
        conditions, stray = taken, []
    is_stray = order is None and bool(stray)
    selection = Selection(
        cues,
        conditions,
        order,
        figures=tuple(figure for _, figure in figures if figure),
        has_stray_figure=is_stray,
        excluded=excluded,
    )
    return selection, [*cues.spans, *of_conditions, *of_order, *left_out]


def _with_figure(conditions: Sequence[ConditionReading], figure: Figure) -> tuple[ConditionReading, ...] | None:
    """「昨年度の実績で見て、80%以上」: a figure set before a limit that has none of its own."""
    open_ones = [
        one for one in conditions for test in one.tests if isinstance(test, Compared) and test.operand == Figure()
    ]
    if not open_ones or len(open_ones) != len(conditions):
        return None
    return tuple(
        replace(one, tests=tuple(replace(test, operand=figure) for test in one.tests if isinstance(test, Compared)))
        for one in conditions
    )


_AREA = re.compile("分野(?!別|ごと|毎)|部門|区分|章|セクション")
# 「第4-1の指標」, 「分野3のKPI」.
_AREA_NUMBER = re.compile(r"(?P<chapter>第[0-9](?:-[0-9])?)(?![0-9(])|分野(?P<area>[1-9])(?![0-9(])")
_EXCEPT_AREA = re.compile(r"[」』]?(?:の)?(?:分野)?(?:以外|を?除[いくき]|じゃない|ではない|でない)(?:て|と)?")
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
    numbered = tuple(dict.fromkeys(entry for span, own in found.numbers for entry in _under_number(found, span, own)))
    if by_number := _AREA_NUMBER.search(text):
        sign = by_number["chapter"] or by_number["area"]
        areas = (*areas, *(t.title for t in index.areas if re.match(rf"{re.escape(sign)}\s", normalize(t.title))))
        of_titles.append(by_number.span())
    if _has_unread_amount(found, [*spans, *of_titles]):
        return None
    read = [*found.masked, *spans, *of_titles]
    read += _beside_the_point(found, [*found.masked, *spans, *of_titles, *(span for span, _ in found.numbers)])
    without = next((match for span in of_titles if (match := _EXCEPT_AREA.match(text, span[1]))), None)
    if without:
        read.append(without.span())
    words = topical(weigh(found.sought, read))
    if not without and words and (without := _EXCEPT_AREA.match(text, words[-1].end)):
        read.append(without.span())
        words = [word for word in words if word.end <= without.start()]
    said = replace(said, without_areas=without is not None)
    if _has_unread_quote(text, [*read, *((word.start, word.end) for word in words)]):
        return None
    if (under or numbered) and (areas or not words):
        topic = _written(found, of_titles or [span for span, _ in found.numbers])
        selection = replace(said, areas=areas, entries=under or numbered, topic=topic, by_place=True)
        return selection if _is_all_read(found, read) else None
    if areas and not words:
        selection = replace(said, areas=areas, topic=_written(found, of_titles))
        return selection if _is_all_read(found, read) else None
    if not words:
        # 「以外」 of nothing that was understood
        return said if not without and _is_all_read(found, read) else None
    if said.order and all(word.start >= said.order.spans[0][1] for word in words) and not cues_follow(said, words):
        return None  # 「目標が一番大きい市町村は?」 ranks no indicators
    by_words = _by_words(found, said, [*spans, *of_titles], words, in_thread=in_thread)
    if by_words is None and (preamble := _PREAMBLE.match(text)):
        words = [word for word in words if word.start >= preamble.end()]
        read.append(preamble.span())
        masked = [*spans, *of_titles, preamble.span()]
        by_words = _by_words(found, said, masked, words, in_thread=in_thread) if words else said
    if by_words is None or (without and not by_words.areas):
        return None
    if not _is_all_read(found, [*read, *((word.start, word.end) for word in words)]):
        return None
    if areas:
        by_words = replace(by_words, areas=tuple(dict.fromkeys((*areas, *by_words.areas))))
    if numbered or under:
        scope = numbered or under
        both = tuple(entry for entry in scope if not by_words.entries or entry in by_words.entries)
        return replace(by_words, entries=both) if both else None
    return by_words


def cues_follow(said: Selection, words: Sequence[Word]) -> bool:
    """Does a word for what is ranked stand behind these words: 「多い順に産業振興の指標」?"""
    return any(start >= words[-1].end for start, _ in said.cues.spans)


# 「4(1)ア〜エ」.
_LETTERS = re.compile(r"[~〜–−-](?P<last>[アイウエオカキク])(?![ァ-ヺー])")
_KANA = "アイウエオカキク"


def _under_number(found: Readings, span: Span, exact: Sequence[int]) -> Sequence[int]:
    """All that stands under a number, its letters included: 6(1) is 6(1)ウ as well."""
    number = found.text[span[0] : span[1]]
    if (rest := _LETTERS.match(found.text, span[1])) and "ア" <= number[-1] <= "ン":
        base, first = number[:-1], number[-1]
        letters = _KANA[_KANA.index(first) : _KANA.index(rest["last"]) + 1] if first in _KANA else ""
        return [
            e
            for known, own in found.index.numbers.items()
            if known.startswith(base) and known[len(base) :][:1] in letters
            for e in own
        ]
    return [*exact, *(e for known, own in found.index.numbers.items() if known.startswith(number) for e in own)]


def _written(found: Readings, spans: Sequence[Span]) -> str:
    return found.written[spans[0][0] : spans[-1][1]]


def _by_words(
    found: Readings, said: Selection, spans: Sequence[Span], words: Sequence[Word], *, in_thread: bool
) -> Selection | None:
    """The area, the indicators by name, or the topic that words mean."""
    index, cues = found.index, said.cues
    named_area = in_thread or _AREA.search(found.text) is not None
    topic = found.written[words[0].start : words[-1].end]
    if areas := find_areas(words, index.areas, named=named_area):
        # 「安全安心の指標で人数のもの」: a kind of figure is no part of an area.
        of_areas = frozenset[str]().union(*(title.words for title in index.areas if title.title in areas))
        is_read = all(not is_kind_of_figure(word.token) or word.token.base in of_areas for word in words)
        return replace(said, areas=areas, topic=topic) if is_read else None
    if areas := _several_areas(found, words):
        return replace(said, areas=areas, topic=topic)
    parts = find_asked(found, spans, most=bool(said.order))
    single = [part.fitting[0] for part in parts if len(part.fitting) == 1]
    if len(parts) > 1 and len(single) == len(parts):
        return replace(said, named=tuple(single))
    entries = find_topic(words, index)
    is_name = len(single) == 1 and single[0].match in (Match.EXACT, Match.ALIAS) and not single[0].unexplained
    if is_name and not (cues.strong and len(entries) > 1) and not in_thread:
        return None
    counted = any(amount.unit in _THINGS for amount in found.amounts)
    near = find_areas(words, index.areas, named=True)
    # 「環境の指標」: one name that has the word is no list; the area that has it is.
    if entries and (cues.has_noun or counted or in_thread) and (len(entries) > 1 or not near):
        return replace(said, entries=entries, topic=topic, near=near)
    return replace(said, areas=near, topic=topic) if near else None


_AND = re.compile(r"(?:分野)?(?:と|や|または|及び|、|と、|もしくは|か)")


def _several_areas(found: Readings, words: Sequence[Word]) -> tuple[str, ...]:
    """「教育と産業振興」: each of the words between 「と」 an area of its own, () where one is not."""
    groups: list[list[Word]] = [[]]
    for word in words:
        if groups[-1] and _AND.fullmatch(found.text[groups[-1][-1].end : word.start]):
            groups.append([])
        groups[-1].append(word)
    if len(groups) < 2:
        return ()
    areas = [find_areas(group, found.index.areas, named=True) for group in groups]
    return tuple(dict.fromkeys(title for own in areas for title in own)) if all(areas) else ()


def find_topic(words: Sequence[Word], index: Index) -> tuple[int, ...]:
    """The entries that have nearly all words of a topic in their names or initiatives, in the catalogue's order."""
    total = sum(word.weight for word in words)
    if not any(word.can_be_asked for word in words) or any(word.is_foreign for word in words):
        return ()
    scores: dict[int, float] = {}
    for word in words:
        for entry, strength in word.found.items():
            scores[entry] = scores.get(entry, 0.0) + word.weight * strength
    return tuple(sorted(entry for entry, score in scores.items() if score >= SURE * total))


# 「4指標」 says how many there are.
_THINGS = ("指標", "項目", "kpi")


def _has_unread_amount(found: Readings, spans: Sequence[Span]) -> bool:
    return any(
        not overlaps((amount.start, amount.end), spans) and amount.unit not in _THINGS for amount in found.amounts
    )


def _has_unread_quote(text: str, spans: Sequence[Span]) -> bool:
    return any(not overlaps(match.span(), spans) for match in re.finditer(r"「[^」]*」|\([^()]*\)", text))


# Words that would say more of which indicators are meant. Where one of them stays unread, nothing is listed: a list that
# passes it over would be of something else.
_SAYS_MORE = re.compile(
    r"◇(?:に|の)?(?:だけ|のみ)|以外|以上|以下|未満|超[えすの]|より|前年|前の年|去年|昨年|初めて|唯一|しか|でない|じゃない|ではない|(?<!じゃ)(?<!では)な(?:い(?!です|ます|か[?。]|よ|ね|でしょ)|かった)|ません(?!か|でし)"
    r"|せず|ずに|同じ(?!よう)|同数|同額|違[うっい]|異な|除[いくき]|抜き|外し|増え|増や|減[るらっり]|減少|増加|伸び|上が(?!り下)|(?<!ぶら)下が|下回|上回|届[かいくけ]|追い越|追い抜|越[えし]|こえ|達し|達成|クリア|未達|満た|足り"
    r"|落ち|悪[いくか]|良[いくか]|改善|悪化|平均|合計|合わせて|差[がはをのも]|[<>=≦≧≤≥÷×]|ずつ|担当|所管|市町村は|判定|順調|遅れ|後退|間の|台の|その分野|理由|なぜ|高[いくか]|低[いくか]|大き[いくか]|小さ[いくか]|多[いくか]|少な[いくか]"
)


def _is_all_read(found: Readings, spans: Sequence[Span]) -> bool:
    """Is nothing left beside these spans that would say more of which indicators are meant: 「届かなかった」?"""
    signs = list(found.text)
    figures = [(one.start, one.end) for one in found.periods] + [(one.start, one.end) for one in found.measures]
    for start, end in (*spans, *((mention.start, mention.end) for mention in found.mentions)):
        signs[start:end] = ("◇" if (start, end) in figures else "〓") * (end - start)
    return _SAYS_MORE.search("".join(signs)) is None


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
