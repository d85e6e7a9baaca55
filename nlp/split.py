"""Where a message can be cut into parts that ask for an indicator each."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from nlp.mentions import Mention
from nlp.pieces import Span
from nlp.tokens import Token

_JOINTS = re.compile(
    r"[、,，/／・&＆]|及び|および|並びに|それと|それから|あと(?!の年|何|どの)|と(?:あわせて|一緒に|合わせて)?"
)
# Between one that is held against another and that other.
_AGAINST = re.compile(r"より(?:も)?|の(?:ほう|方)が|(?<=[^でに])は|が|、")
#: More cuts than these are not tried: a message asks for two or three indicators.
_MOST_CUTS, _MOST_PLACES = 2, 6


def split_points(
    text: str,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    masked: Sequence[Span],
    *,
    most: bool = False,
    against: bool = False,
) -> Iterator[tuple[int, ...]]:
    """Places to cut at, the most cuts first; never inside an official name or alias, and only before a noun.

    `masked` are the years and measures, at which no part begins: 「R5とR6」. With `most` all of them are
    tried as well; `against` cuts 「AはBより」.

    「健民アプリと環境アプリのダウンロード数」 → (6,) just behind 「と」.
    """
    nouns = [
        token.start
        for token in tokens
        if token.kind.startswith(("名詞", "接頭辞", "形状詞")) and not any(s <= token.start < e for s, e in masked)
    ]
    particles = {token.start for token in tokens if token.surface == "と" and token.kind.startswith("助詞-格助詞")}
    ends = [
        match.end()
        for match in (_AGAINST if against else _JOINTS).finditer(text)
        if _is_free(match.start(), mentions)
        and _begins(text, match.end(), nouns)
        and (not match[0].startswith("と") or match.start() in particles)
    ]
    places = [end for end in ends if end + 1 not in ends][:_MOST_PLACES]  # of 「と、」 the last
    if most and len(places) > _MOST_CUTS:
        yield tuple(places)
        yield from combinations(places, len(places) - 1)
    for count in range(min(_MOST_CUTS, len(places)), 0, -1):
        yield from combinations(places, count)


def _begins(text: str, place: int, nouns: Sequence[int]) -> bool:
    """Does a noun begin here, marks and spaces passed over: 「わな、使った農家」 does not list two things?"""
    while place < len(text) and not text[place].isalnum():
        place += 1
    return place in nouns


def _is_free(place: int, mentions: Sequence[Mention]) -> bool:
    return not any(mention.start < place < mention.end for mention in mentions)
