"""A worker that is stopped in an orderly way while it plays: its run is closed, and repeated."""

import signal

import pytest
from sqlalchemy import select

from tests.factories import make_run
from tests.faults.stage import wait_until_at, wait_until_over
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.states import State

pytestmark = pytest.mark.browser


def test_an_orderly_stop_closes_the_run_and_has_it_repeated(stage, long_flow, remains):
    worker = stage.start()
    run = make_run(long_flow)
    wait_until_at(run.id, 2)
    remains.look()
    worker.send_signal(signal.SIGTERM)
    over = wait_until_over(run.id)
    assert worker.wait(20) == 0
    assert over.state == State.ERRORED
    assert "was told to stop during step 2: Wait for long." in over.error
    again = db.session.scalars(select(Run).where(Run.attempt_of_id == run.id)).one()
    assert (again.state, again.attempt) == (State.QUEUED, 2)
    db.session.rollback()
    remains.assert_none()
