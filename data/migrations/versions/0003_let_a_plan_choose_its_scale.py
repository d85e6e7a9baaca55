"""Let a plan choose its scale

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("scale", sa.String(), nullable=False, server_default="standard"))
    about = sa.Numeric().with_variant(sa.String(64), "sqlite")
    op.add_column("plan", sa.Column("about", about, nullable=False, server_default="0.95"))


def downgrade() -> None:
    op.drop_column("plan", "about")
    op.drop_column("plan", "scale")
