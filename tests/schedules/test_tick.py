"""The clock makes the run of each due moment exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from tests.factories import make_flow, make_run
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.runs.states import State, Trigger
from webapp.schedules import tick
from webapp.schedules.tick import play_due

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_due(alice, at=NOON, **values):
    flow = make_flow(alice, **values)
    db.session.execute(
        update(Flow)
        .where(Flow.id == flow.id)
        .values(is_active=True, next_at=at)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    db.session.refresh(flow)
    db.session.commit()
    return flow


def runs_of(flow):
    runs = db.session.scalars(select(Run).where(Run.flow_id == flow.id).order_by(Run.id)).all()
    db.session.commit()
    return runs


def next_of(flow):
    db.session.refresh(flow)
    db.session.commit()
    return flow.next_at


def queued_jobs(app):
    return app.extensions["queues"]["runs"].get_job_ids()


def test_a_due_flow_gets_a_queued_run_of_its_moment(app, alice):
    flow = make_due(alice)
    assert play_due(NOON) == 1
    [run] = runs_of(flow)
    assert (run.state, run.trigger, run.scheduled_for) == (State.QUEUED, Trigger.SCHEDULE, NOON)
    assert next_of(flow) == NOON + timedelta(hours=1)
    assert queued_jobs(app) == [f"run-{run.id}"]


def test_nothing_is_due_before_its_time(app, alice):
    flow = make_due(alice)
    assert play_due(NOON - timedelta(milliseconds=1)) == 0
    assert runs_of(flow) == []


def test_asking_again_makes_no_second_run(app, alice):
    flow = make_due(alice)
    play_due(NOON)
    assert play_due(NOON) == 0
    assert len(runs_of(flow)) == 1


def test_a_paused_flow_is_left_alone(app, alice):
    flow = make_due(alice)
    editing.pause(flow)
    db.session.commit()
    assert play_due(NOON) == 0


def test_two_clocks_at_once_make_one_run_each(app, alice):
    flows = [make_due(alice, name=f"Flow {number}") for number in range(30)]
    start = Barrier(4)

    def a_clock():
        with app.app_context():
            start.wait()
            return play_due(NOON)

    with ThreadPoolExecutor(4) as pool:
        counts = [future.result() for future in [pool.submit(a_clock) for _ in range(4)]]
    assert sum(counts) == len(flows)
    assert db.session.scalar(select(func.count()).select_from(Run)) == len(flows)
    assert len(queued_jobs(app)) == len(flows)


def test_more_flows_than_fit_into_one_batch_are_all_played(app, alice, monkeypatch):
    monkeypatch.setattr(tick, "BATCH", 3)
    flows = [make_due(alice, name=f"Flow {number}") for number in range(8)]
    assert play_due(NOON) == 8
    assert all(len(runs_of(flow)) == 1 for flow in flows)


def test_the_clock_ends_between_two_batches_when_it_is_told_to(app, alice, monkeypatch):
    monkeypatch.setattr(tick, "BATCH", 3)
    for number in range(8):
        make_due(alice, name=f"Flow {number}")
    assert play_due(NOON, lambda: True) == 3


def test_a_gap_leaves_one_missed_row_and_the_present_is_played(app, alice):
    flow = make_due(alice, cron="* * * * *")
    play_due(NOON + 10 * MINUTE)
    missed, present = runs_of(flow)
    assert (missed.state, missed.scheduled_for) == (State.MISSED, NOON)
    assert (missed.missed_count, missed.missed_until) == (10, NOON + 9 * MINUTE)
    assert missed.ended_at is not None
    assert missed.error == "The clock was not running when this was due."
    assert (present.state, present.scheduled_for) == (State.QUEUED, NOON + 10 * MINUTE)
    assert queued_jobs(app) == [f"run-{present.id}"]


def test_what_is_long_over_is_not_played_any_more(app, alice):
    flow = make_due(alice)
    play_due(NOON + 30 * MINUTE)
    [missed] = runs_of(flow)
    assert (missed.state, missed.missed_count) == (State.MISSED, 1)
    assert next_of(flow) == NOON + 60 * MINUTE


@pytest.mark.parametrize("state", [State.STARTING, State.RUNNING])
def test_a_flow_whose_run_is_still_on_is_skipped_and_says_so(app, alice, state):
    flow = make_due(alice)
    make_run(flow, state)
    play_due(NOON)
    _, skipped = runs_of(flow)
    assert (skipped.state, skipped.scheduled_for) == (State.SKIPPED, NOON)
    assert skipped.error == "The run before was still on at this moment."
    assert queued_jobs(app) == []


def test_a_moment_that_nobody_played_is_missed_when_the_next_one_comes(app, alice):
    flow = make_due(alice)
    play_due(NOON)
    later = NOON + timedelta(hours=1)
    play_due(later)
    before, now = runs_of(flow)
    assert (before.state, before.missed_count) == (State.MISSED, 1)
    assert before.error == "No worker was free to play it before the next moment came."
    assert (now.state, now.scheduled_for) == (State.QUEUED, later)


def test_a_run_that_a_person_waits_for_is_kept(app, alice):
    flow = make_due(alice)
    asked_for = make_run(flow)
    play_due(NOON)
    assert [run.state for run in runs_of(flow)] == [State.QUEUED, State.QUEUED]
    assert asked_for.trigger == Trigger.MANUAL


def test_a_moment_that_has_its_run_already_is_not_made_again(app, alice):
    """The web host's clock was behind, and set `next_at` back to a moment that was played."""
    flow = make_due(alice)
    play_due(NOON)
    db.session.execute(update(Flow).where(Flow.id == flow.id).values(next_at=NOON))
    db.session.commit()
    assert play_due(NOON) == 1
    assert len(runs_of(flow)) == 1
    assert next_of(flow) == NOON + timedelta(hours=1)


def test_a_flow_that_was_changed_meanwhile_keeps_its_new_schedule(app, alice, monkeypatch):
    flow = make_due(alice)
    look = tick._look
    new = NOON + timedelta(days=1)

    def somebody_saves(sight, now):
        db.session.execute(
            update(Flow).where(Flow.id == flow.id).values(cron="0 12 * * *", next_at=new)
        )
        db.session.commit()
        return look(sight, now)

    monkeypatch.setattr(tick, "_look", somebody_saves)
    assert play_due(NOON) == 0
    assert runs_of(flow) == []
    assert next_of(flow) == new


def test_a_schedule_that_cannot_be_computed_stops_alone(app, alice, caplog):
    broken = make_due(alice, name="Broken")
    sound = make_due(alice, name="Sound")
    db.session.execute(update(Flow).where(Flow.id == broken.id).values(time_zone="Mars/Olympus"))
    db.session.commit()
    play_due(NOON)
    assert len(runs_of(sound)) == 1
    assert next_of(broken) is None
    assert "Mars/Olympus" in caplog.text


def test_the_newest_version_is_played(app, alice):
    flow = make_due(alice)
    version = editing.save(flow, alice, expected=1, name="Checkout, new")
    db.session.commit()
    play_due(NOON)
    [run] = runs_of(flow)
    assert run.version_id == version.id
