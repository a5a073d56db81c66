"""The life of a run: every allowed move, and every forbidden one."""

import pytest
from sqlalchemy import select, update

from tests.factories import make_flow, make_run
from webapp import clock
from webapp.extensions import db
from webapp.flows.editing import delete_flow
from webapp.live.models import LiveEvent
from webapp.runs.models import Run, RunChange
from webapp.runs.states import COMES_FROM, FINAL, JUDGED, LIVE, State, move

ALLOWED = sorted((old, new) for new, olds in COMES_FROM.items() for old in olds)
FORBIDDEN = sorted((old, new) for old in State for new in State if (old, new) not in ALLOWED)


@pytest.fixture
def flow(alice):
    return make_flow(alice)


def changes_of(run):
    return db.session.scalars(
        select(RunChange).where(RunChange.run_id == run.id).order_by(RunChange.id)
    ).all()


@pytest.mark.parametrize(("old", "new"), ALLOWED)
def test_an_allowed_move_is_made_and_recorded(flow, old, new):
    run = make_run(flow, old)
    assert move(run, new, "because")
    db.session.commit()
    assert run.state == new
    change = changes_of(run)[-1]
    assert (change.old, change.new, change.reason) == (old, new, "because")
    assert (change.told_at is None) == (new in JUDGED)
    assert (run.ended_at is not None) == (new in FINAL)


@pytest.mark.parametrize(("old", "new"), FORBIDDEN)
def test_a_forbidden_move_is_refused_and_leaves_no_trace(flow, old, new):
    run = make_run(flow, old)
    before = len(changes_of(run))
    assert not move(run, new)
    db.session.commit()
    assert run.state == old
    assert len(changes_of(run)) == before


def test_states_are_either_live_or_final():
    assert set(State) == LIVE | FINAL
    assert not LIVE & FINAL


def test_the_slower_of_two_workers_does_not_get_the_run(flow, monkeypatch):
    run = make_run(flow)
    now = clock.now()

    def another_worker_is_quicker():
        db.session.execute(
            update(Run)
            .where(Run.id == run.id)
            .values(state=State.STARTING)
            .execution_options(synchronize_session=False)
        )
        return now

    monkeypatch.setattr(clock, "now", another_worker_is_quicker)
    assert not move(run, State.STARTING)
    assert run.state == State.STARTING
    assert len(changes_of(run)) == 1


def test_a_move_records_the_state_that_the_row_really_had(flow):
    run = make_run(flow)
    db.session.execute(
        update(Run)
        .where(Run.id == run.id)
        .values(state=State.STARTING)
        .execution_options(synchronize_session=False)
    )
    assert run.state == State.QUEUED
    assert move(run, State.ERRORED)
    assert changes_of(run)[-1].old == State.STARTING


def test_a_move_can_be_bound_to_some_states(flow):
    run = make_run(flow, State.RUNNING)
    assert not move(run, State.CANCELLED, only_from=frozenset({State.QUEUED}))
    assert run.state == State.RUNNING


def test_a_run_that_was_deleted_cannot_be_moved(flow):
    run = make_run(flow)
    delete_flow(flow)
    db.session.flush()
    assert not move(run, State.STARTING)
    db.session.commit()


def test_starting_and_ending_are_stamped(flow):
    run = make_run(flow)
    assert move(run, State.STARTING, worker="here-1")
    assert run.started_at is not None
    assert run.ended_at is None
    assert run.worker == "here-1"
    assert move(run, State.RUNNING)
    assert move(run, State.PASSED)
    assert run.duration_ms == round((run.ended_at - run.started_at).total_seconds() * 1000)


def test_every_change_that_people_see_is_told_as_an_event(flow):
    run = make_run(flow)
    for state in (State.STARTING, State.RUNNING, State.PASSED):
        assert move(run, state)
    db.session.commit()
    events = db.session.scalars(
        select(LiveEvent).where(LiveEvent.run_id == run.id).order_by(LiveEvent.id)
    ).all()
    assert [event.type for event in events] == ["run.queued", "test.started", "test.completed"]
    assert events[-1].data["status"] == "passed"
    assert events[-1].data["summary"]["success"] is True
