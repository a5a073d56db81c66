"""A worker plays a run: what is written down, and how every kind of end is told."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow, make_run
from tests.runs.engine import PICTURE, ScriptedEngine, fails, hangs, loses_its_browser, waits
from webapp.artifacts.models import Artifact, Blob
from webapp.artifacts.store import store
from webapp.egress import EgressRefused
from webapp.extensions import db
from webapp.flows.editing import delete_flow
from webapp.flows.models import Flow
from webapp.live import bus
from webapp.live.models import LiveEvent
from webapp.runs import execute
from webapp.runs.cancelling import cancel
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State, StepState
from webapp.vault import SecretLost

STEPS = (
    {"number": 1, "action": "click", "locators": [{"by": "css", "value": "#buy"}]},
    {"number": 2, "action": "type", "locators": [{"by": "id", "value": "name"}], "content": "Ann"},
    {"number": 3, "action": "assert_title", "content": "Thanks", "name": "Thank you page"},
)


@pytest.fixture
def flow(alice):
    return make_flow(alice, STEPS, run_timeout_seconds=30.0)


@pytest.fixture
def run(flow):
    return make_run(flow)


def results_of(run):
    results = db.session.scalars(
        select(StepResult).where(StepResult.run_id == run.id).order_by(StepResult.ordinal)
    ).all()
    db.session.commit()
    return results


def states_of(run):
    return [(result.ordinal, result.number, result.state) for result in results_of(run)]


def events_of(run):
    return db.session.scalars(
        select(LiveEvent).where(LiveEvent.run_id == run.id).order_by(LiveEvent.id)
    ).all()


def again(run):
    db.session.expire_all()
    found = db.session.get_one(Run, run.id)
    db.session.commit()
    return found


def test_a_run_whose_steps_all_pass_has_passed(run, monkeypatch):
    engine = ScriptedEngine(monkeypatch)
    execute.play(run.id)
    assert states_of(run) == [(n, n, StepState.PASSED) for n in range(4)]
    run = again(run)
    assert (run.state, run.verdict, run.error) == (State.PASSED, None, None)
    assert (run.steps_done, run.steps_total, run.current_ordinal) == (4, 4, None)
    assert (run.browser_name, run.browser_version) == ("Chromium", "156.0")
    assert run.worker
    assert engine.browser.is_closed


def test_a_flow_that_opens_an_address_itself_has_no_step_0(alice, monkeypatch):
    ScriptedEngine(monkeypatch)
    run = make_run(make_flow(alice))
    execute.play(run.id)
    assert states_of(run) == [(0, 1, StepState.PASSED), (1, 2, StepState.PASSED)]
    assert again(run).steps_total == 2


def test_a_failing_step_ends_the_run_and_the_rest_is_skipped(run, monkeypatch):
    ScriptedEngine(monkeypatch, {2: fails()})
    execute.play(run.id)
    assert [state for _, _, state in states_of(run)] == ["passed", "passed", "failed", "skipped"]
    run = again(run)
    assert run.state == State.FAILED
    assert run.error == "The button is not on the page."
    assert (run.failed_step_number, run.failed_step_name) == (2, results_of(run)[2].name)
    assert run.steps_done == 4


def test_a_step_that_is_switched_off_is_skipped(alice, monkeypatch):
    ScriptedEngine(monkeypatch)
    run = make_run(make_flow(alice, (STEPS[0], {**STEPS[1], "enabled": False}, STEPS[2])))
    execute.play(run.id)
    assert [state for _, _, state in states_of(run)] == ["passed", "passed", "skipped", "passed"]
    assert again(run).state == State.PASSED


def test_every_picture_is_kept_once_and_shown_by_its_step(run, monkeypatch):
    ScriptedEngine(monkeypatch)
    execute.play(run.id)
    artifacts = db.session.scalars(select(Artifact)).all()
    assert len(artifacts) == 4
    assert len({result.screenshot_id for result in results_of(run)}) == 4
    blob = db.session.scalars(select(Blob)).one()
    assert store().get(blob.sha256) == PICTURE


def test_a_full_disk_costs_the_picture_and_not_the_step(run, monkeypatch):
    ScriptedEngine(monkeypatch, {2: fails()})

    def is_full(content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store(), "put", is_full)
    execute.play(run.id)
    results = results_of(run)
    assert [result.state for result in results] == ["passed", "passed", "failed", "skipped"]
    assert results[0].screenshot_id is None
    assert results[0].screenshot_note == "The picture could not be kept: No space left on device."
    assert again(run).state == State.FAILED


def test_events_tell_every_step_as_the_wire_contract_names_it(run, monkeypatch):
    ScriptedEngine(monkeypatch, {2: fails()})
    execute.play(run.id)
    events = events_of(run)
    assert [event.type for event in events] == [
        "run.queued", "test.started", "test.result", "test.result", "test.result", "test.failed",
        "test.result", "test.completed",
    ]  # fmt: skip
    passed, failed = events[2], events[5]
    assert passed.data == {
        "framework": "selenium-chrome",
        "testName": "Open “https://shop.example.org/”",
        "suite": None,
        "status": "passed",
        "duration": 5,
        "file": "Checkout",
        "line": 0,
        "place": "0",
        "position": 0,
        "iteration": None,
        "assertions": 0,
        "screenshot": f"/artifacts/{results_of(run)[0].screenshot_id}",
    }
    assert failed.data["status"] == "failed"
    assert failed.data["line"] == 2
    assert failed.data["error"] == {
        "message": "The button is not on the page.",
        "type": "StepFailed",
        "stack": None,
    }
    summary = events[-1].data["summary"]
    assert (summary["total"], summary["passed"], summary["failed"], summary["skipped"]) == (
        4, 2, 1, 1,
    )  # fmt: skip


def test_progress_is_told_as_each_step_begins(run, monkeypatch):
    told = []
    monkeypatch.setattr(bus, "tell", lambda kind, project, data, **ids: told.append((kind, data)))
    ScriptedEngine(monkeypatch)
    execute.play(run.id)
    assert [kind for kind, _ in told] == ["test.progress"] * 4
    assert [data["progress"] for _, data in told] == [0, 0.25, 0.5, 0.75]
    assert told[3][1]["testName"] == "Thank you page"


def test_no_transaction_is_open_while_the_browser_works(run, monkeypatch):
    """On SQLite an open one takes the writers' turn from everybody else."""
    seen = []

    def look(stop, browser):
        seen.append(db.session().in_transaction())

    ScriptedEngine(monkeypatch, {0: look, 1: look, 2: look, 3: look})
    execute.play(run.id)
    assert seen == [False] * 4


