"""What a question counts, against what an indicator counts: 「県職員の数」 is not 「県職員向け研修等の実施回数」."""

import re
from collections.abc import Iterator, Sequence

from nlp.concepts import COUNTS
from nlp.fillers import LIGHT
from nlp.index import Index
from nlp.normalize import squeeze
from nlp.words import Word

_COUNTS = frozenset(COUNTS.split())
_RATES = frozenset("率 割合 比率".split())
_PRICES = frozenset("価格 値段 単価 相場".split())
_COUNT, _RATE, _OTHER = (
    re.compile("数"),
    re.compile("率|割合|度|カバレッジ"),
    re.compile("率|割合|度|額|時間|種類|力$", re.MULTILINE),
)
# What may stand between what is counted and 「数」 in a name: 閲覧「件」数, 登録「者」数, 機器「の」数.
_COUNTER = "ノ?(?:件|者|人|回|台|社|枚|団体)?数"


def counts_another(words: Sequence[Word], entry: int, index: Index) -> bool:
    """Does the question ask for a number of something, or a rate, that the entry's name does not give?

    「チャットボットの利用件数」 for チャットボット満足度, 「電子決裁率」 for 利用者数, 「職員の数」 for 研修の回数.
    A name that does not say what kind of figure it is may be any.
    """
    if not words or not (asked := words[-1].token.surface) or asked not in _COUNTS | _RATES | _PRICES:
        return False
    names = index.names_of(entry)
    if asked in _PRICES:
        return "差額" in names and asked not in names.split("\n", 1)[-1]
    if asked in _RATES:
        return _COUNT.search(names) is not None and _RATE.search(names) is None
    if _COUNT.search(names) is None:
        return _OTHER.search(names) is not None
    return asked == "数" and _is_other_thing(words, names, index)


def _is_other_thing(words: Sequence[Word], names: str, index: Index) -> bool:
    """Is the noun before 「数」 another than the one that the names count? One that is misspelt tells nothing."""
    if len(words) < 2 or words[-1].start - words[-2].end > 1 or not words[-2].token.kind.startswith(("名詞", "接尾辞")):
        return False
    things = set(_nouns(words[:-1]))
    if words[-2].token.base in LIGHT or words[-2].token.surface in ("者", "件", "社"):
        things.discard(squeeze(words[-2].token.surface))  # 所 of 避難所 alone says nothing
    asked = things | {f"{thing}数" for thing in things}
    same = {term for one in asked for term, _ in index.lexicon.meanings(one)} - asked
    known = {thing for thing in things if index.has_letters(thing)} | same
    return bool(known) and not any(_counts(names, thing.removesuffix("数")) for thing in things | same)


def _counts(names: str, thing: str) -> bool:
    own = names.partition("\n")[0]
    return own.endswith(thing) or re.search(re.escape(thing) + _COUNTER, names) is not None


def _nouns(words: Sequence[Word]) -> Iterator[str]:
    """The last word, and what it makes together with those right before it: 体, 自治体."""
    noun, start = "", words[-1].end
    for word in reversed(words[-3:]):
        if word.end != start or not word.token.kind.startswith(("名詞", "接頭辞", "接尾辞")):
            return
        noun, start = squeeze(word.token.surface) + noun, word.start
        yield noun
