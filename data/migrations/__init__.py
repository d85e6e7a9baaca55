"""Alembic migrations of the store. HEAD is the newest; a test holds it against the files."""

HEAD = "0008"
