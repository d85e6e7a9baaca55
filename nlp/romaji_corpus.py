"""Words in romaji and in kana; NON_EXAMPLES are no romaji."""

EXAMPLES = [
    ("こぴー ようし", "kopi- youshi"),
    ("てれわーく たいけんしゃ", "terewa-ku taikensha"),
    ("とくべつしえんがっこう", "tokubetsushiengakkou"),
    ("せいびりつ", "seibiritsu"),
    ("どうにゅう", "dounyuu"),
    ("きじゅんち おねがい", "kijunchi onegai"),
    ("もくひょう", "mokuhyou"),
    ("まっちゃ", "matcha"),
    ("けんこう", "kenkou"),
    ("しんりん", "shinrin"),
    ("ちゃっとぼっと まんぞくど", "chattobotto manzokudo"),
]

NON_EXAMPLES = ["haccp", "instagram", "police", "r6", "fy2024", "pv", "dx", "web", "rpa", "https", "smart"]
