"""Alembic's entry: migrate the database of the current app (run by `flask db …`)."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON
from sqlalchemy.types import TypeEngine

from webapp.columns import UTCDateTime

config = context.config
migrate = current_app.extensions["migrate"]


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Revisions name only SQLAlchemy's own types, so that they outlive our modules."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def compare_type(
    _context: Any, _inspected: Any, _metadata: Any, found: TypeEngine[Any], wanted: TypeEngine[Any]
) -> bool | None:
    """UTCDateTime is stored as what it wraps; Alembic's own comparison judges all others."""
    return False if isinstance(wanted, UTCDateTime) else None


def run_migrations() -> None:
    database = migrate.db
    options = dict(migrate.configure_args)
    options.update(render_item=render_item, compare_type=compare_type, render_as_batch=True)
    with database.engine.connect() as connection:
        if sqlite := connection.dialect.name == "sqlite":
            # A batch migration drops the old table: with foreign keys on, its children go too.
            # The pragma does nothing inside a transaction, so it is set on the bare connection.
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
        context.configure(connection=connection, target_metadata=database.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            orphans = driver.execute("PRAGMA foreign_key_check").fetchall()
            driver.execute("PRAGMA foreign_keys = ON")
            if orphans:
                raise RuntimeError(f"the migration left rows without their parents: {orphans[:5]}")


run_migrations()