def test_a_run_is_played_once_however_often_it_is_asked_for(run, monkeypatch):
    engine = ScriptedEngine(monkeypatch)
    execute.play(run.id)
    execute.play(run.id)
    assert engine.opened == 1


def test_a_run_that_does_not_exist_is_no_error(database, monkeypatch):
    engine = ScriptedEngine(monkeypatch)
    execute.play(4711)
    assert engine.opened == 0


def test_a_lost_browser_is_our_fault_and_no_failure_of_the_site(run, monkeypatch):
    ScriptedEngine(monkeypatch, {2: loses_its_browser})
    execute.play(run.id)
    assert [state for _, _, state in states_of(run)] == ["passed", "passed", "errored", "skipped"]
    run = again(run)
    assert (run.state, run.failed_step_number) == (State.ERRORED, 2)
    assert run.error == "The browser ended in the middle of a step."
    assert [e.data["status"] for e in events_of(run) if e.type == "test.failed"] == ["error"]


@pytest.mark.parametrize(
    "error", [SecretLost("The key is gone."), EgressRefused("That address is refused.")]
)
def test_what_cannot_be_played_is_errored_with_its_sentence(run, monkeypatch, error):
    engine = ScriptedEngine(monkeypatch)

    def refuse(settings):
        raise error

    monkeypatch.setattr(execute, "open_browser", refuse)
    execute.play(run.id)
    run = again(run)
    assert (run.state, run.error) == (State.ERRORED, str(error))
    assert [state for _, _, state in states_of(run)] == ["skipped"] * 4
    assert engine.opened == 0


