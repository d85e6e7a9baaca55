"""Among which indicators a question looks: an area, a topic, an initiative or its number, several by name, or all."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.areas import find_areas
from nlp.asked import find_asked
from nlp.concepts import is_kind_of_figure
from nlp.mentions import Match
from nlp.normalize import normalize, squeeze
from nlp.pieces import Span, is_inside
from nlp.readings import Readings
from nlp.selection import Selection
from nlp.titles import find_titles
from nlp.topics import find_topic, topical
from nlp.unread import SAYS_MORE, THINGS, has_unread_amount, has_unread_quote, is_all_read
from nlp.words import Word, everywhere, weigh

_AREA = re.compile("分野(?!別|ごと|毎)|部門|区分|章|セクション")
# 「第4-1の指標」, 「分野3のKPI」.
_AREA_NUMBER = re.compile(r"(?P<chapter>第[0-9](?:-[0-9])?)(?![0-9(])|分野(?P<area>[1-9])(?![0-9(])")
_EXCEPT_AREA = re.compile(r"[」』]?(?:の)?(?:分野)?(?:以外|を?除[いくき]|じゃない|ではない|でない)(?:て|と)?")
_AMONG = re.compile("のうち|の中")
# 「電話で聞かれていまして、」 comes before what is asked.
_PREAMBLE = re.compile(r"^[^。]{0,40}?(?:まして|ですが|けど|ので|んで|なんですが|のですが|ため|して)[、。]")


_SENTENCE = re.compile(r"[^。?!]+[。?!]*")


def _beside_the_point(found: Readings, read: Sequence[Span]) -> list[Span]:
    """Sentences at the end in which nothing was read and nothing would say more: 「議会の想定問答に載せます。」."""
    told = [*read, *((mention.start, mention.end) for mention in found.mentions)]
    last = max((end for _, end in told), default=0)
    if not last:
        return []  # a message of one word (「教育は?」 in a thread) is the point itself
    after = (match.span() for match in _SENTENCE.finditer(found.text) if match.start() >= last)
    return [one for one in after if not SAYS_MORE.search(found.text[slice(*one)])]


def scoped(found: Readings, said: Selection, spans: Sequence[Span], *, in_thread: bool = False) -> Selection | None:
    """The selection with what its words name: areas, a topic, an initiative, several indicators.

    None where they name one indicator alone, nothing that the catalogue has, or where something stays unread: a list
    that passes over what was said would be of something else.
    """
    index, text = found.index, found.text
    if found.plan:
        said = replace(said, plan=found.plan[1])
    titles = [
        title
        for title in find_titles(text, index.titles, index.title_lengths)
        if not any(is_inside((title.start, title.end), [(m.start, m.end)]) for m in found.mentions)
    ]
    of_titles = [(title.start, title.end) for title in titles]
    areas = tuple(dict.fromkeys(one for title in titles for one in title.titles if one not in index.under))
    entries = [tuple(e for one in title.titles for e in index.under.get(one, ())) for title in titles]
    under = tuple(dict.fromkeys(entry for own in entries for entry in own))
    numbered = tuple(dict.fromkeys(entry for span, own in found.numbers for entry in _under_number(found, span, own)))
    of_entries = sorted(
        [*(span for span, own in zip(of_titles, entries, strict=True) if own), *(span for span, _ in found.numbers)]
    )
    if by_number := _AREA_NUMBER.search(text):
        sign = by_number["chapter"] or by_number["area"]
        areas = (*areas, *(t.title for t in index.areas if re.match(rf"{re.escape(sign)}\s", normalize(t.title))))
        of_titles.append(by_number.span())
    if has_unread_amount(found, [*spans, *of_titles]):
        return None
    read = [*found.masked, *spans, *of_titles]
    read += _beside_the_point(found, [*found.masked, *spans, *of_titles, *(span for span, _ in found.numbers)])
    without = next((match for span in of_titles if (match := _EXCEPT_AREA.match(text, span[1]))), None)
    if without:
        read.append(without.span())
    words = topical(weigh(found.sought, read))
    if not areas and (within := _within_area(found, words)):
        areas, span = within
        read.append(span)
        of_titles.append(span)
        words = [word for word in words if word.start >= span[1]]
    if not without and words and (without := _EXCEPT_AREA.match(text, words[-1].end)):
        read.append(without.span())
        words = [word for word in words if word.end <= without.start()]
    if without and _AMONG.search(text, 0, without.start()):
        return None  # 「地域の一覧のうち、産業振興を除いて」: one is left out of the other
    said = replace(said, without_areas=without is not None)
    if has_unread_quote(text, [*read, *((word.start, word.end) for word in words)]):
        return None
    if (under or numbered) and (areas or not words):
        topic = _written(found, of_entries)
        selection = replace(said, areas=areas, entries=under or numbered, topic=topic, by_place=True)
        return selection if is_all_read(found, read) else None
    if areas and not words:
        selection = replace(said, areas=areas, topic=_written(found, of_titles))
        return selection if is_all_read(found, read) else None
    if not words:
        # 「以外」 of nothing that was understood
        return said if not without and is_all_read(found, read) else None
    if said.order and all(word.start >= said.order.spans[0][1] for word in words) and not _cues_follow(said, words):
        return None  # 「目標が一番大きい市町村は?」 ranks no indicators
    by_words = _by_words(found, said, [*spans, *of_titles], words, in_thread=in_thread)
    if by_words is None and (preamble := _PREAMBLE.match(text)):
        words = [word for word in words if word.start >= preamble.end()]
        read.append(preamble.span())
        masked = [*spans, *of_titles, preamble.span()]
        by_words = _by_words(found, said, masked, words, in_thread=in_thread) if words else said
    if by_words is None or (without and not by_words.areas) or (numbered and by_words.named):
        return None
    if not is_all_read(found, [*read, *((word.start, word.end) for word in words)]):
        return None
    if areas:
        by_words = replace(by_words, areas=tuple(dict.fromkeys((*areas, *by_words.areas))))
    if numbered or under:
        scope = numbered or under
        both = tuple(entry for entry in scope if not by_words.entries or entry in by_words.entries)
        return replace(by_words, entries=both, topic=_written(found, of_entries)) if both else None
    return by_words


def _cues_follow(said: Selection, words: Sequence[Word]) -> bool:
    """Does a word for what is ranked stand behind these words: 「多い順に産業振興の指標」?"""
    return any(start >= words[-1].end for start, _ in said.cues.spans)


# 「4(1)ア〜エ」.
LETTERS = re.compile(r"[~〜–−-](?P<last>[アイウエオカキク])(?![ァ-ヺー])")
_KANA = "アイウエオカキク"


def _under_number(found: Readings, span: Span, exact: Sequence[int]) -> Sequence[int]:
    """All that stands under a number, its letters included: 6(1) is 6(1)ウ as well."""
    number = found.text[span[0] : span[1]]
    if (rest := LETTERS.match(found.text, span[1])) and "ア" <= number[-1] <= "ン":
        base, first = number[:-1], number[-1]
        letters = _KANA[_KANA.index(first) : _KANA.index(rest["last"]) + 1] if first in _KANA else ""
        return [
            e
            for known, own in found.index.numbers.items()
            if known.startswith(base) and known[len(base) :][:1] in letters
            for e in own
        ]
    return [*exact, *(e for known, own in found.index.numbers.items() if known.startswith(number) for e in own)]


def _written(found: Readings, spans: Sequence[Span]) -> str:
    return found.written[spans[0][0] : spans[-1][1]]


def _by_words(
    found: Readings, said: Selection, spans: Sequence[Span], words: Sequence[Word], *, in_thread: bool
) -> Selection | None:
    """The area, the indicators by name, or the topic that words mean."""
    index, cues = found.index, said.cues
    named_area = in_thread or _AREA.search(found.text) is not None
    topic = found.written[words[0].start : words[-1].end]
    if areas := find_areas(words, index.areas, named=named_area):
        if len(areas) == 1 and _BOTH.search(found.text):
            return None  # of two, one was not understood
        # 「安全安心の指標で人数のもの」: a kind of figure is no part of an area.
        of_areas = frozenset[str]().union(*(title.words for title in index.areas if title.title in areas))
        is_read = all(not is_kind_of_figure(word.token) or word.token.base in of_areas for word in words)
        return replace(said, areas=areas, topic=topic) if is_read else None
    if areas := _several_areas(found, words):
        return replace(said, areas=areas, topic=topic)
    parts = find_asked(found, spans, most=bool(said.order))
    single = [part.fitting[0] for part in parts if len(part.fitting) == 1]
    if len(parts) > 1 and len(single) == len(parts):
        return replace(said, named=tuple(single))
    entries = _of_kind(found, words, find_topic(everywhere(words, found.sought), index))
    is_name = len(single) == 1 and single[0].match in (Match.EXACT, Match.ALIAS) and not single[0].unexplained
    if is_name and not (cues.strong and len(entries) > 1) and not in_thread:
        return None
    counted = any(amount.unit in THINGS for amount in found.amounts)
    near = find_areas(words, index.areas, named=True)
    # 「環境の指標」: one name that has the word is no list; the area that has it is.
    if entries and (cues.has_noun or counted or in_thread) and (len(entries) > 1 or not near):
        return replace(said, entries=entries, topic=topic, near=near)
    return replace(said, areas=near, topic=topic) if near else None


_IN_AREA = re.compile("分野(?:で|では|において|における|の中で|のうち)、?")


def _within_area(found: Readings, words: Sequence[Word]) -> tuple[tuple[str, ...], Span] | None:
    """The areas of 「教育分野で、特別支援学校の…」, and the words that name them."""
    match = _IN_AREA.search(found.text)
    before = [word for word in words if match and word.end <= match.start()]
    if match is None or not before or len(before) == len(words):
        return None
    areas = find_areas(before, found.index.areas, named=True)
    return (areas, (before[0].start, match.end())) if areas else None


_BOTH = re.compile("両方|どっちも|どちらも")
_KINDS = ("数", "率", "割合", "額", "時間")
_KIND = re.compile("|".join(_KINDS))


def _of_kind(found: Readings, words: Sequence[Word], entries: tuple[int, ...]) -> tuple[int, ...]:
    """「市町村数の指標」: where names have the topic with its kind of figure, those names alone are meant."""
    behind = _KIND.match(found.text, words[-1].end)
    phrase = squeeze(found.text[words[0].start : behind.end() if behind else words[-1].end])
    if not phrase.endswith(_KINDS):
        return entries
    return tuple(entry for entry in entries if phrase in found.index.names_of(entry)) or entries


_AND = re.compile(r"(?:分野)?(?:と|や|または|及び|、|と、|もしくは|か)")


def _several_areas(found: Readings, words: Sequence[Word]) -> tuple[str, ...]:
    """「教育と産業振興」: each of the words between 「と」 an area of its own, () where one is not."""
    groups: list[list[Word]] = [[]]
    for word in words:
        if groups[-1] and _AND.fullmatch(found.text[groups[-1][-1].end : word.start]):
            groups.append([])
        groups[-1].append(word)
    if len(groups) < 2:
        return ()
    areas = [find_areas(group, found.index.areas, named=True) for group in groups]
    return tuple(dict.fromkeys(title for own in areas for title in own)) if all(areas) else ()
