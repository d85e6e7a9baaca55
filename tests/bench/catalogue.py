"""Questions about a large catalogue whose right answers are known, made from its names by a seeded generator."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer import Answer, Kind, name_of
from data.facts import Indicator, name_key
from nlp.normalize import normalize
from nlp.tokens import tokenize

SEED = 20261123
#: Where in indicator_names.txt the names of prefectural statistics begin.
STATISTICS = 38_716
LETTERS = "のをにがはと数率件人の回研修事業施設年度実施対象計画アイウスンー"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the name that it asks for."""

    kind: str
    text: str
    name: str


def unique_names(indicators: Sequence[Indicator]) -> list[str]:
    """Names that occur once after width, case and spaces are folded."""
    holders: dict[str, list[str]] = defaultdict(list)
    for indicator in indicators:
        holders[name_key(indicator.name)].append(indicator.name)
    return [own[0] for own in holders.values() if len(own) == 1]


def shared_names(indicators: Sequence[Indicator]) -> dict[str, list[Indicator]]:
    """Indicators by the names that belong to several projects."""
    holders: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        holders[name_key(indicator.name)].append(indicator)
    return {own[0].name: own for own in holders.values() if len(own) > 1}


def with_errors(name: str, rng: random.Random, errors: int = 2) -> str:
    """The name with random errors: a letter replaced, dropped, added or swapped with its neighbour."""
    letters = list(name)
    for _ in range(errors):
        at = rng.randrange(len(letters))
        kind = rng.choice(("replace", "drop", "add", "swap"))
        if kind == "replace":
            letters[at] = rng.choice(LETTERS)
        elif kind == "drop" and len(letters) > 1:
            del letters[at]
        elif kind == "add":
            letters.insert(at, rng.choice(LETTERS))
        elif at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def without_particles(name: str) -> str:
    """The name without any particle: 「地域の防災の担い手の数」 → 「地域防災担い手数」."""
    text = normalize(name)
    dropped = [(token.start, token.end) for token in tokenize(text) if token.kind.startswith("助詞")]
    return "".join(letter for at, letter in enumerate(text) if not any(start <= at < end for start, end in dropped))


PADDINGS = (
    "お疲れ様です。{name}の令和3年度の目標を教えていただけますか?",
    "すみません、{name}の2019年度の目標値っていくつでしょうか。",
    "{name}について、平成30年度の実績を教えてください。",
    "R2の{name}はどうなっていますか?",
)


def questions(names: Sequence[str], count: int = 500) -> Iterator[Asked]:
    """Three sets of `count` questions each: with two errors, without particles, with a year and polite padding."""
    rng = random.Random(SEED)
    for name in rng.sample(list(names), count):
        yield Asked("誤り2つ", with_errors(name, rng), name)
    for name in rng.sample(list(names), count):
        yield Asked("助詞なし", without_particles(name), name)
    for name in rng.sample(list(names), count):
        yield Asked("年度と敬語", rng.choice(PADDINGS).format(name=name), name)


def is_right(answer: Answer, name: str) -> bool:
    """Is the answer about the name first, or is it among the choices?"""
    return [name_of(target) for target in answer.indicators[:1]] == [name] or name in map(name_of, answer.choices)


def names_projects(answer: Answer, name: str) -> bool:
    """Does the answer ask back about a name, with the project of every choice?"""
    said = normalize(answer.text.plain())
    places = [target.listings[0].initiative.title for target in answer.choices if isinstance(target, Indicator)]
    is_about = name_key(name) in {name_key(name_of(target)) for target in answer.choices}
    return answer.kind is Kind.CHOOSE and is_about and all(normalize(place) in said for place in places)
