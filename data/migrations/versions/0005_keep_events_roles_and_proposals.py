"""Keep events until they are answered; roles, workspaces, followed indicators, votes and proposed aliases

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _key(name: str, other: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{other}.id"), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "workspace",
        _id(),
        _text("channel"),
        _text("external_id"),
        _key("organisation_id", "organisation"),
        _key("change_id", "change"),
        sa.UniqueConstraint("channel", "external_id"),
    )
    op.create_table(
        "event",
        _id(),
        _key("organisation_id", "organisation"),
        _text("channel"),
        _text("key"),
        _text("lane"),
        _text("kind"),
        _text("person"),
        sa.Column("body", sa.JSON(), nullable=False),
        _moment("received_at"),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("claimed_by", nullable=True),
        _moment("claimed_at", nullable=True),
        _moment("finished_at", nullable=True),
        _text("outcome", nullable=True),
        _text("question"),
        _text("reply"),
        sa.UniqueConstraint("channel", "key"),
    )
    op.create_index("ix_event_waiting", "event", ["channel", "finished_at", "id"])
    op.create_index("ix_event_lane", "event", ["lane", "finished_at"])
    op.create_index("ix_event_person", "event", ["person", "id"])
    op.create_table(
        "role",
        _id(),
        _key("organisation_id", "organisation"),
        _text("person"),
        _text("role"),
        _key("change_id", "change"),
        _key("ended_by", "change", nullable=True),
    )
    op.create_index(op.f("ix_role_organisation_id"), "role", ["organisation_id"])
    op.create_table(
        "follow",
        _id(),
        _key("organisation_id", "organisation"),
        _text("person"),
        _key("indicator_id", "indicator"),
        sa.UniqueConstraint("organisation_id", "person", "indicator_id"),
    )
    op.create_table(
        "vote",
        _id(),
        _key("organisation_id", "organisation"),
        _text("ballot"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("organisation_id", "ballot"),
    )
    op.create_table(
        "proposal",
        _id(),
        _key("organisation_id", "organisation"),
        _text("text"),
        _key("indicator_id", "indicator"),
        _key("change_id", "change"),
        _key("decided_by", "change", nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
    )
    op.create_index(op.f("ix_proposal_organisation_id"), "proposal", ["organisation_id"])


def downgrade() -> None:
    for table in ("proposal", "vote", "follow", "role", "event", "workspace"):
        op.drop_table(table)
