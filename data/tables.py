"""The tables of the store (SQLModel). No row leaves this package: data/facts.py is what others see.

Figures are append-only: the newest revision of a cell is its figure, older ones stay readable, and the database
itself refuses to change or delete one (see the first migration). What a later load no longer lists is marked with
the change that withdrew it, never deleted.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


class ExactDecimal(sa.TypeDecorator[Decimal]):
    """A Decimal that comes back digit for digit: NUMERIC, but text on SQLite, which would make it a float."""

    impl = sa.Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.String(64) if dialect.name == "sqlite" else sa.Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment, stored and given back in UTC; SQLite itself would drop the time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Organisation(SQLModel, table=True):
    """Owner of plans: what belongs to one is never shown to another."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Change(SQLModel, table=True):
    """One write to the store: a load, recorded results, an alias, a role… and who made it."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    file: str


class Plan(SQLModel, table=True):
    __table_args__ = (sa.UniqueConstraint("organisation_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    title: str
    document: str
    notes: list[str] = Field(sa_type=sa.JSON)
    first_year: int
    last_year: int
    scale: str = Field(sa_column_kwargs={"server_default": "standard"})
    about: Decimal = Field(sa_type=ExactDecimal, sa_column_kwargs={"server_default": "0.95"})


class Chapter(SQLModel, table=True):
    """A list of the plan; `printed` is false where the source prints no title and it was given one."""

    __table_args__ = (sa.UniqueConstraint("plan_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    position: int
    title: str
    printed: bool


class Area(SQLModel, table=True):
    __table_args__ = (sa.UniqueConstraint("chapter_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    chapter_id: int = Field(foreign_key="chapter.id")
    position: int
    title: str


class Initiative(SQLModel, table=True):
    """A 取組項目; one without listings is an initiative without KPI."""

    __table_args__ = (sa.UniqueConstraint("area_id", "number", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    position: int
    number: str
    title: str
    line: int
    withdrawn_by: int | None = Field(default=None, foreign_key="change.id")


class Indicator(SQLModel, table=True):
    """What is measured. Two of the same name in one plan are told apart by their listings."""

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    name: str
    unit: str
    direction: str | None
    aggregation: str | None


class Listing(SQLModel, table=True):
    """An indicator under an initiative, with the line of the source."""

    __table_args__ = (sa.UniqueConstraint("indicator_id", "initiative_id"),)

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    line: int
    owner: str
    remark: str
    withdrawn_by: int | None = Field(default=None, foreign_key="change.id")


class Alias(SQLModel, table=True):
    """Another name by which people call an indicator; a withdrawn one may be given again, in another row."""

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    text: str
    change_id: int = Field(foreign_key="change.id")
    withdrawn_by: int | None = Field(default=None, foreign_key="change.id")


class Figure(SQLModel, table=True):
    """One revision of one cell: of a listing (baseline, target) or of an indicator (actual, without listing)."""

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    listing_id: int | None = Field(default=None, foreign_key="listing.id")
    measure: str
    fiscal_year: int | None
    revision: int
    raw: str
    value: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    unit: str
    bound: str
    note: str
    as_of: str
    parts: list[list[str]] = Field(sa_type=sa.JSON)
    absence: str | None
    change_id: int = Field(foreign_key="change.id")


class Conversation(SQLModel, table=True):
    """What a thread remembers, for a day: keys and years only, no words and no names of people."""

    __table_args__ = (sa.UniqueConstraint("organisation_id", "thread"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    thread: str
    day: date = Field(index=True)
    state: dict[str, list[str]] = Field(sa_type=sa.JSON)


class Unanswered(SQLModel, table=True):
    """A question that ended in no answer, without who asked it."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    day: date
    kind: str
    text: str


class Subscription(SQLModel, table=True):
    """What someone wants to be told again and again; what has ended stays, with the change that ended it."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    channel: str
    recipient: str
    kind: str
    scope: str
    rhythm: str
    hour: int
    change_id: int = Field(foreign_key="change.id")
    ended_by: int | None = Field(default=None, foreign_key="change.id")


class Digest(SQLModel, table=True):
    """A subscription's digest of one moment: who claimed it, how it ended, which revision of the store it told of."""

    __table_args__ = (sa.UniqueConstraint("subscription_id", "due"),)

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int = Field(foreign_key="subscription.id")
    due: datetime = Field(sa_type=UtcDateTime)
    claimed_by: str
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None
    revision: int | None


