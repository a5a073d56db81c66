"""Runs of flows with shared steps, loops and failures that the flow allows."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow, make_run, project_of
from tests.runs.engine import ScriptedEngine, fails, waits
from tests.runs.trees import (
    click,
    make_hasty_flow,
    make_login,
    page_with,
    play,
    repeat,
    shared,
    uid,
)
from webapp import clock
from webapp.browser.steps import parse_step
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import kept_values
from webapp.live import bus
from webapp.live.models import LiveEvent
from webapp.runs import execute
from webapp.runs.log import log_of, plan_of
from webapp.runs.models import Run, RunChange, StepResult
from webapp.runs.planning import Taken, planned_steps, take, taken_by
from webapp.runs.reaping import LOST_AFTER, reap_lost
from webapp.runs.states import State, StepState


def results_of(run):
    wanted = select(StepResult).where(StepResult.run_id == run.id).order_by(StepResult.ordinal)
    return db.session.scalars(wanted).all()


def change(flow, alice, *steps):
    kept = [kept_values(parse_step(dict(step))) for step in steps]
    editing.save(flow, alice, expected=flow.version_number, steps=kept)
    db.session.commit()


@pytest.fixture
def login(alice):
    return make_login(alice)


@pytest.fixture
def shop(alice, login):
    steps = (shared(1, login), click(2, "#buy"))
    return make_flow(alice, steps, name="Shop", step_timeout_seconds=0.1)


# ---- Shared steps ----


def test_shared_steps_are_played_in_their_place(shop, monkeypatch):
    run = play(shop, page_with("#name", "#pass", "#buy"), monkeypatch)
    assert run.state == State.PASSED
    assert [(one.place, one.name, one.position) for one in results_of(run)][1:] == [
        ("1", "Log in", 1),
        ("1.1", "Click #name", 2),
        ("1.2", "Type password", 3),
        ("2", "Click #buy", 4),
    ]
    assert (run.steps_total, run.steps_done) == (5, 5)


def test_a_failure_in_a_shared_step_names_both(shop, monkeypatch):
    run = play(shop, page_with("#name", "#buy"), monkeypatch)
    assert (run.state, run.failed_step_number) == (State.FAILED, 1)
    assert run.failed_step_name == "Log in › Type password"


def test_a_run_is_shown_as_it_was_played_whatever_came_after(shop, login, alice, monkeypatch):
    run = play(shop, page_with("#name", "#pass", "#buy"), monkeypatch)
    before = [line.name for line in log_of(run).lines]
    change(login, alice, click(1, "#other"))
    assert [line.name for line in log_of(run).lines] == before
    assert [one.title for one in plan_of(run)][2:4] == ["Click #name", "Type password"]


def test_a_run_takes_its_versions_once_when_it_starts(shop, login, alice, monkeypatch):
    seen = []

    def edited_meanwhile(stop, browser):
        change(login, alice, click(1, "#other"))
        seen.extend(one.title for one in plan_of(db.session.get_one(Run, run.id)))
        db.session.commit()

    engine = ScriptedEngine(monkeypatch, {0: edited_meanwhile})
    run = make_run(shop)
    execute.play(run.id)
    assert "Type password" in seen and "Click #other" not in seen
    assert engine.plan.shared[login.id].version == 1
    reasons = select(RunChange.reason).where(RunChange.run_id == run.id)
    assert f"Plays flow {login.id} as version 1." in db.session.scalars(reasons).all()


def test_what_a_waiting_run_shows_is_the_newest(shop, login, alice):
    run = make_run(shop)
    change(login, alice, click(1, "#other"))
    assert "Click #other" in [one.title for one in plan_of(run)]


def test_flows_within_flows_are_found_and_strangers_are_not(alice, charlie, shop, login):
    outer = make_flow(alice, (shared(1, shop),), name="Outer")
    stolen = make_flow(charlie, (click(1, "#buy"),), name="Stolen")
    version = editing.current_version(stolen)
    version.body = {**version.body, "steps": [kept_values(parse_step(shared(1, shop)))]}
    db.session.commit()
    taken = take(editing.current_version(outer))
    assert sorted(taken.shared) == sorted([shop.id, login.id])
    assert [one.node.place for one in planned_steps(taken)] == [
        "0", "1", "1.1", "1.1.1", "1.1.2", "1.2",
    ]  # fmt: skip
    assert planned_steps(taken)[4].full_title == "Shop › Log in › Type password"
    assert take(editing.current_version(stolen)).shared == {}


def test_a_flow_that_came_to_share_itself_ends_with_a_sentence(alice, shop, login, monkeypatch):
    version = editing.current_version(login)
    steps = [kept_values(parse_step(shared(1, shop)))]
    version.body = {**version.body, "steps": steps}
    db.session.commit()
    run = play(shop, page_with(), monkeypatch)
    assert run.state == State.ERRORED
    assert "is a part of itself" in run.error


def test_secrets_of_a_shared_flow_are_open_for_playing_and_closed_for_showing(alice, monkeypatch):
    secret = {
        "number": 1, "action": "type", "locators": [{"by": "css", "value": "#pw"}],
        "content": "hunter2hunter2", "secret": True,
    }  # fmt: skip
    login = make_flow(alice, (secret,), name="Log in")
    engine = ScriptedEngine(monkeypatch)
    run = make_run(make_flow(alice, (shared(1, login),)))
    execute.play(run.id)
    assert engine.plan.shared[login.id].steps[0].content == "hunter2hunter2"
    run = db.session.get_one(Run, run.id)
    assert planned_steps(taken_by(run))[2].step.content is None
    told = " ".join(str(one.__dict__) for one in results_of(run))
    assert "hunter2hunter2" not in told


def test_a_lost_run_tells_the_step_within_the_shared_one(shop, monkeypatch):
    run = make_run(shop)
    taken = take(run.version)
    at = clock.now() - 2 * LOST_AFTER
    db.session.add(
        RunChange(
            project_id=run.project_id, run_id=run.id, old="queued", new="starting",
            reason=taken.words, told_at=at,
        )
    )  # fmt: skip
    run.state, run.current_ordinal, run.heartbeat_at = State.RUNNING, 3, at
    db.session.commit()
    reap_lost()
    db.session.expire_all()
    run = db.session.get_one(Run, run.id)
    assert "during step 1: Log in › Type password." in run.error
    assert (run.failed_step_number, run.failed_step_name) == (1, "Log in › Type password")


# ---- Loops ----


def test_the_count_of_steps_never_passes_their_number(alice, monkeypatch):
    told = []
    monkeypatch.setattr(bus, "tell", lambda kind, project, data, **ids: told.append(data))
    flow = make_flow(alice, (repeat(1, 4), click(2, "#add", parent=uid(1)), click(3, "#buy")))
    run = play(flow, page_with("#add", "#buy"), monkeypatch)
    assert (run.steps_done, run.steps_total) == (4, 4)
    assert len(results_of(run)) == 1 + 5 + 4 + 1
    progress = [data["progress"] for data in told if "progress" in data]
    assert progress == sorted(progress) and progress[-1] <= 1
    assert all(data["completed"] <= data["total"] for data in told)
    ended = db.session.scalars(select(LiveEvent).where(LiveEvent.type == "test.completed")).one()
    assert ended.data["summary"]["passed"] == ended.data["summary"]["total"] == 11


def test_every_round_has_its_place_in_the_log(alice, monkeypatch):
    flow = make_flow(alice, (repeat(1, 2), click(2, "#add", parent=uid(1))))
    run = play(flow, page_with("#add"), monkeypatch)
    lines = log_of(run).lines[1:]
    assert [(line.place, line.depth, line.round_words) for line in lines] == [
        ("1", 0, "round 1"),
        ("2", 1, "round 1"),
        ("1", 0, "round 2"),
        ("2", 1, "round 2"),
        ("1", 0, "after 2 rounds"),
    ]
    assert len({line.html_id for line in lines}) == 5


def test_while_it_is_on_a_loop_shows_its_newest_round(alice, monkeypatch):
    seen = []
    flow = make_flow(alice, (repeat(1, 3), click(2, "#add", parent=uid(1))))
    page = page_with("#add")

    def look():
        run = db.session.scalars(select(Run)).one()
        db.session.refresh(run)
        log = log_of(run)
        seen.append([(line.html_id, line.state, line.round_words) for line in log.lines])
        db.session.commit()

    page.on["click"] = look
    run = play(flow, page, monkeypatch)
    ids = [f"run-{run.id}-step-{position}" for position in range(3)]
    assert [[one[0] for one in look] for look in seen] == [ids] * 3
    assert [look[1][2] for look in seen] == ["round 1", "round 2", "round 3"]
    assert [look[2][1] for look in seen] == ["running"] * 3


def test_a_loop_that_is_stopped_says_in_which_round(alice, monkeypatch):
    run = make_run(make_flow(alice, (repeat(1, 2), click(2, "#add", parent=uid(1)))))
    ScriptedEngine(monkeypatch, {2: waits})
    monkeypatch.setattr(execute, "play_steps", _second_round(execute.play_steps))
    version = run.version
    version.body = {**version.body, "run_timeout_seconds": 1.0}
    db.session.commit()
    execute.play(run.id)
    db.session.expire_all()
    run = db.session.get_one(Run, run.id)
    assert (run.state, run.failed_step_number) == (State.TIMED_OUT, 2)
    here = results_of(run)[-1]
    assert (here.position, here.iteration, here.state) == (2, 2, StepState.FAILED)
    assert here.duration_ms > 0
    assert run.steps_done == run.steps_total == 3


def _second_round(play_steps):
    """Step 2 passes in the first round, and waits for ever in the second."""

    def play_them(plan, page, stop):
        from webapp.browser.plan import Began, Outcome

        opened, loop, inside = plan.written
        for ordinal, (node, turn) in enumerate([(opened, None), (loop, 1), (inside, 1), (loop, 2)]):
            yield Began(ordinal, node.step, node, turn)
            yield Outcome(ordinal, node.step, "passed", node, turn)
        yield Began(4, inside.step, inside, 2)
        stop.wait(20)

    return play_them


# ---- Failures that the flow allows ----


def test_a_degraded_run_passes_and_says_so(alice, monkeypatch):
    flow = make_hasty_flow(alice, (click(1, "#gone", on_failure="degraded"), click(2, "#buy")))
    run = play(flow, page_with("#buy"), monkeypatch)
    assert (run.state, run.is_degraded, run.shown_state) == (State.PASSED, True, "degraded")
    assert (run.failed_step_number, run.error) == (None, None)
    log = log_of(run)
    assert log.broken is None
    assert [line.place for line in log.also] == ["1"]


def test_an_optional_failure_changes_nothing(alice, monkeypatch):
    flow = make_hasty_flow(alice, (click(1, "#gone", on_failure="optional"), click(2, "#buy")))
    run = play(flow, page_with("#buy"), monkeypatch)
    assert (run.state, run.shown_state) == (State.PASSED, "passed")
    assert results_of(run)[1].state == StepState.FAILED


def test_the_first_soft_failure_is_named_when_the_run_ends(alice, monkeypatch):
    steps = (
        click(1, "#a", on_failure="optional"),
        click(2, "#b", on_failure="soft"),
        click(3, "#c", on_failure="soft"),
        click(4, "#buy"),
    )
    run = play(make_hasty_flow(alice, steps), page_with("#buy"), monkeypatch)
    assert (run.state, run.failed_step_number) == (State.FAILED, 2)
    assert [one.state for one in results_of(run)][1:] == ["failed", "failed", "failed", "passed"]
    log = log_of(run)
    assert log.broken.place == "2"
    assert [line.place for line in log.also] == ["1", "3"]


def test_a_healed_step_is_told_as_one(alice, monkeypatch):
    heals = {**click(1, "#old"), "locators": [
        {"by": "css", "value": "#old"}, {"by": "css", "value": "#new"},
    ]}  # fmt: skip
    run = play(make_flow(alice, (heals,)), page_with("#new"), monkeypatch)
    result = results_of(run)[1]
    assert (run.state, result.state) == (State.PASSED, StepState.HEALED)
    assert "#new" in result.healed
    told = select(LiveEvent).where(LiveEvent.type == "test.result").order_by(LiveEvent.id.desc())
    assert db.session.scalars(told.limit(1)).one().data["status"] == "healed"


def test_a_refusal_is_a_state_of_its_own(alice, monkeypatch):
    flow = make_flow(alice, (), url="http://169.254.169.254/latest/")
    run = play(flow, page_with(), monkeypatch)
    result = results_of(run)[0]
    assert (run.state, result.state, result.found) == (State.ERRORED, StepState.REFUSED, None)
    told = db.session.scalars(select(LiveEvent).where(LiveEvent.type == "test.failed")).one()
    assert (told.data["status"], told.data["error"]["type"]) == ("error", "EgressRefused")


def test_an_unplayed_run_shows_what_it_took_nothing_of(shop):
    run = make_run(shop, State.MISSED)
    assert taken_by(run) == Taken(run.version)
    assert [line.place for line in log_of(run).lines] == ["0", "1", "2"]


def test_step_names_stay_within_the_project(alice, shop):
    assert project_of(alice).id == shop.project_id
    assert fails()(None, None)["state"] == "failed"
