"""A worker that is told to stop closes the run that it plays, and has it repeated."""

import signal

import pytest
from sqlalchemy import select

import worker
from tests.factories import make_flow, make_run
from tests.runs.engine import ScriptedEngine, hangs, waits
from webapp.extensions import db
from webapp.runs import execute, watchdog
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State

STEPS = tuple(
    {"number": n, "action": "click", "locators": [{"by": "css", "value": "#b"}], "name": f"No. {n}"}
    for n in (1, 2)
)


@pytest.fixture
def stopping(monkeypatch):
    """The worker is told so in the middle of a step."""
    monkeypatch.setattr(watchdog, "orders", watchdog.Orders())
    monkeypatch.setattr(worker, "orders", watchdog.orders)
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", 0.5)


def told(scene):
    def play(stop, browser):
        worker._obey(signal.SIGTERM, None)
        scene(stop, browser)

    return play


def runs():
    db.session.expire_all()
    return db.session.scalars(select(Run).order_by(Run.id)).all()


@pytest.mark.parametrize("scene", [hangs, waits])
def test_a_run_is_closed_and_repeated(app, alice, stopping, monkeypatch, scene):
    run = make_run(make_flow(alice, STEPS))
    ScriptedEngine(monkeypatch, {2: told(scene)})
    execute.play(run.id)
    first, second = runs()
    assert first.state == State.ERRORED
    assert first.error == (
        "The worker that played this run was told to stop during step 2: No. 2. "
        "This says nothing about the site."
    )
    assert (first.failed_step_number, first.duration_ms < 4000) == (2, True)
    states = select(StepResult.state).where(StepResult.run_id == first.id)
    assert db.session.scalars(states.order_by(StepResult.ordinal)).all()[-1] == "errored"
    assert (second.state, second.attempt, second.attempt_of_id) == (State.QUEUED, 2, first.id)
    assert f"run-{second.id}" in app.extensions["queues"]["urgent"].get_job_ids()


def test_a_run_that_is_nearly_over_may_end(alice, stopping, monkeypatch):
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", 30)
    run = make_run(make_flow(alice, STEPS))
    ScriptedEngine(monkeypatch, {2: told(lambda stop, browser: stop.wait(0.8))})
    execute.play(run.id)
    assert [one.state for one in runs()] == [State.PASSED]


def test_the_second_attempt_is_not_repeated_again(alice, stopping, monkeypatch):
    run = make_run(make_flow(alice, STEPS), attempt=2)
    ScriptedEngine(monkeypatch, {2: told(waits)})
    execute.play(run.id)
    assert [one.state for one in runs()] == [State.ERRORED]


def test_its_page_says_why_it_is_repeated(as_alice, alice, stopping, monkeypatch):
    run = make_run(make_flow(alice, STEPS))
    ScriptedEngine(monkeypatch, {2: told(waits)})
    execute.play(run.id)
    again = runs()[1]
    page = as_alice.get(f"/runs/{again.id}").text
    assert "whose worker was told to stop." in page
    assert "which was lost" not in page
