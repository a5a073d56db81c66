"""The migrations lead to exactly the tables that the models describe, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from tests.databases import database_beside
from webapp.columns import UTCDateTime
from webapp.extensions import db


def flask_db(*words: str, **environ: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "webapp", "db", *words],
        env={**os.environ, **environ},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def database_url(tmp_path: Path):
    """An empty database beside the one of the other tests."""
    shared = os.environ.get("TEST_DATABASE_URL")
    if shared is None:
        yield f"sqlite:///{tmp_path / 'fresh.db'}"
        return
    with database_beside(shared, f"migrations_of_{os.getpid()}") as url:
        yield url


def same_type(_context, _column, _model, found, wanted):
    """UTCDateTime is stored as the type it wraps."""
    return False if isinstance(wanted, UTCDateTime) else None


def test_migrations_equal_models_and_go_back(database_url, tmp_path):
    environ = {"DATABASE_URL": database_url, "VAR": str(tmp_path / "var")}
    flask_db("upgrade", **environ)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        assert compare_metadata(context, db.metadata) == []
    flask_db("downgrade", "base", **environ)
    with engine.connect() as connection:
        assert connection.dialect.get_table_names(connection) == ["alembic_version"]
    engine.dispose()
