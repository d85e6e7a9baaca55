"""The conditions of a question: 「R7の目標が80%以上」, 「基準値がない」, 「R6とR7が同じ」.

The rules stand over the question's shape (shape.py): limits.py compares, states.py tells what a figure is like. What is
read is put to the figures, and into a sentence, by bot/conditions.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp import limits, states
from nlp.criteria import Compared, Comparison, ConditionReading, Test
from nlp.operands import Figure
from nlp.pieces import Span
from nlp.shape import Shape

# What a verb or an adjective ends in: 「超え」る, 「少な」くなってます, 「届か」ない, 「以上」」.
_INFLECTION = re.compile(
    r"[」』]?(?:(?:では|じゃ|で)?な(?:い|かった|く)|ません|ず)?(?:くなって(?:い)?(?:る|ます)|くなる|[れせっえけびがりし]?(?:て|で)(?:い)?(?:る|ます|た)|ました|ます|[いるすくたけ])?"
)
_NOT_SO = re.compile(r"[えからっ]?(?:て(?:い)?)?(?:では|じゃ|で)?(?:な[いかく](?!か|ですか)|ません(?!か))")
# A limit that is itself worded with 「ない」 (「届かない」) is none that is negated again.
_WITH_NOT = re.compile(r"な[いか]|ません|ず|変わら|変化")
_NEGATED = {
    Comparison.MORE: Comparison.AT_MOST,
    Comparison.REACHES: Comparison.LESS,
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.AT_MOST: Comparison.MORE,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.EQUAL: Comparison.UNEQUAL,
}
# 「基準値が0・マイナスの」: or below it.
_OR_BELOW = re.compile(r"\s*(?:・|や|か|または|もしくは|、)?(?:マイナス|負)")
_OR = re.compile(r"\s*(?:の(?:指標|もの|やつ)?)?\s*(?:(?:か、?)?(?:または|もしくは|あるいは)|か、?)\s*$")
_EXCEPT = re.compile(
    r"(?:の)?(?:もの|指標|やつ|ところ|kpi)?(?:を|は|も)?\s?(?:除[いくき]|のぞ[いくき]|以外|抜き|外して|飛ばし|スキップ|対象外|除外|抜い|含め(?:ない|ず))(?:て|に|と|し|で|た|ます|ください|下さい)*"
)
_CLAUSE = re.compile(r"[。、?!()]|/(?![」』])")


# 「XのPのTは?」: figures that are asked for, and nothing that is said of them.
_MERE_FIGURES = re.compile(r"[PTABX〓のはを、?。\s]*")


def read_conditions(shape: Shape) -> tuple[ConditionReading, ...]:
    """The conditions of a question, in order; what one rule has read the next ones no longer see.

    「r7の目標が80%以上で基準値がない」 → two conditions.
    """
    if _MERE_FIGURES.fullmatch(shape.text):
        return ()
    found: list[tuple[Test, Span]] = []
    rest = shape.text
    for pattern, read in (*limits.RULES, *states.RULES):
        for match in pattern.finditer(rest):
            if not match[0].strip():
                continue
            read_as = read(shape, match)
            if read_as is None:
                continue
            start, end = match.span()
            if isinstance(read_as, Compared) and (below := _OR_BELOW.match(rest, end)):
                read_as, end = replace(read_as, comparison=Comparison.AT_MOST), below.end()
            tests = read_as if isinstance(read_as, tuple) else (read_as,)
            is_negated = _NOT_SO.match(rest, end) and not _WITH_NOT.search(match[0])
            if isinstance(read_as, Compared) and read_as.comparison in _NEGATED and is_negated:
                tests = (replace(read_as, comparison=_NEGATED[read_as.comparison]),)
            ending = _INFLECTION.match(rest, end)
            end = ending.end() if ending else end
            found += [(test, (start, end)) for test in tests]
            rest = rest[:start] + "〓" * (end - start) + rest[end:]
    return tuple(_joined(_with_operands(sorted(found, key=lambda one: one[1])), shape))


def _with_operands(found: Sequence[tuple[Test, Span]]) -> list[tuple[Test, Span]]:
    """「R6が70%以上80%以下」: a limit without a figure of its own is one more on the figure before it."""
    kept: list[tuple[Test, Span]] = []
    for test, span in found:
        before = kept[-1][0] if kept else None
        if isinstance(test, Compared) and test.operand == Figure() and isinstance(before, Compared):
            test = replace(test, operand=before.operand)
        kept.append((test, span))
    return kept


def _joined(found: Sequence[tuple[Test, Span]], shape: Shape) -> Iterator[ConditionReading]:
    """Conditions with 「または」 between them as one; those of a clause that ends in 「除く」 negated."""
    at = 0
    while at < len(found):
        tests, (start, end) = [found[at][0]], found[at][1]
        while at + 1 < len(found) and _OR.fullmatch(shape.text[end : found[at + 1][1][0]]):
            at += 1
            tests.append(found[at][0])
            end = found[at][1][1]
        at += 1
        excluded = _exclusion(shape.text, end)
        yield ConditionReading(tuple(tests), shape.places[start], shape.end(excluded or end), bool(excluded))


def _exclusion(text: str, end: int) -> int:
    """Where the word ends with which the clause of a condition leaves it out (「除く」), 0 where there is none.

    「80%以上の指標から基準値がないものは除く」 leaves out the second condition alone.
    """
    clause = _CLAUSE.search(text, end)
    last = clause.start() if clause else len(text)
    excluded = _EXCEPT.search(text, end, last)
    if excluded is None or re.search("から|のうち|の中", text[end : excluded.start()]):
        return 0
    return excluded.end()
