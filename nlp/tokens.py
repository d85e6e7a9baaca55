"""Words of a text, by Sudachi: the only module that knows of it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
            base, reading, lemma, kind = _entry(morpheme)
            if kind.startswith(_SILENT):
                continue
            first, end = start + morpheme.begin(), start + morpheme.end()
            tokens.append(Token(text[first:end], base, reading, lemma, kind, first, end))
        start = cut
    return tuple(tokens)


# Asking Sudachi for the forms of a word takes as long as finding it. Some thousand words make up all questions.
_entries: dict[int, tuple[str, str, str, str]] = {}
_MOST_ENTRIES = 50_000


def _entry(morpheme: Morpheme) -> tuple[str, str, str, str]:
    """Normalised form, reading, dictionary form and part of speech; those of a dictionary's word are kept."""
    number = morpheme.word_id()
    if (entry := _entries.get(number)) is not None:
        return entry
    kind = "-".join(part for part in morpheme.part_of_speech()[:3] if part != "*")
    base, lemma = _folded(morpheme.normalized_form()), _folded(morpheme.dictionary_form())
    entry = (base, morpheme.reading_form(), lemma, kind)
    if not morpheme.is_oov():
        if len(_entries) > _MOST_ENTRIES:
            _entries.clear()
        _entries[number] = entry
    return entry


def _folded(word: str) -> str:
    return katakana(word.lower())


def letter_spans(text: str, tokens: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """The letters of a text (as squeeze() has it), and for each token the span [start, end) of its letters in them."""
    letters, places = letters_of(text)
    return letters, [(bisect_left(places, token.start), bisect_left(places, token.end)) for token in tokens]
