"""Brings a message as typed into one form: width, case, mentions, emoji, long marks."""

import re
import unicodedata
from functools import lru_cache

#: Longer messages are read up to here: a question is short, and a pasted document must not keep others waiting.
MAX_LENGTH = 2000

_MENTION = re.compile(r"<at>.*?</at>|<[@#!][^<>]{1,80}>|(?<!\w)@[\w.\-]{1,40}(?=\s)", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"<?https?://[^\s<>]+>?")
_SHORTCODE = re.compile(r":[a-z0-9_+\-]{2,40}:", re.IGNORECASE)
# 「コピ-用紙」: a hyphen or dash between or after katakana is a long mark.
_DASH_AS_LONG_MARK = re.compile(r"(?<=[ァ-ヺー])[-‐‑‒–—―−─━](?=[ァ-ヺー]|\b)")
# A year spelt in kana: 「れいわ7ねんど」.
_KANA_YEAR = (
    (re.compile(r"(?:れいわ|レイワ)(?=\s?[\d元])"), "令和"),
    (re.compile(r"(?<=[\d元])ねん(?=ど)"), "年"),
    (re.compile(r"(?<=年)ど"), "度"),
    (re.compile(r"(?<![ぁ-ん])ねんど(?=ごと|べつ)"), "年度"),
)
# 「▲110」 is how accounts write a negative number.
_MINUS = re.compile(r"[▲△](?=\s?[0-9])")
_BLANK_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Zl", "Zp", "Mn", "Me"}
_KEPT = {"\u3099", "\u309a"}  # combining voiced marks that NFKC could not join stay visible as they are


def clean(message: str) -> str:
    """The message in NFKC, with mentions, links, emoji and controls as spaces, runs of spaces as one.

    「<@U012ABC> ﾏｲﾅｶｰﾄﾞ　Ｒ６🙏」 → 「マイナカード R6」. Never raises; at most MAX_LENGTH characters.
    """
    text = message[: 2 * MAX_LENGTH]
    if "<" in text or "@" in text:
        text = _MENTION.sub(" ", text)
    if "://" in text:
        text = _LINK.sub(" ", text)
    text = unicodedata.normalize("NFKC", text)
    if not text.isalnum():  # nothing but letters and digits stays as it is
        text = _MINUS.sub("-", text).translate(_VISIBLE)
        if ":" in text:
            text = _SHORTCODE.sub(" ", text)
        text = re.sub(r"\s+", " ", _DASH_AS_LONG_MARK.sub("ー", text)).strip()
    if "ど" in text or "わ" in text or "ワ" in text:
        for pattern, spelling in _KANA_YEAR:
            text = pattern.sub(spelling, text)
    return text[:MAX_LENGTH]


def fold(text: str) -> str:
    """Lower case, letter for letter, so that places in the text stay: 「RPA」 → 「rpa」."""
    if len(whole := text.lower()) == len(text):
        return whole
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


def normalize(text: str) -> str:
    """The form in which texts are compared: cleaned and in lower case."""
    return fold(clean(text))


class _Visible(dict[int, str]):
    """What stands for a character in a text: itself, or a space for one that shows nothing; each looked at once."""

    def __missing__(self, code: int) -> str:
        self[code] = " " if _is_blank(chr(code)) else chr(code)
        return self[code]


_VISIBLE = _Visible()


def _is_blank(character: str) -> bool:
    if character < "\x7f":
        return character < " "
    return unicodedata.category(character) in _BLANK_CATEGORIES and character not in _KEPT


_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def katakana(text: str) -> str:
    """Hiragana as katakana, the rest as it is: 「だうんろーど数」 → 「ダウンロード数」."""
    return text.translate(_HIRAGANA_TO_KATAKANA)


def squeeze(text: str) -> str:
    """Only letters, digits and long marks, kana alike: how names are compared.

    「hp「ふくしまの旅」のpv数」 → 「hpフクシマノ旅ノpv数」.
    """
    spelled = katakana(text)
    if spelled.isalnum():
        return spelled
    return "".join([character for character in spelled if character.isalnum() or character == "ー"])


@lru_cache(maxsize=32)
def letters_of(text: str) -> tuple[str, list[int]]:
    """The text as squeeze() has it, with the place of each letter in the text."""
    spelled = katakana(text)
    if spelled.isalnum():
        return spelled, list(range(len(text)))
    kept = [(c, at) for at, c in enumerate(spelled) if c.isalnum() or c == "ー"]
    return "".join([c for c, _ in kept]), [at for _, at in kept]
