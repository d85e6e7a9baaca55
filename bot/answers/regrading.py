"""What another scale makes of the statuses that the plan's own scale gives: 「独法方式だと?」."""

from collections import Counter
from collections.abc import Iterator

from bot.figures import judgement_of
from bot.scorecard import Scorecard


def lines(card: Scorecard) -> Iterator[str]:
    """What becomes of each status: 「達成 22件 → A 5件、B 17件」; nothing where the card goes by the plan's scale."""
    plan = next((one.row.indicator.plan for one in card.judged), None)
    if plan is None or plan.scale == card.scale:
        return
    moved: dict[str, Counter[str]] = {}
    for one in card.judged:
        before = judgement_of(one.row, card.year, plan.scale)
        if before and before.status != one.judgement.status:
            moved.setdefault(before.status, Counter())[one.judgement.status] += 1
    yield f"{card.scale.name}: {card.scale.sentence}"
    yield f"{plan.scale.name}から変わるもの:" if moved else f"{plan.scale.name}と変わりません。"
    for word in plan.scale.words:
        if word in moved:
            after = "、".join(f"{grade} {moved[word][grade]}件" for grade in card.scale.words if moved[word][grade])
            yield f"・{word} {moved[word].total()}件 → {after}"
