"""Cancelling a run that waits, one that is on, and one that is over."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow, make_run
from webapp.extensions import db
from webapp.live.models import LiveEvent
from webapp.runs import execute
from webapp.runs.cancelling import cancel
from webapp.runs.states import FINAL, State


@pytest.fixture
def flow(alice):
    return make_flow(alice)


def test_a_waiting_run_is_cancelled_at_once(flow):
    run = make_run(flow)
    assert cancel(run, "Alice")
    db.session.commit()
    assert run.state == State.CANCELLED
    assert run.error == "Cancelled by Alice."
    of_run = select(LiveEvent.type).where(LiveEvent.run_id == run.id).order_by(LiveEvent.id)
    types = db.session.scalars(of_run)
    assert list(types) == ["run.queued", "run.cancelled"]


@pytest.mark.parametrize("state", [State.STARTING, State.RUNNING])
def test_a_run_that_is_on_is_asked_to_end(flow, state):
    run = make_run(flow, state)
    assert cancel(run, "Alice")
    db.session.commit()
    assert run.state == state
    assert run.cancel_requested_at is not None


def test_asking_twice_is_asking_once(flow):
    run = make_run(flow, State.RUNNING)
    assert cancel(run, "Alice")
    first = run.cancel_requested_at
    assert cancel(run, "Bob")
    assert run.cancel_requested_at == first
    assert run.error == "Cancelled by Alice."


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_run_that_is_over_stays_as_it_is(flow, state):
    run = make_run(flow, state)
    assert not cancel(run, "Alice")
    assert run.state == state
    assert run.cancel_requested_at is None


def test_a_worker_that_gets_a_cancelled_run_opens_no_browser(flow, monkeypatch):
    run = make_run(flow)
    cancel(run, "Alice")
    db.session.commit()
    opened = []
    monkeypatch.setattr(execute, "open_browser", opened.append)
    execute.play(run.id)
    assert opened == []
    assert run.state == State.CANCELLED
