"""What a list of the board is narrowed to: its own address and its own sentence."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from data.fiscal_year import FiscalYear


class Order(StrEnum):
    """How a list is sorted."""

    PLAN = "plan"
    WEAK = "weak"
    NAME = "name"


ORDERS = {Order.PLAN: "計画の順", Order.WEAK: "遅れているものから", Order.NAME: "名前の順"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which indicators of a plan and year are wanted, "" for all; it is its own address and its own sentence."""

    plan: str = ""
    year: FiscalYear | None = None
    area: str = ""
    status: str = ""
    owner: str = ""
    q: str = ""
    order: Order = Order.PLAN
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        return any((self.area, self.status, self.owner, self.q))

    @property
    def query(self) -> str:
        """「?year=R5&area=4+産業振興」 (quoted), "" where nothing is chosen."""
        own = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        chosen = {name: _in_address(value) for name, value, default in own if value != default}
        return f"?{urlencode(chosen)}" if chosen else ""

    def changed(self, **values: Any) -> "Filter":
        """Another filter, from its first page on."""
        return replace(self, **{"page": 1, **values})

    @property
    def criteria(self) -> tuple[tuple[str, str, "Filter"], ...]:
        """What narrows the list, each with the filter without it: (「判定」, 「遅れ」, …)."""
        own = (("分野", "area"), ("判定", "status"), ("担当課", "owner"), ("名前", "q"))
        return tuple((label, getattr(self, name), self.changed(**{name: ""})) for label, name in own if self._has(name))

    def _has(self, name: str) -> bool:
        return bool(getattr(self, name))

    @property
    def sentence(self) -> str:
        """「「4 産業振興」のうち、判定が「遅れ」の指標」."""
        told = [f"担当課が「{self.owner}」"] if self.owner else []
        told += [f"判定が「{self.status}」"] if self.status else []
        joined = "で、".join(told) + "の" if told else ""
        holding = f"名前に「{self.q}」を含{'み、' if told else 'む'}" if self.q else ""
        if self.area:
            return f"「{self.area}」{'のうち、' if told or self.q else 'の'}{holding}{joined}指標"
        return f"{holding}{joined}指標" if told or self.q else "すべての指標"


def _in_address(value: object) -> str:
    return value.label if isinstance(value, FiscalYear) else str(value)