def test_a_fault_of_ours_is_told_as_one_and_logged(run, monkeypatch, caplog):
    def breaks(stop, browser):
        raise KeyError("surprise")

    engine = ScriptedEngine(monkeypatch, {1: breaks})
    execute.play(run.id)
    run = again(run)
    assert run.state == State.ERRORED
    assert run.error == "A fault of Lamplighter: KeyError: 'surprise'"
    assert run.failed_step_number == 1
    assert "Traceback" in caplog.text
    assert engine.browser.is_closed


@pytest.mark.parametrize("scene", [hangs, waits])
def test_a_run_is_cancelled_even_inside_a_call_that_hangs(app, run, monkeypatch, scene):
    def cancelled_by_alice(stop, browser):
        with app.app_context():
            cancel(db.session.get_one(Run, run.id), "Alice")
            db.session.commit()
        scene(stop, browser)

    engine = ScriptedEngine(monkeypatch, {2: cancelled_by_alice})
    execute.play(run.id)
    assert [state for _, _, state in states_of(run)] == ["passed", "passed", "cancelled", "skipped"]
    here = results_of(run)[2]
    assert (here.error, here.started_at is not None) == ("Cancelled by Alice.", True)
    assert 0 <= here.duration_ms < 3000
    run = again(run)
    assert (run.state, run.error) == (State.CANCELLED, "Cancelled by Alice.")
    assert run.failed_step_number is None
    assert run.duration_ms < 3000
    assert engine.browser.is_closed
    assert events_of(run)[-1].type == "run.cancelled"


@pytest.mark.parametrize("scene", [hangs, waits])
def test_a_run_whose_time_is_over_names_the_step_it_was_at(alice, monkeypatch, scene):
    run = make_run(make_flow(alice, STEPS, run_timeout_seconds=1.0))
    ScriptedEngine(monkeypatch, {2: scene})
    execute.play(run.id)
    assert [state for _, _, state in states_of(run)] == ["passed", "passed", "failed", "skipped"]
    run = again(run)
    assert (run.state, run.failed_step_number) == (State.TIMED_OUT, 2)
    assert run.error.startswith("The time of this run, 1 s, was over during step 2: ")
    assert run.duration_ms < 3500


def test_a_run_that_is_deleted_while_it_plays_stops_quietly(app, flow, run, monkeypatch, caplog):
    flow_id, run_id = flow.id, run.id

    def somebody_deletes_the_flow(stop, browser):
        with app.app_context():
            delete_flow(db.session.get_one(Flow, flow_id))
            db.session.commit()

    engine = ScriptedEngine(monkeypatch, {1: somebody_deletes_the_flow})
    execute.play(run_id)
    assert engine.browser.is_closed
    assert db.session.get(Run, run_id) is None
    assert "ERROR" not in {record.levelname for record in caplog.records}


def test_a_worker_that_was_given_up_writes_nothing_any_more(app, run, monkeypatch):
    def the_reaper_closes_it(stop, browser):
        with app.app_context():
            db.session.query(Run).update({"state": State.ERRORED, "error": "lost"})
            db.session.commit()

    engine = ScriptedEngine(monkeypatch, {2: the_reaper_closes_it})
    execute.play(run.id)
    run = again(run)
    assert (run.state, run.error) == (State.ERRORED, "lost")
    assert len(results_of(run)) == 2
    assert engine.browser.is_closed


def test_signs_that_no_database_takes_are_replaced(run, monkeypatch):
    ScriptedEngine(monkeypatch, {1: fails(found="a\x00b \ud83d c", page_title="\x00")})
    execute.play(run.id)
    result = results_of(run)[1]
    assert result.found == "a\ufffdb ? c"
    assert result.page_title == "\ufffd"


def test_the_run_has_no_longer_than_its_time(run, monkeypatch):
    engine = ScriptedEngine(monkeypatch)
    execute.play(run.id)
    left = engine.plan.run_deadline - again(run).started_at
    assert 29 < left.total_seconds() < 31
