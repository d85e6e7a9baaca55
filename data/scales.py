"""Scales of assessment (判定基準), as data: which share of its way, or of its target, gives which status.

A plan chooses its scale. STANDARD is the program's own. IAA follows the guide by which Japan's 独立行政法人 are
assessed (達成率 120, 100 and 80 %); its S asks for quality beyond figures, which no calculation sees, so that A is the
highest here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

#: 「ほぼ100%」 is met from this share of the target on, where the plan sets no other.
ABOUT = Decimal("0.95")


class Status(StrEnum):
    """The words of the standard scale; those for what cannot be graded belong to every scale."""

    ACHIEVED = "達成"
    ON_TRACK = "概ね順調"
    BEHIND = "遅れ"
    WORSE = "後退"
    UNDECIDED = "判定不可"
    NOT_RECORDED = "実績未登録"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Grades of a share from the highest down: each from its share on, then `below`; `fallen` for 0 and less."""

    steps: tuple[tuple[Decimal, str], ...]
    below: str
    fallen: str = ""

    def grade(self, share: Decimal) -> str:
        if self.fallen and share <= 0:
            return self.fallen
        return next((grade for least, grade in self.steps if share >= least), self.below)

    @property
    def grades(self) -> Iterator[str]:
        yield from (grade for _, grade in self.steps)
        yield self.below
        if self.fallen:
            yield self.fallen

    @property
    def sentence(self) -> str:
        """「80%以上で「概ね順調」」, 「120%以上で「A」、100%以上で「B」」."""
        return "、".join(f"{least * 100:.0f}%以上で「{grade}」" for least, grade in self.steps)


@dataclass(frozen=True, slots=True)
class Scale:
    """`short` is the word to choose it by; `met` the status of a result that meets its target, "" where only shares
    count.

    `by_progress` grades 進捗率 where there is a baseline that differs from the target, `by_rate` 達成率 elsewhere.
    """

    key: str
    short: str
    name: str
    met: str
    by_progress: Ladder | None
    by_rate: Ladder

    @property
    def words(self) -> tuple[str, ...]:
        """Every status of the scale, the best first."""
        ladders = (self.by_progress, self.by_rate)
        graded = [grade for ladder in ladders if ladder for grade in ladder.grades]
        return tuple(dict.fromkeys(filter(None, (self.met, *graded, Status.UNDECIDED, Status.NOT_RECORDED))))

    @property
    def sentence(self) -> str:
        """What its grades mean, in words."""
        if self.by_progress is None:
            return f"達成率が{self.by_rate.sentence}、それ未満は「{self.by_rate.below}」"
        fallen = f"0%以下は「{self.by_progress.fallen}」、" if self.by_progress.fallen else ""
        return (
            f"実績が目標を満たせば「{self.met}」、満たさなければ進捗率が{self.by_progress.sentence}、{fallen}"
            f"その間は「{self.by_progress.below}」"
        )

    @property
    def weak(self) -> tuple[str, ...]:
        """The statuses to look at first, the worst first: 後退, 遅れ."""
        if self.by_progress and self.by_progress.fallen:
            return (self.by_progress.fallen, self.by_progress.below)
        return (self.by_rate.below,)

    @property
    def best(self) -> str:
        return self.words[0]


_NEAR = Decimal("0.8")

STANDARD = Scale(
    "standard",
    "標準",
    "標準の判定基準",
    Status.ACHIEVED,
    Ladder(((_NEAR, Status.ON_TRACK),), Status.BEHIND, Status.WORSE),
    Ladder(((_NEAR, Status.ON_TRACK),), Status.BEHIND),
)
IAA = Scale(
    "iaa",
    "独法",
    "独立行政法人評価の基準",
    "",
    None,
    Ladder(((Decimal("1.2"), "A"), (Decimal(1), "B"), (_NEAR, "C")), "D"),
)
SCALES = {scale.key: scale for scale in (STANDARD, IAA)}


def scale_named(text: str) -> Scale:
    """The scale that somebody chooses by its short word, its name or its key; raises ValueError for none."""
    found = next((scale for scale in SCALES.values() if text in (scale.short, scale.name, scale.key)), None)
    if found is None:
        words = "、".join(f"「{scale.short}」（{scale.name}）" for scale in SCALES.values())
        raise ValueError(f"判定基準「{text}」がありません。選べるもの: {words}")
    return found
