"""Messages as typed and as cleaned; NON_EXAMPLES stay as they are."""

EXAMPLES = [
    ("マイナカード R6", "<@U012ABC> ﾏｲﾅｶｰﾄﾞ　Ｒ６🙏"),
    ("私立高校の補助", "<at>KPIボット</at> 私立高校の補助"),
    ("オープンデータ R6", ":eyes: オープンデータ　Ｒ６"),
    ("コピー用紙", "コピ-用紙"),
    ("コピー用紙", "コピ―用紙"),
    ("資料 の目標は?", "資料 https://example.jp/a?b=1 の目標は？"),
    ("令和7年度", "れいわ７ねんど"),
    ("HPの閲覧数", "ＨＰの\u200b閲覧\u0000数".replace("\u200b", "").replace("\u0000", "")),
    ("1 2", "①\t②"),
    ("ガギグ", "ｶﾞｷﾞｸﾞ"),
]

NON_EXAMPLES = ["R4-R7の目標", "1-2件", "メールは a@example.jp まで", "A/Bの比較", "「良い」以上"]
