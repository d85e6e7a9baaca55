"""Which indicators a question about many means: an area, a topic, an initiative's number, several by name, or all."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.areas import find_areas
from nlp.conditions import ConditionReading
from nlp.index import Index, is_kind_of_figure
from nlp.indicators import SURE, Candidate
from nlp.operands import Figure
from nlp.orders import OrderReading
from nlp.selections import Cues
from nlp.words import Word

# How many of many are meant, how they are called, what is done with them: no topic of their own.
_NO_TOPIC = frozenset(
    "関係 関連 系 絡ミ 評価 測定 管理 把握 対象 該当 内訳 種類 種 数 件数 個数 総数 名 名前 名称 値 数字 表 行 ウチ 内 共 付キ 両方 場所 順番 番 再掲 重複 各 箇所 所 状況 一覧 リスト 設定 登録 "
    "取リ組ミ 取組 項目 分野 施策 テーマ 章 部門 全体 合計 計 通リ 目標値 上位 下位 順位 対応 意味 言葉 中身 水準 幅 自体 計画 "
    "事業 内容 現状 県 庁 我ガ 本 部 課 資料 傾向 変化 様 風 ヤツ 奴 サン 会議 議会 答弁 説明 率 達成 集計 区分 カテゴリ カテゴリー 別 毎 ベース".split()
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The indicators that a question means, and in what order.

    `areas` are titles of areas or chapters, `entries` entries of the index that the `topic` words (or the number of an
    initiative) mean, `named` indicators called by their names; all three empty: every indicator. `figures` are the
    years and measures that belong to no condition.
    """

    cues: Cues
    conditions: tuple[ConditionReading, ...] = ()
    order: OrderReading | None = None
    areas: tuple[str, ...] = ()
    without_areas: bool = False
    topic: str = ""
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


def find_scope(
    words: Sequence[Word], index: Index, *, named_area: bool
) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
    """Areas, or entries, that the topical words mean; None where nothing in the catalogue has them."""
    areas = find_areas(words, index.areas, named=named_area)
    if areas:
        return areas, ()
    entries = find_topic(words, index)
    if entries:
        return (), entries
    areas = find_areas(words, index.areas, named=True)
    return (areas, ()) if areas else None
