"""How a question was read, as a tree of lines for `--explain`: rules, words, candidates, and why the others lost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from bot.knowledge import Knowledge
from nlp.asked import Asked
from nlp.followups import FollowUp
from nlp.indicators import MARGIN, SURE, Candidate
from nlp.query import Query
from nlp.selection import Selection

# As many candidates as a person reads.
_SHOWN = 5


def explain(query: Query, knowledge: Knowledge) -> tuple[str, ...]:
    """The lines of the tree; what a thread or the choice of plans has added to the query is in it."""
    lines = [f"正規化: {query.text}", f"種類: {query.intent.value}"]
    if rules := _followup(query.followup):
        lines.append(f"続き: 規則 {'、'.join(rules)}")
    lines += _kind(query, knowledge)
    for number, asked in enumerate(query.asked, 1):
        lines.append(f"尋ねられたこと{number}:")
        lines += [f"  {line}" for line in _part(query, asked, knowledge)]
    return tuple(lines)


def _kind(query: Query, knowledge: Knowledge) -> Iterator[str]:
    """What was read of a question that is no look-up: scope, conditions, order, operation, claims, facets."""
    if (selection := query.selection) is not None:
        yield f"対象: {_scope(selection, knowledge)}"
        for condition in selection.conditions:
            words = query.written[condition.start : condition.end]
            excluded = "（除外）" if condition.negated else ""
            yield f"条件: 「{words}」 規則 {'、'.join(type(test).__name__ for test in condition.tests)}{excluded}"
        if (order := selection.order) is not None:
            by = order.operation.value if order.operation else "value"
            limit = f" 上から{order.limit}" if order.limit else ""
            yield f"順位: {by} {'大きい順' if order.descending else '小さい順'}{limit}"
    if (calculation := query.calculation) is not None:
        words = "、".join(f"「{query.written[start:end]}」" for start, end in calculation.spans)
        yield f"計算: {words} 規則 {calculation.operation.value}"
    for claim in query.claims:
        yield f"主張: 「{query.written[claim.start : claim.end]}」"
    for reading in query.facets:
        yield f"説明: {reading.facet.value}"


def _scope(selection: Selection, knowledge: Knowledge) -> str:
    if selection.areas:
        return "、".join(selection.areas)
    entries = selection.entries or tuple(candidate.entry for candidate in selection.named)
    if not entries:
        return "すべて"
    shown = "、".join(knowledge.index.entries[entry].name for entry in entries[:_SHOWN])
    return f"{shown}{f' ほか{len(entries) - _SHOWN}' if len(entries) > _SHOWN else ''}"


def _followup(followup: FollowUp) -> list[str]:
    return [field.name for field in fields(followup) if field.name != "spans" and getattr(followup, field.name)]


def _part(query: Query, asked: Asked, knowledge: Knowledge) -> Iterator[str]:
    for period in asked.periods:
        yield f"年度: 「{period.text}」 規則 {period.rule}"
    for measure in asked.measures:
        yield f"値の種類: 「{measure.text}」 → {measure.measure.value}"
    for word in asked.words:
        yield f"語: 「{query.written[word.start : word.end]}」 重み{word.weight:.2f} 当たる指標{len(word.found)}"
    # What did not come from words (an initiative's number, word vectors) is not among the candidates.
    ranked = dict.fromkeys([*asked.fitting, *asked.candidates])
    for rank, candidate in enumerate(list(ranked)[:_SHOWN], 1):
        name = knowledge.index.entries[candidate.entry].name
        yield f"候補{rank}: {name} 点数{candidate.score:.2f}（{candidate.match.value}）"
        yield f"  {_verdict(query, candidate, asked.fitting, asked.candidates)}"


def _verdict(query: Query, candidate: Candidate, fitting: Sequence[Candidate], ranked: Sequence[Candidate]) -> str:
    """Why a candidate was taken, or lost."""
    if candidate in fitting:
        return "→ 選んだ" if len(fitting) == 1 else f"→ {len(fitting)}つが同じくらい合うので聞き返す"
    return "× " + "。".join(_faults(query, candidate, ranked[0]))


def _faults(query: Query, candidate: Candidate, best: Candidate) -> Iterable[str]:
    if candidate.unexplained:
        yield "説明できない語: " + "、".join(query.written[start:end] for start, end in candidate.unexplained)
    if candidate.score < SURE:
        yield f"点数が{SURE}に届かない"
    elif candidate.score < best.score - MARGIN:
        yield f"候補1より{best.score - candidate.score:.2f}低い"
    else:
        yield "名前を言い当てるには語が足りない"
