"""A database of its own beside the one that TEST_DATABASE_URL names."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from webapp.extensions import db


@contextmanager
def database_beside(shared: str, name: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database on the same server, dropped afterwards."""
    shared = shared.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(shared, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield engine.url.set(database=name).render_as_string(False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def empty_tables() -> None:
    """Delete every row in one go: statement by statement it took a fifth of the suite's time."""
    tables = reversed(db.metadata.sorted_tables)
    script = ";".join(f'DELETE FROM "{table.name}"' for table in tables)
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.executescript(script)  # type: ignore[union-attr]
    else:
        connection.exec_driver_sql(script)
    db.session.commit()
    db.session.remove()
