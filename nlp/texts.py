"""Names and titles taken apart: their letters, their reading and their words."""

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import NamedTuple

from nlp.concepts import concept, is_grammar
from nlp.normalize import normalize, squeeze
from nlp.tokens import forms_of


class Text(NamedTuple):
    """A name or title: letters as squeeze() has them, katakana, words by concept() without grammar.

    `ends` are the places in the letters where words end.
    """

    letters: str
    reading: str
    words: tuple[str, ...]
    ends: tuple[int, ...]

    def has_term(self, term: str) -> bool:
        """Does a term of the lexicon stand here as whole words, or as the base of one, or with の inside?

        会議記録 stands in 「会議の記録」, 教員 in 「教員数」, 医師 not in 「獣医師」.
        """
        letters = self.letters
        if (term in letters and self._has_whole(term)) or term in self.words:
            return True
        if "ノ" not in letters or term[0] not in letters or term[-1] not in letters:
            return False
        return any(self._has_whole(f"{term[:at]}ノ{term[at:]}") for at in range(1, len(term)))

    def _has_whole(self, letters: str) -> bool:
        at = self.letters.find(letters)
        while at >= 0:
            if (at == 0 or at in self.ends) and at + len(letters) in self.ends:
                return True
            at = self.letters.find(letters, at + 1)
        return False


def take_apart(texts: Iterable[str], known: Mapping[str, Text]) -> dict[str, Text]:
    """Every text by itself as written; those that are `known` from before are not read again.

    「カードの取得率」 → カードノ取得率, カードノシュトクリツ, (カード, 取得, #率), (3, 4, 6, 7).
    """
    wanted = dict.fromkeys(texts)
    found = {text: known[text] for text in wanted if text in known}
    new = [text for text in wanted if text not in known]
    normalized = [normalize(text) for text in new]
    for text, whole, forms in zip(new, normalized, forms_of(normalized), strict=True):
        found[text] = Text(
            squeeze(whole),
            "".join([form.reading for form in forms if not form.is_silent]),
            tuple(dict.fromkeys([concept(form) for form in forms if not (form.is_silent or is_grammar(form))])),
            tuple(accumulate([form.letters for form in forms])),
        )
    return found
