"""Runs whose worker is gone, and runs that wait for a worker that never comes."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.factories import make_flow, make_run
from tests.runs.engine import ScriptedEngine
from webapp import clock
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.live.models import LiveEvent
from webapp.runs import execute, reaping
from webapp.runs.models import Run, StepResult
from webapp.runs.reaping import LOST_AFTER, MISSED_AFTER, reap_lost, tend_waiting
from webapp.runs.repeating import REPEAT_WITHIN
from webapp.runs.states import State, Trigger

SECOND = timedelta(seconds=1)


@pytest.fixture
def flow(alice):
    flow = make_flow(alice)
    flow.is_active = True
    db.session.commit()
    return flow


def make_lost(flow, state=State.RUNNING, **values):
    silent_since = clock.now() - LOST_AFTER - SECOND
    return make_run(flow, state, **{"heartbeat_at": silent_since, "current_ordinal": 1, **values})


def runs_of(flow):
    db.session.expire_all()
    return db.session.scalars(select(Run).where(Run.flow_id == flow.id).order_by(Run.id)).all()


def waiting_jobs(app):
    queues = app.extensions["queues"]
    return [*queues["urgent"].get_job_ids(), *queues["runs"].get_job_ids()]


def test_a_silent_run_is_closed_and_says_where_its_worker_ended(flow):
    make_lost(flow)
    assert reap_lost() == 1
    lost = runs_of(flow)[0]
    assert lost.state == State.ERRORED
    assert lost.error.startswith("The worker that played this run ended without a word during ste")
    assert lost.error.endswith("This says nothing about the site.")
    assert (lost.failed_step_number, lost.current_ordinal) == (2, None)


def test_a_run_that_was_lost_before_its_first_step_says_so(flow):
    make_lost(flow, State.STARTING, current_ordinal=None)
    reap_lost()
    lost = runs_of(flow)[0]
    assert "before its first step" in lost.error
    assert lost.failed_step_number is None


def test_its_steps_are_accounted_for(flow):
    run = make_lost(flow)
    reap_lost()
    results = db.session.scalars(
        select(StepResult).where(StepResult.run_id == run.id).order_by(StepResult.ordinal)
    ).all()
    assert [result.state for result in results] == ["skipped", "errored"]
    assert runs_of(flow)[0].steps_done == 2
    last = db.session.scalars(
        select(LiveEvent).where(LiveEvent.run_id == run.id).order_by(LiveEvent.id.desc())
    ).first()
    assert last.type == "test.completed"


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.SCHEDULE])
def test_a_lost_run_is_played_once_more(app, flow, trigger):
    moment = clock.now() if trigger == Trigger.SCHEDULE else None
    make_lost(flow, trigger=trigger, scheduled_for=moment, requested_by="Alice")
    reap_lost()
    lost, again = runs_of(flow)
    assert (again.state, again.attempt, again.attempt_of_id) == (State.QUEUED, 2, lost.id)
    assert (again.trigger, again.scheduled_for) == (trigger, lost.scheduled_for)
    assert again.version_id == lost.version_id
    assert again.requested_by == "Alice"
    assert f"run-{again.id}" in waiting_jobs(app)


def test_the_second_attempt_is_the_last(flow):
    make_lost(flow, attempt=2)
    reap_lost()
    [lost] = runs_of(flow)
    assert lost.state == State.ERRORED


def test_a_run_that_was_lost_long_ago_is_not_played_again(flow):
    make_lost(flow, queued_at=clock.now() - REPEAT_WITHIN - SECOND)
    reap_lost()
    assert len(runs_of(flow)) == 1


def test_a_paused_flow_is_not_played_again_by_its_schedule(flow):
    make_lost(flow, trigger=Trigger.SCHEDULE, scheduled_for=clock.now())
    flow.is_active = False
    db.session.commit()
    reap_lost()
    assert len(runs_of(flow)) == 1


def test_a_run_that_somebody_had_cancelled_is_cancelled(flow):
    make_lost(flow, cancel_requested_at=clock.now(), error="Cancelled by Alice.")
    reap_lost()
    [run] = runs_of(flow)
    assert (run.state, run.error) == (State.CANCELLED, "Cancelled by Alice.")


def test_a_run_with_a_heartbeat_is_left_alone(flow):
    make_run(flow, State.RUNNING, heartbeat_at=clock.now() - LOST_AFTER + 5 * SECOND)
    assert reap_lost() == 0
    assert runs_of(flow)[0].state == State.RUNNING


@pytest.mark.parametrize("state", [State.QUEUED, State.PASSED])
def test_only_runs_that_are_on_can_be_lost(flow, state):
    make_lost(flow, state)
    assert reap_lost() == 0


def test_reaping_twice_repeats_once(flow):
    make_lost(flow)
    reap_lost()
    assert reap_lost() == 0
    assert len(runs_of(flow)) == 2


def test_a_row_that_never_reached_redis_is_queued_again(app, flow):
    run = make_run(flow, queued_at=clock.now() - 11 * SECOND)
    app.extensions["redis"].flushdb()
    assert tend_waiting() == 1
    assert waiting_jobs(app) == [f"run-{run.id}"]
    assert tend_waiting() == 0
    assert waiting_jobs(app) == [f"run-{run.id}"]


def test_a_row_that_was_made_just_now_may_be_on_its_way(app, flow):
    make_run(flow)
    app.extensions["redis"].flushdb()
    assert tend_waiting() == 0


def test_a_scheduled_run_that_waited_too_long_is_missed(flow):
    moment = clock.now() - MISSED_AFTER - SECOND
    make_run(flow, trigger=Trigger.SCHEDULE, scheduled_for=moment, queued_at=moment)
    assert tend_waiting() == 1
    [run] = runs_of(flow)
    assert (run.state, run.missed_count) == (State.MISSED, 1)
    assert run.error == "No worker was free to play it in time."


def test_a_run_that_a_person_asked_for_waits_as_long_as_it_takes(app, flow):
    make_run(flow, queued_at=clock.now() - timedelta(days=1))
    tend_waiting()
    assert runs_of(flow)[0].state == State.QUEUED


def test_a_missed_run_is_not_played_by_a_worker_that_comes_late(flow, monkeypatch):
    engine = ScriptedEngine(monkeypatch)
    run = make_run(flow, State.MISSED)
    execute.play(run.id)
    assert engine.opened == 0


def test_the_step_count_is_that_of_the_plan(alice):
    for number, steps in enumerate([(), ({"number": 1, "action": "open", "content": "/"},)]):
        run = make_run(make_flow(alice, steps, name=f"Flow {number}"))
        assert run.steps_total == 1


def make_unreadable(flow):
    """As a later release would find a version whose action was renamed."""
    version = db.session.scalars(select(FlowVersion).where(FlowVersion.flow_id == flow.id)).one()
    steps = [{**values, "action": "vanished"} for values in version.body["steps"]]
    version.body = {**version.body, "steps": steps}
    db.session.commit()


def test_a_lost_run_whose_steps_cannot_be_read_is_closed_without_them(flow, caplog):
    run = make_lost(flow, attempt=2)
    make_unreadable(flow)
    assert reap_lost() == 1
    [lost] = runs_of(flow)
    assert lost.state == State.ERRORED
    assert "ended without a word after 0 of 2 steps" in lost.error
    assert not db.session.scalars(select(StepResult).where(StepResult.run_id == run.id)).all()
    assert "cannot be read" in caplog.text


def test_one_lost_run_that_cannot_be_closed_does_not_hold_up_the_next(
    flow, alice, monkeypatch, caplog
):
    sick, healthy = make_lost(flow, attempt=2), make_lost(make_flow(alice, name="B"), attempt=2)
    end = reaping._end

    def breaks_for_one(run, *words):
        if run.id == sick.id:
            raise KeyError("surprise")
        return end(run, *words)

    monkeypatch.setattr(reaping, "_end", breaks_for_one)
    with pytest.raises(KeyError, match="surprise"):
        reap_lost()
    assert runs_of(healthy.flow)[0].state == State.ERRORED
    assert runs_of(flow)[0].state == State.RUNNING
    assert f"the lost run {sick.id} cannot be closed" in caplog.text


def test_no_run_is_lost_while_a_writer_makes_every_heartbeat_wait(app, flow, monkeypatch):
    monkeypatch.setattr(reaping, "LONG_TURN_SECONDS", 0.2)
    run = make_lost(flow)
    has_the_turn = threading.Event()

    def write_for_long():
        with app.app_context():
            db.session.execute(update(Run).where(Run.id == run.id).values(worker="another"))
            has_the_turn.set()
            time.sleep(0.8)
            db.session.commit()

    writer = threading.Thread(target=write_for_long)
    writer.start()
    assert has_the_turn.wait(5)
    assert reap_lost() == 0
    writer.join()
    assert runs_of(flow)[0].state == State.RUNNING
    assert reap_lost() == 1
