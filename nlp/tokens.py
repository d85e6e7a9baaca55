"""Words of a text, by Sudachi: the only module that knows of it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import local

from sudachipy import Dictionary, Morpheme, SplitMode, Tokenizer

from nlp.normalize import katakana, letters_of

# Sudachi takes at most 49,149 bytes at once; a normalised message is far below that.
_SILENT = ("補助記号", "空白", "記号")
# 「カバー率って何%」: Sudachi would read 率って as a verb; after a noun of two letters or more って is a particle.
_CHATTY = re.compile(r"(?<=[一-鿿ァ-ヺー]{2})って(?=[ぁ-んァ-ヺ一-鿿?、 0-9]|$)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word at [start, end) of the text.

    `base` is its normalised form, `lemma` the dictionary form as spelt here, `reading` its katakana reading,
    `kind` is Sudachi's part of speech in up to three levels: 「名詞-普通名詞-一般」.
    """

    surface: str
    base: str
    reading: str
    lemma: str
    kind: str
    start: int
    end: int


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


_threads = local()


def _tokenizer() -> Tokenizer:
    """One tokenizer a thread: Sudachi's is not made to be shared."""
    if not hasattr(_threads, "tokenizer"):
        _threads.tokenizer = _dictionary().tokenizer(SplitMode.A)
    tokenizer: Tokenizer = _threads.tokenizer
    return tokenizer


def tokenize(text: str) -> tuple[Token, ...]:
    """The shortest units (mode A) of a normalised text, punctuation and spaces left out.

    「マイナンバーカードの取得率って」 → マイナンバー, カード, の, 取得, 率, って.
    """
    tokens: list[Token] = []
    start = 0
    for cut in (*(match.start() for match in _CHATTY.finditer(text)), len(text)):
        for morpheme in _tokenizer().tokenize(text[start:cut]):
            kind = _kind(morpheme.part_of_speech_id(), morpheme)
            if kind.startswith(_SILENT):
                continue
            surface = morpheme.surface()
            tokens.append(
                Token(
                    surface,
                    _folded(morpheme.normalized_form()),
                    morpheme.reading_form(),
                    _folded(morpheme.dictionary_form()),
                    kind,
                    start + morpheme.begin(),
                    start + morpheme.end(),
                )
            )
        start = cut
    return tuple(tokens)


_kinds: dict[int, str] = {}


def _kind(number: int, morpheme: Morpheme) -> str:
    """The part of speech; there are some hundred, so each is put together once."""
    kind = _kinds.get(number)
    if kind is None:
        kind = _kinds[number] = "-".join(part for part in morpheme.part_of_speech()[:3] if part != "*")
    return kind


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    return katakana(word.lower())


def letter_spans(text: str, tokens: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """The letters of a text (as squeeze() has it), and for each token the span [start, end) of its letters in them."""
    letters, places = letters_of(text)
    return letters, [(bisect_left(places, token.start), bisect_left(places, token.end)) for token in tokens]
