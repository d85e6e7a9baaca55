"""Runs the migrations on the connection that data/engine.py hands over."""

from alembic import context
from sqlmodel import SQLModel

import data.tables  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
