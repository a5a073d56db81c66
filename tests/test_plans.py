"""What is asked often is found by an index, however many rows there are."""

import re

import pytest
from sqlalchemy import create_engine, event, inspect

from webapp.extensions import db
from webapp.flows.listing import was_deleted
from webapp.live.replay import events_of
from webapp.reports.requesting import mend_reports


@pytest.fixture(scope="module")
def sqlite():
    """The plan is SQLite's, whichever database the tests run on."""
    engine = create_engine("sqlite://")
    db.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def plans(database, sqlite):
    """How SQLite would do what the database was told about a table meanwhile."""
    statements = []

    def hear(_connection, _cursor, statement, *_more):
        # A value that is not known when the plan is made, as in a prepared statement.
        statements.append(re.sub(r"%\(\w+\)s(::\w+( WITH TIME ZONE)?)*", "?", statement))

    def plans_for(table):
        told = [one for one in statements if f"FROM {table}" in one or f"UPDATE {table}" in one]
        assert told
        return [step for one in told for step in plan(one) if table in step]

    def plan(statement):
        values = (1,) * statement.count("?")
        rows = sqlite.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row[3] for row in rows]

    engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield plans_for
    event.remove(engine, "before_cursor_execute", hear)


def test_the_events_of_a_run_are_not_sought_among_all_of_the_project(plans):
    events_of(1, 17, 5)
    [step] = plans("live_event")
    assert "ix_live_event_run (run_id=? AND" in step


def test_a_deleted_flow_is_not_sought_among_all_events_of_the_project(plans):
    was_deleted(1, 17)
    [step] = plans("live_event")
    assert "ix_live_event_flow_deleted (flow_id=?)" in step


def test_upkeep_does_not_read_all_reports(plans):
    mend_reports()
    steps = plans("report")
    assert len(steps) == 2
    assert all("ix_report_unfinished" in step for step in steps)


@pytest.mark.parametrize(
    ("table", "column"), [("flow_version", "created_by_id"), ("blob", "touched_at")]
)
def test_a_column_that_is_sought_by_has_an_index(sqlite, table, column):
    assert [column] in [index["column_names"] for index in inspect(sqlite).get_indexes(table)]
