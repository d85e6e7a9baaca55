"""Words of a text, by Sudachi: the only module that knows of it."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice
from threading import local
from typing import NamedTuple

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode, Tokenizer

from nlp.normalize import katakana, letters_of, squeeze

# Sudachi takes at most 49,149 bytes at once; a normalised message is far below that.
_SILENT = ("補助記号", "空白", "記号")
# 「カバー率って何%」: Sudachi would read 率って as a verb; after a noun of two letters or more って is a particle.
_CHATTY = re.compile(r"(?<=[一-鿿ァ-ヺー]{2})って(?=[ぁ-んァ-ヺ一-鿿?、 0-9]|$)")


class Token(NamedTuple):
    """A word at [start, end) of the text.

    `base` is its normalised form, `lemma` the dictionary form as spelt here, `reading` its katakana reading (as
    written where it has none: Latin, digits), `kind` is Sudachi's part of speech in up to three levels:
    「名詞-普通名詞-一般」.
    """

    surface: str
    base: str
    reading: str
    lemma: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A word without its place, as Token has it; `letters` is how many letters squeeze() leaves of it."""

    base: str
    reading: str
    lemma: str
    kind: str
    letters: int
    is_silent: bool


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
        tokens += _tokens(text, start, _tokenizer().tokenize(text[start:cut]))
        start = cut
    return tuple(tokens)


def forms_of(texts: Sequence[str]) -> Iterator[list[Form]]:
    """The words of many normalised texts, marks among them, in their order.

    Sudachi works ahead in other threads, a few parts at most: what it has found takes a lot of room.
    """
    _dictionary()  # once, before the threads ask for it
    parts = iter([texts[at : at + _TOGETHER] for at in range(0, len(texts), _TOGETHER)])
    with ThreadPoolExecutor(_THREADS) as threads:
        ahead = deque(threads.submit(_morphemes, part) for part in islice(parts, 2 * _THREADS))
        while ahead:
            found = ahead.popleft().result()
            ahead.extend(threads.submit(_morphemes, part) for part in islice(parts, 1))
            for morphemes in found:
                yield [_form(morpheme) for morpheme in morphemes]


_TOGETHER, _THREADS = 100, 2


def _morphemes(texts: Sequence[str]) -> list[MorphemeList]:
    tokenizer = _tokenizer()
    return [tokenizer.tokenize(text) for text in texts]


def _tokens(text: str, start: int, morphemes: MorphemeList) -> Iterator[Token]:
    for morpheme in morphemes:
        form = _form(morpheme)
        if not form.is_silent:
            first, end = start + morpheme.begin(), start + morpheme.end()
            yield Token(text[first:end], form.base, form.reading, form.lemma, form.kind, first, end)


# Asking Sudachi for the forms of a word takes as long as finding it. Some thousand words make up all questions.
_forms: dict[int, Form] = {}
_MOST_FORMS = 100_000


def _form(morpheme: Morpheme) -> Form:
    """The forms of a word; those of a dictionary's are kept."""
    number = morpheme.word_id()
    if (form := _forms.get(number)) is not None:
        return form
    kind = "-".join(part for part in morpheme.part_of_speech()[:3] if part != "*")
    form = Form(
        _folded(morpheme.normalized_form()),
        _reading(morpheme),
        _folded(morpheme.dictionary_form()),
        kind,
        len(squeeze(morpheme.surface())),
        kind.startswith(_SILENT),
    )
    if not morpheme.is_oov():
        if len(_forms) > _MOST_FORMS:
            _forms.clear()
        _forms[number] = form
    return form


def _reading(morpheme: Morpheme) -> str:
    """What is written in kana reads as written, what has no reading (Latin, digits) stands for itself."""
    spelled = katakana(morpheme.surface())
    is_read = spelled.isascii() or all("ァ" <= character <= "ー" for character in spelled)
    return spelled if is_read else str(morpheme.reading_form())


def _folded(word: str) -> str:
    return katakana(word.lower())


def letter_spans(text: str, tokens: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """The letters of a text (as squeeze() has it), and for each token the span [start, end) of its letters in them."""
    letters, places = letters_of(text)
    if len(letters) == len(text):
        return letters, [(token.start, token.end) for token in tokens]
    before = [0] * (len(text) + 1)
    for place in places:
        before[place + 1] = 1
    before = list(accumulate(before))
    return letters, [(before[token.start], before[token.end]) for token in tokens]
