"""Let an alias be withdrawn, and be given again afterwards

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STANDS = sa.text("withdrawn_by IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("alias") as alias:
        alias.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        alias.create_foreign_key("fk_alias_withdrawn_by_change", "change", ["withdrawn_by"], ["id"])
        alias.drop_constraint("uq_alias_indicator_id", type_="unique")
    op.create_index(
        "uq_alias_standing",
        "alias",
        ["indicator_id", "text"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_index("uq_alias_standing", "alias")
    op.execute("DELETE FROM alias WHERE withdrawn_by IS NOT NULL")
    with op.batch_alter_table("alias") as alias:
        alias.create_unique_constraint("uq_alias_indicator_id", ["indicator_id", "text"])
        alias.drop_constraint("fk_alias_withdrawn_by_change", type_="foreignkey")
        alias.drop_column("withdrawn_by")
