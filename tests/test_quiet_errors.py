"""Errors of the database do not tell the values that it was given."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from webapp import create_app
from webapp.extensions import db


def test_a_broken_statement_keeps_its_values_to_itself(app):
    with pytest.raises(DatabaseError) as caught:
        db.session.execute(text("SELECT :value FROM nowhere"), {"value": "t0k3n"})
    db.session.rollback()
    assert "t0k3n" not in str(caught.value)


def test_so_it_is_on_postgresql(config):
    url = "postgresql+psycopg://lamp@127.0.0.1:1/lamp"
    there = create_app(replace(config, database_url=url), TESTING=True)
    with there.app_context():
        assert db.engine.hide_parameters
