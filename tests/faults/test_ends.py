"""Runs that are ended in the middle, or lose what they stand on: true to the end, nothing left."""

import os
import signal
import time
from datetime import timedelta

import pytest

from tests.factories import make_run
from tests.faults.stage import horses_of, wait_for, wait_until_at, wait_until_over
from webapp.browser import guard
from webapp.extensions import db
from webapp.runs.cancelling import cancel
from webapp.runs.models import Run
from webapp.runs.reaping import reap_lost
from webapp.runs.states import State

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def next_run_works(worker, short_flow, remains):
    """Whatever a test does to a run, the same worker plays the next one, and nothing is left."""
    yield
    after = make_run(short_flow)
    run = wait_until_over(after.id)
    assert (run.state, run.error) == (State.PASSED, None)
    remains.assert_none()


def programs(record, word):
    """The processes of a browser whose command has this word in it."""
    found = []
    for pid in guard.members(record["session"], record["id"], record["start"]):
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if word in file.read().split(b"\0")[0]:
                found.append(pid)
    return found


def test_a_run_is_cancelled_while_its_page_hangs(hanging_flow, remains):
    run = make_run(hanging_flow(60))
    wait_until_at(run.id, 0)
    remains.look()
    asked_at = time.monotonic()
    cancel(db.session.get_one(Run, run.id), "Alice")
    db.session.commit()
    run = wait_until_over(run.id)
    assert time.monotonic() - asked_at < 3
    assert (run.state, run.error) == (State.CANCELLED, "Cancelled by Alice.")


def test_a_run_is_over_with_its_time_while_its_page_hangs(hanging_flow, remains):
    run = make_run(hanging_flow(3))
    wait_until_at(run.id, 0)
    remains.look()
    run = wait_until_over(run.id)
    assert run.state == State.TIMED_OUT
    assert run.failed_step_number == 0
    assert run.duration_ms < 5500
    assert run.error.startswith("The time of this run, 3 s, was over during step 0: Open ")


@pytest.mark.parametrize("program", [b"chromedriver", b"headless"])
def test_a_browser_or_driver_that_is_killed_is_our_fault(long_flow, remains, program):
    run = make_run(long_flow)
    wait_until_at(run.id, 2)
    [record] = remains.look()
    victims = programs(record, program)
    assert victims
    os.kill(min(victims), signal.SIGKILL)
    run = wait_until_over(run.id, 40)
    assert run.state == State.ERRORED
    assert run.failed_step_number == 2
    assert run.error


def test_a_killed_work_horse_is_found_and_its_run_repeated(long_flow, worker, remains):
    first = make_run(long_flow)
    wait_until_at(first.id, 2)
    remains.look()
    [horse] = horses_of(worker)
    os.kill(horse, signal.SIGKILL)
    wait_for("end of the browser", lambda: not remains.alive(), 5)
    wait_for("silence of the run", lambda: reap_lost(timedelta(seconds=3)), 8)
    lost = wait_until_over(first.id)
    assert lost.state == State.ERRORED
    assert lost.failed_step_number == 2
    assert "ended without a word during step 2: Wait for long" in lost.error
    again = db.session.query(Run).filter_by(attempt_of_id=first.id).one()
    db.session.commit()
    assert again.attempt == 2
    wait_until_at(again.id, 2)
    cancel(db.session.get_one(Run, again.id), "the test")
    db.session.commit()
    assert wait_until_over(again.id).state == State.CANCELLED


def test_a_deleted_flow_ends_its_run(long_flow, remains):
    run = make_run(long_flow)
    wait_until_at(run.id, 2)
    remains.look()
    db.session.delete(db.session.get_one(type(long_flow), long_flow.id))
    db.session.commit()
    remains.assert_none()
