"""Names and titles taken apart: their letters, their reading and their words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from nlp.concepts import concept, is_grammar
from nlp.lexicon import Lexicon
from nlp.normalize import normalize, squeeze
from nlp.tokens import Form, forms_of


class Text(NamedTuple):
    """A name or title: letters as squeeze() has them, katakana, words by concept() without grammar.

    `ends` are the places in the letters where words end.
    """

    letters: str
    reading: str
    words: tuple[str, ...]
    ends: tuple[int, ...]

    def terms(self, lexicon: Lexicon) -> set[str]:
        """The terms of the lexicon that stand here as whole words, as the base of one, or with の inside.

        「会議の記録数」 → 会議, 記録, 会議記録; no 医師 in 「獣医師」.
        """
        found = {word for word in self.words if word in lexicon.terms}
        bounds = [0, *self.ends]
        found.update(_between(self.letters, bounds, lexicon))
        for at in bounds:
            if self.letters[at : at + 1] == "ノ" and at + 1 in self.ends:
                joined = [bound if bound <= at else bound - 1 for bound in bounds if bound != at + 1]
                found.update(_between(self.letters[:at] + self.letters[at + 1 :], joined, lexicon))
        return found


def _between(letters: str, bounds: Sequence[int], lexicon: Lexicon) -> Iterator[str]:
    """The terms that begin and end at bounds."""
    for start in bounds:
        for length in lexicon.lengths.get(letters[start : start + 2], ()):
            if (term := letters[start : start + length]) in lexicon.terms and start + length in bounds:
                yield term


def take_apart(texts: Iterable[str], known: Mapping[str, Text]) -> dict[str, Text]:
    """Every text by itself as written; those that are `known` from before are not read again.

    「カードの取得率」 → カードノ取得率, カードノシュトクリツ, (カード, 取得, #率), (3, 4, 6, 7).
    """
    wanted = dict.fromkeys(texts)
    found = {text: known[text] for text in wanted if text in known}
    new = [text for text in wanted if text not in known]
    normalized = [normalize(text) for text in new]
    words: dict[Form, str] = {}  # by identity: a word of the dictionary is one object
    for text, whole, forms in zip(new, normalized, forms_of(normalized), strict=True):
        found[text] = Text(
            squeeze(whole),
            "".join([form.reading for form in forms if not form.is_silent]),
            tuple(dict.fromkeys([word for form in forms if (word := words.get(form) or _word(form, words))])),
            tuple(accumulate([form.letters for form in forms])),
        )
    return found


def _word(form: Form, words: dict[Form, str]) -> str:
    """What a text is found by: concept(), nothing of marks and grammar."""
    if form.is_silent or is_grammar(form):
        return ""
    words[form] = concept(form)
    return words[form]
