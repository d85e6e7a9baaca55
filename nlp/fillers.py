"""Words that say how something is asked, not what: they weigh nothing when a name is looked for."""

import re

from nlp.tokens import Token

# Courtesy that comes in whole phrases, which Sudachi takes apart into words of their own.
_PHRASES = re.compile(
    r"いつも(?:大変)?お世話(?:になって(?:おり|い)ます|様です)|お世話(?:になり|になって(?:おり|い))ます"
    r"|(?:大変)?お疲れ(?:様|さま)(?:です|でした)?|おはようございます|こんにちは|こんばんは|はじめまして"
    r"|(?:大変|どうも)?(?:すみません|すいません|申し訳(?:ありません|ございません)|恐れ入ります|失礼します)(?:が|けど)?"
    r"|お忙しいところ|お手数(?:です|をおかけします|おかけします)(?:が|けど)?|(?:何卒|どうぞ)?よろしく(?:お願い(?:いた)?します)?"
    r"|^[^。、]{1,15}の(?:者|もの)です(?:が|けど)?[。、]?"
    r"|達成(?=目標)"
    r"|ありがとう(?:ございます|ございました)?|念のため|至急|急ぎで|ちょっと|確か(?=、)"
)

# Sudachi's parts of speech that carry no topic. 動詞-非自立可能 are する, やる, ある, なる, 見る, 下さる …
_KINDS = (
    "助詞",
    "助動詞",
    "感動詞",
    "代名詞",
    "連体詞",
    "接続詞",
    "接頭辞",
    "副詞",
    "名詞-数詞",
    "動詞-非自立可能",
    "形容詞-非自立可能",
    "接尾辞-名詞的-助数詞",
)

# By Sudachi's normalised form, hiragana as katakana (nlp/tokens.py: `base`).
BASES = frozenset(
    # what is asked for
    "目標 ターゲット 基準 実績 値 数値 数字 指標 kpi 計画 年度 年 毎年 年次 全部 全て 一覧表 推移 最終 初年 "
    "最初 最後 "
    "令和 平成 期間 各年 "
    # how it is asked
    "教エル 教示 知ル 知ラセル 分カル 確認 質問 問ウ 聞ク 伺ウ 調ベル 見セル 出ス 求メル 欲シイ 願ウ 願イ 頼ム "
    "頼ミ 貰ウ 頂ク 頂戴 "
    "致ス 並ベル 示ス 表示 回答 返事 連絡 共有 幾ツ 幾ラ ドレ位 ドノ位 ドレ 何レ ドウ 何 何ボ 幾 パー パーセント "
    "両方 双方 対スル 順番 順 "
    "設定 目指ス 掲ゲル 定メル 思ウ 言ウ 書ク 記載 載ル 予定 見込ム 見込ミ 狙ウ 狙イ 到達 達スル 持ツ "
    # who and when
    "オ疲レ様 疲レル 世話 御世話 恐レ入ル 済ム 済マナイ 失礼 急ギ 急グ 至急 今日 今 今度 後 前 先 次 其レ 此レ "
    "皆 私 方 者 "
    "担当 所 事 物 件 奴 訳 為 感ジ 積モリ コト モノ 計算 算出 小数 本当 認識 分 場合 辺リ 具体的 正確 念 "
    "参考 資料 打チ合ワセ 議会 答弁 部長 課長 上司 "
    "県庁 会議中 "
    # courtesy in one word
    "宜シイ 宜シク 有難イ 有リ難ウ 御免 オ手数 手数 別件 話 続キ".split()
)


#: Nouns that stand beside a topic more often than they are one: they weigh little.
LIGHT = frozenset(
    "人 人々 人達 人間 皆 様子 形 際 時 所 トコ 中 内 外 上 下 側 為 向ケ 毎 想定 現場 年間 全体 仕事 部署 項目 分野 "
    "取リ組ミ 取組 施策 本当 実際 様 見タイ 風 位 程 分 達 サン 的 県 国 市 町 村 県内 県外 庁内 最初 元 前 後 昔 "
    "一緒 普段 本 名 言葉 数字 合ワセ 使イ方 以上 以下 以内 未満 超過".split()
)


#: Words for another scope than the plan's own; no names of places, but they ask for another figure all the same.
ELSEWHERE = frozenset("全国 日本 世界 他県 隣県 近県 都道府県 全世界 諸外国".split())


def read_courtesy(text: str) -> tuple[tuple[int, int], ...]:
    """The spans [start, end) of phrases of courtesy in a normalised text: 「いつもお世話になっております」."""
    return tuple(match.span() for match in _PHRASES.finditer(text))


def is_filler(token: Token, previous: Token | None) -> bool:
    """Does the token carry no topic? A counter behind a number (6「年」, 何「市町村」) does not either."""
    if token.kind.startswith(_KINDS) or (token.base in BASES and not token.kind.startswith("接尾辞")):
        return True
    is_counter = "助数詞可能" in token.kind or (len(token.surface) == 1 and not token.surface.isascii())
    return previous is not None and previous.kind.startswith("名詞-数詞") and is_counter
