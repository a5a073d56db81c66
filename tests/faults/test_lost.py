"""The whole installation after a worker was killed: closed in time, and played once more."""

import signal
import time

import pytest

from tests.factories import make_flow, make_run
from tests.faults.conftest import PAGE, TITLE
from tests.faults.stage import fresh, wait_for, wait_until_at, wait_until_over
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.states import State

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAUSE = {"number": 2, "action": "wait", "content": "8", "name": "Read the page"}


def test_a_run_whose_worker_was_killed_is_closed_within_30_seconds_and_repeated(
    alice, site, stage, remains
):
    stage.start("--light")
    stage.start("--clock")
    worker = stage.start()
    flow = make_flow(alice, (TITLE, PAUSE), url=site.url + PAGE)
    run = make_run(flow)
    wait_until_at(run.id, 2)
    remains.look()
    stage.end(worker, signal.SIGKILL)
    killed_at = time.monotonic()
    stage.start()
    wait_for("end of the lost run", lambda: fresh(run.id).state == State.ERRORED, 30)
    assert time.monotonic() - killed_at < 30
    again = db.session.query(Run).filter_by(attempt_of_id=run.id).one()
    db.session.commit()
    assert wait_until_over(again.id, 30).state == State.PASSED
    remains.assert_none()


def test_a_run_that_never_reached_redis_is_played_after_all(app, stage, short_flow):
    run = make_run(short_flow)
    app.extensions["redis"].flushdb()
    for words in ((), ("--light",), ("--clock",)):
        stage.start(*words)
    assert wait_until_over(run.id, 40).state == State.PASSED
