"""Keep answers under permanent numbers, and uploaded files until they are applied

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What an answer was stays for good; the words of who asked, and the digest that they could be told by, do not.
_FOR_GOOD = ("id", "organisation_id", "asked_on", "given_at", "revision", "kind", "document")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _organisation() -> sa.Column[int]:
    return sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "given_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        _organisation(),
        _text("digest"),
        _text("question"),
        _text("receipt"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        _moment("given_at"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("kind"),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.UniqueConstraint("organisation_id", "digest"),
    )
    op.create_index("ix_given_answer_given_at", "given_answer", ["given_at"])
    _keep_for_good("given_answer", _FOR_GOOD)
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("token"),
        _organisation(),
        _text("person"),
        _text("kind"),
        _text("name"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        _moment("made_at"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_upload_made_at", "upload", ["made_at"])


def downgrade() -> None:
    for table in ("upload", "given_answer"):
        op.drop_table(table)


def _keep_for_good(table: str, columns: tuple[str, ...]) -> None:
    """Lets rows be added to a table, but neither deleted nor changed in these columns."""
    for name, act in (("change", f"UPDATE OF {', '.join(columns)}"), ("delete", "DELETE")):
        refuse = (
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"  # of the first migration
            if op.get_bind().dialect.name == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        op.execute(f"CREATE TRIGGER {table}_refuse_{name} BEFORE {act} ON {table} {refuse}")
