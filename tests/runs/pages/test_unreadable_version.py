"""The page of a run whose version was written by a release that knew other actions."""

from sqlalchemy import select

from tests.factories import make_flow, make_run
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.runs.states import State


def test_its_page_shows_what_is_known(as_alice, alice):
    flow = make_flow(alice)
    run = make_run(flow, State.ERRORED, error="Step 1 cannot be read any more.")
    version = db.session.scalars(select(FlowVersion)).one()
    steps = [{**version.body["steps"][0], "action": "teleport"}]
    version.body = {**version.body, "steps": steps}
    db.session.commit()

    answer = as_alice.get(f"/runs/{run.id}")

    assert answer.status_code == 200
    assert "Step 1 cannot be read any more." in answer.text
