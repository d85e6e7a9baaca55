"""Keep where Teams lets the bot speak: references to conversations

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "conversation_reference",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False),
        _text("channel"),
        _text("conversation"),
        _text("person"),
        _text("kind"),
        _text("tenant"),
        _text("service_url"),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("organisation_id", "channel", "conversation"),
    )
    op.create_index("ix_conversation_reference_person", "conversation_reference", ["organisation_id", "person"])


def downgrade() -> None:
    op.drop_table("conversation_reference")