class Workspace(SQLModel, table=True):
    """A workspace (of Slack) or tenant (of Teams) with the one organisation that it belongs to."""

    __table_args__ = (sa.UniqueConstraint("channel", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    external_id: str
    organisation_id: int = Field(foreign_key="organisation.id")
    change_id: int = Field(foreign_key="change.id")


class Event(SQLModel, table=True):
    """Something a channel is to answer or to post, kept until that is done; `body` is emptied then.

    `lane` is the conversation: its events are done with one after the other. `question` and `reply` are what the person
    asked and the first line of what was answered, until their time is over (data/retention.py).
    """

    __table_args__ = (
        sa.UniqueConstraint("channel", "key"),
        sa.Index("ix_event_waiting", "channel", "finished_at", "id"),
        sa.Index("ix_event_lane", "lane", "finished_at"),
        sa.Index("ix_event_person", "person", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    channel: str
    key: str
    lane: str
    kind: str
    person: str
    body: dict[str, Any] = Field(sa_type=sa.JSON)
    received_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int
    claimed_by: str | None
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None
    question: str
    reply: str


class ConversationReference(SQLModel, table=True):
    """A conversation in which a channel lets the bot speak first: where it is reached, and whose it is."""

    __tablename__ = "conversation_reference"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "channel", "conversation"),
        sa.Index("ix_conversation_reference_person", "organisation_id", "person"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    channel: str
    conversation: str
    person: str
    kind: str
    tenant: str
    service_url: str
    details: dict[str, Any] = Field(sa_type=sa.JSON)
    kept_at: datetime = Field(sa_type=UtcDateTime)


class Role(SQLModel, table=True):
    """What a person (「slack:U0123」) may do; what was granted before stays, with the change that ended it."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    person: str
    role: str
    change_id: int = Field(foreign_key="change.id")
    ended_by: int | None = Field(default=None, foreign_key="change.id")


class Follow(SQLModel, table=True):
    """An indicator that a person keeps an eye on."""

    __table_args__ = (sa.UniqueConstraint("organisation_id", "person", "indicator_id"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person: str
    indicator_id: int = Field(foreign_key="indicator.id")


class Vote(SQLModel, table=True):
    """Whether an answer was useful. `ballot` stands for one person and one answer and tells neither."""

    __table_args__ = (sa.UniqueConstraint("organisation_id", "ballot"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    ballot: str
    day: date
    is_good: bool


class Proposal(SQLModel, table=True):
    """An alias that somebody proposes, until an administrator decides."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    text: str
    indicator_id: int = Field(foreign_key="indicator.id")
    change_id: int = Field(foreign_key="change.id")
    decided_by: int | None = Field(default=None, foreign_key="change.id")
    is_accepted: bool | None


class GivenAnswer(SQLModel, table=True):
    """An answer as it was given; its id is its permanent number. The database refuses to delete it or to change it,
    but for the words of the person (`question`, `receipt`) and the `digest` of all of it (data/answers.py).
    """

    __tablename__ = "given_answer"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "digest"),
        sa.Index("ix_given_answer_given_at", "given_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    digest: str
    question: str
    receipt: str
    asked_on: date
    given_at: datetime = Field(sa_type=UtcDateTime)
    revision: int
    kind: str
    document: dict[str, Any] = Field(sa_type=sa.JSON)


class Upload(SQLModel, table=True):
    """A file that a person has handed over and is yet to decide on, for a day (data/uploads.py)."""

    __table_args__ = (sa.UniqueConstraint("token"), sa.Index("ix_upload_made_at", "made_at"))

    id: int | None = Field(default=None, primary_key=True)
    token: str
    organisation_id: int = Field(foreign_key="organisation.id")
    person: str
    kind: str
    name: str
    content: bytes = Field(sa_type=sa.LargeBinary)
    details: dict[str, Any] = Field(sa_type=sa.JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)


def _table(model: type[SQLModel]) -> sa.Table:
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


organisations, changes, plans = _table(Organisation), _table(Change), _table(Plan)
chapters, areas, initiatives = _table(Chapter), _table(Area), _table(Initiative)
conversations, unanswered = _table(Conversation), _table(Unanswered)
subscriptions, digests = _table(Subscription), _table(Digest)
workspaces, events, roles = _table(Workspace), _table(Event), _table(Role)
references = _table(ConversationReference)
follows, votes, proposals = _table(Follow), _table(Vote), _table(Proposal)
given_answers, uploads = _table(GivenAnswer), _table(Upload)
indicators, listings, aliases, figures = _table(Indicator), _table(Listing), _table(Alias), _table(Figure)

sa.Index(
    "uq_alias_standing",
    aliases.c.indicator_id,
    aliases.c.text,
    unique=True,
    sqlite_where=aliases.c.withdrawn_by.is_(None),
    postgresql_where=aliases.c.withdrawn_by.is_(None),
)

# One revision number once for a cell: of two writers at the same time the database refuses the second.
sa.Index(
    "uq_figure_cell_revision",
    figures.c.indicator_id,
    sa.func.coalesce(figures.c.listing_id, 0),
    figures.c.measure,
    sa.func.coalesce(figures.c.fiscal_year, 0),
    figures.c.revision,
    unique=True,
)
