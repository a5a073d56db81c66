"""A healed step of a run becomes a proposal of the flow in which the step is written."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow, make_run
from tests.runs.engine import ScriptedEngine
from webapp.browser.locators import Locator
from webapp.extensions import db
from webapp.flows.healing import proposals
from webapp.flows.models import Healing
from webapp.runs import execute
from webapp.runs.models import StepResult

A, B = Locator(by="css", value="#a"), Locator(by="css", value="#b")
CLICK = {"number": 1, "action": "click", "locators": [A.model_dump(), B.model_dump()]}
WHY = "Found by CSS #b. CSS #a: no such element."


def heals(stop, browser):
    return {"state": "healed", "healed": WHY, "locator": B}


@pytest.fixture
def engine(monkeypatch):
    return ScriptedEngine(monkeypatch, {1: heals})


def test_a_healed_step_is_proposed_once_for_all_runs(alice, engine):
    flow = make_flow(alice, (CLICK,))
    runs = [make_run(flow) for _ in range(2)]
    for run in runs:
        execute.play(run.id)
    db.session.expire_all()
    (found,) = proposals(flow)
    assert (found.state, found.healing.why, found.healing.run_id) == ("open", WHY, runs[0].id)
    assert found.proposed == (B, A)
    result = db.session.scalars(select(StepResult).where(StepResult.step_uid != "address")).first()
    assert (result.state, result.healed) == ("healed", WHY)
    assert result.used_locator == B.model_dump()


def test_a_step_of_a_shared_flow_is_proposed_where_it_is_written(alice, engine, monkeypatch):
    shared = make_flow(alice, (CLICK,), name="Log in")
    steps = (
        {"number": 1, "action": "wait", "content": "0"},
        {"number": 2, "action": "shared", "options": {"flow": shared.id}},
    )
    flow = make_flow(alice, steps)

    def heals_there(stop, browser):
        return heals(stop, browser) if engine.now == "2.1" else None

    engine.scenes = {1: heals_there}
    seen = engine.play

    def play(plan, page, stop):
        places = iter([node.place for node in plan.written])
        engine.now = next(places)
        for event in seen(plan, page, stop):
            yield event
            if hasattr(event, "state"):
                engine.now = next(places, "")

    monkeypatch.setattr(execute, "play_steps", play)
    execute.play(make_run(flow).id)
    db.session.expire_all()
    assert proposals(flow) == []
    assert [one.proposed for one in proposals(shared)] == [(B, A)]


def test_a_step_with_variables_is_proposed_as_it_is_written(alice, monkeypatch):
    written = Locator(by="css", value="#{{ name }}")
    step = {**CLICK, "locators": [A.model_dump(), written.model_dump()]}

    def heals_filled(stop, browser):
        return {"state": "healed", "healed": WHY, "locator": B}

    engine = ScriptedEngine(monkeypatch, {1: heals_filled})
    flow = make_flow(alice, (step,))
    seen = engine.play

    def play(plan, page, stop):
        """As the player tells it: with its variables filled in."""
        for event in seen(plan, page, stop):
            filled = event.step.model_copy(update={"locators": (A, B)})
            yield event.__class__(**{**event.__dict__, "step": filled})

    monkeypatch.setattr(execute, "play_steps", play)
    execute.play(make_run(flow).id)
    db.session.expire_all()
    assert [one.proposed for one in proposals(flow)] == [(written, A)]


def test_a_flow_that_is_deleted_takes_its_proposals_along(alice, engine):
    flow = make_flow(alice, (CLICK,))
    execute.play(make_run(flow).id)
    db.session.expire_all()
    assert len(proposals(flow)) == 1
    db.session.delete(flow)
    db.session.commit()
    assert db.session.scalars(select(Healing)).all() == []
