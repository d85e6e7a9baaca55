"""Words that name a topic: 「テレワーク」 of 「テレワーク関係の指標を全部」."""

from collections.abc import Sequence

from nlp.concepts import is_kind_of_figure
from nlp.index import Index
from nlp.indicators import SURE
from nlp.words import Word

# How many of many are meant, how they are called, what is done with them: no topic of their own.
_NO_TOPIC = frozenset(
    "関係 関連 系 絡ミ 評価 測定 管理 把握 対象 該当 内訳 種類 種 数 件数 個数 総数 以外 差 名 名前 名称 値 数字 "
    "表 行 ウチ 内 共 付キ 両方 場所 順番 番 再掲 重複 各 逆 其々 等 同ジ 番号 一覧表 % 見タイ ミタイ 比較 "
    "指標名 kpi名 スタート 一式 方向 特定 セル 侭 欄 枠 計算 棚卸シ 書キ出シ 理解 コト 事 部分 中身 棚卸 "
    "洗イ出シ 抽出 合計 標準 全体 最新 一番 計画表 箇所 所 状況 一覧 リスト 設定 登録 "
    "取リ組ミ 取組 項目 分野 施策 テーマ 章 部門 全体 合計 計 通リ 目標値 上位 下位 順位 対応 意味 言葉 "
    "中身 水準 幅 自体 計画 "
    "事業 内容 現状 県 庁 我ガ 本 部 課 資料 傾向 変化 様 風 ヤツ 奴 サン 会議 議会 答弁 説明 率 達成 集計 "
    "区分 カテゴリ カテゴリー 別 毎 ベース".split()
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
    if not any(word.can_be_asked for word in words) or any(word.is_foreign for word in words):
        return ()
    scores: dict[int, float] = {}
    for word in words:
        for entry, strength in word.found.items():
            scores[entry] = scores.get(entry, 0.0) + word.weight * strength
    return tuple(sorted(entry for entry, score in scores.items() if score >= SURE * total))
