"""However many runs there are, a page of the list is a short walk along one index."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import sqlite

from webapp.extensions import db
from webapp.runs.queries import Filters, ids_of_page
from webapp.runs.states import State, Trigger

MISSED = frozenset({State.MISSED})
BROKEN = frozenset({State.FAILED, State.ERRORED, State.TIMED_OUT})


@pytest.fixture(scope="module")
def explained():
    """What SQLite would do; the plan is the same whichever database the tests run on."""
    engine = create_engine("sqlite://")
    db.metadata.create_all(engine)
    with engine.connect() as connection:
        yield lambda sql: [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
    engine.dispose()


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(), "ix_run_project"),
        (Filters(flow_id=17), "ix_run_flow"),
        (Filters(states=MISSED), "ix_run_state"),
        (Filters(states=BROKEN), "ix_run_state"),
        (Filters(flow_id=17, states=MISSED), "ix_run_flow_state"),
        (Filters(trigger=Trigger.API), "ix_run_trigger"),
        (Filters(flow_id=17, trigger=Trigger.API), "ix_run_flow_trigger"),
    ],
    ids=[
        "all", "of one flow", "in one state", "in several states", "of one flow in one state",
        "started by one trigger", "of one flow started by one trigger",
    ],
)  # fmt: skip
@pytest.mark.parametrize("cursor", [{}, {"before": 1000}, {"after": 1000}], ids=str)
def test_a_page_walks_along_an_index(database, explained, filters, index, cursor):
    wanted = ids_of_page(1, filters, limit=26, **cursor)
    sql = str(wanted.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    steps = [step for step in explained(sql) if " run" in step]
    assert steps
    for step in steps:
        assert f"USING INDEX {index} " in step or f"USING COVERING INDEX {index} " in step
        assert step.startswith("SEARCH run")
    if not filters.states:  # several states: a few short walks are merged
        assert not [step for step in explained(sql) if "TEMP B-TREE" in step]
