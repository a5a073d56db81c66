"""What goes wrong in ourselves while a run plays: it ends, says so, and tells no secret."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.factories import make_flow, make_run
from tests.runs.engine import ScriptedEngine, fails
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.runs import execute, journal
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State

STEPS = (
    {"number": 1, "action": "click", "locators": [{"by": "css", "value": "#buy"}]},
    {"number": 2, "action": "assert_title", "content": "Thanks", "enabled": False},
    {"number": 3, "action": "assert_title", "content": "Thanks"},
)


@pytest.fixture
def run(alice):
    return make_run(make_flow(alice, STEPS))


def again(run):
    db.session.expire_all()
    found = db.session.get_one(Run, run.id)
    db.session.commit()
    return found


def states_of(run):
    wanted = select(StepResult.state).where(StepResult.run_id == run.id)
    return db.session.scalars(wanted.order_by(StepResult.ordinal)).all()


def test_a_version_that_cannot_be_read_any_more_ends_the_run_with_a_sentence(run, monkeypatch):
    version = db.session.scalars(select(FlowVersion)).one()
    version.body = {**version.body, "steps": [{**STEPS[0], "action": "vanished"}]}
    db.session.commit()
    engine = ScriptedEngine(monkeypatch)
    execute.play(run.id)
    run = again(run)
    assert run.state == State.ERRORED
    assert run.error.startswith("The steps of this run cannot be read: ")
    assert run.error.endswith("Save the flow anew in its editor.")
    assert "vanished" in run.error
    assert (engine.opened, states_of(run)) == (0, [])


def test_a_database_error_shows_neither_statement_nor_values(run, monkeypatch, caplog):
    def refuses(stop, browser):
        raise IntegrityError("INSERT INTO step_result", {"found": "hunter2"}, Exception("no"))

    ScriptedEngine(monkeypatch, {1: refuses})
    execute.play(run.id)
    run = again(run)
    assert run.state == State.ERRORED
    assert run.error == (
        "A fault of Lamplighter: its database did not do its work (IntegrityError)."
    )
    assert run.failed_step_number == 1


def test_a_result_that_could_not_be_committed_counts_as_never_written(run, monkeypatch):
    """Its step is told as errored, with the one that waited before it, each of them once."""
    ScriptedEngine(monkeypatch, {3: fails()})
    add, refused = journal.add_result, []

    def refuse_once(run, result, **how):
        add(run, result, **how)
        if result.number == 3 and not refused:
            refused.append(result)
            raise IntegrityError("INSERT", {}, Exception("no"))

    monkeypatch.setattr(journal, "add_result", refuse_once)
    execute.play(run.id)
    assert states_of(run) == ["passed", "passed", "skipped", "errored"]
    run = again(run)
    assert (run.state, run.failed_step_number, run.steps_done) == (State.ERRORED, 3, 4)


def test_the_current_step_is_the_next_that_is_played_and_none_after_a_failure(run, monkeypatch):
    places, claim = [], journal.Journal._claim

    def claimed(self, place):
        places.append(place)
        claim(self, place)

    monkeypatch.setattr(journal.Journal, "_claim", claimed)
    ScriptedEngine(monkeypatch, {3: fails()})
    execute.play(run.id)
    assert places == [1, 3, None, None]
