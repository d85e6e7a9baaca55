"""Words typed in romaji, as kana: 「kopi- youshi」 → 「こぴーようし」."""

import re
from collections.abc import Callable

# Syllables of Hepburn and Kunrei spelling, the longest first.
_VOWELS = dict(zip("aiueo", "あいうえお", strict=True))
_ROWS = {
    "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ", "m": "まみむめも",
    "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_IRREGULAR = {
    "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ",
    "wo": "を", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ", "she": "しぇ", "che": "ちぇ", "je": "じぇ",
    "thi": "てぃ", "dhi": "でぃ", "va": "ゔぁ", "vi": "ゔぃ", "ve": "ゔぇ", "vo": "ゔぉ",
}  # fmt: skip
_GLIDES = {"ky": "き", "sy": "し", "sh": "し", "ty": "ち", "ch": "ち", "ny": "に", "hy": "ひ", "my": "み", "ry": "り",
           "gy": "ぎ", "zy": "じ", "jy": "じ", "j": "じ", "by": "び", "py": "ぴ"}  # fmt: skip


def _syllables() -> dict[str, str]:
    found = dict(_VOWELS)
    for consonant, row in _ROWS.items():
        found |= {consonant + vowel: kana for vowel, kana in zip("aiueo", row, strict=True)}
    for onset, kana in _GLIDES.items():
        found |= {onset + vowel: kana + small for vowel, small in zip("auo", "ゃゅょ", strict=True)}
    return found | _IRREGULAR


_SYLLABLES = _syllables()
_UNIT = "|".join(sorted(_SYLLABLES, key=len, reverse=True))
# A doubled consonant is っ, n before a consonant or the end is ん, a hyphen behind a vowel a long mark.
_PIECE = re.compile(
    rf"(?P<double>([kstpgdbzcrh])(?=\2)|t(?=ch))|(?P<unit>{_UNIT})|(?P<n>nn?(?![aiueoy])'?)|(?P<long>-)"
)
_WORD = re.compile(r"(?<![a-z0-9])[a-z][a-z'-]{2,}(?![a-z0-9])")


def read_romaji(text: str, is_known: Callable[[str], bool]) -> str:
    """A normalised text with its romaji words in hiragana; words that `is_known` and those that spell none stay.

    The text may become shorter or longer. 「haccp dounyu r6」 → 「haccp どうにゅ r6」.
    """
    return _WORD.sub(lambda match: match[0] if is_known(match[0]) else _kana(match[0]) or match[0], text)


def _kana(word: str) -> str:
    """The word in hiragana, "" if it is no romaji."""
    kana, at = "", 0
    while at < len(word):
        piece = _PIECE.match(word, at)
        if piece is None or (piece["long"] and not kana):
            return ""
        kana += (
            "っ" if piece["double"] else "ん" if piece["n"] else "ー" if piece["long"] else _SYLLABLES[piece["unit"]]
        )
        at = piece.end()
    return kana if len(kana) > 1 else ""
