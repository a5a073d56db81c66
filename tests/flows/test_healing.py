"""A run proposes another order of candidates; a person accepts it, rejects it, or undoes that."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import make_flow, make_run, project_of
from webapp.browser.locators import Locator
from webapp.browser.steps import Step
from webapp.extensions import db
from webapp.flows import editing, healing
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.flows.healing import HealingRefused, proposals
from webapp.flows.models import Healing
from webapp.runs.states import State

A, B, C = ({"by": "css", "value": value} for value in ("#a", "#b", "#c"))
STEPS = (
    {"number": 1, "action": "open", "content": "/"},
    {"number": 2, "action": "click", "locators": [A, B, C]},
)
WHY = "Found by CSS #c. CSS #a: no such element; CSS #b: it is disabled."


@pytest.fixture
def flow(alice):
    return make_flow(alice, STEPS)


def step_of(flow) -> Step:
    return closed_steps(current_version(flow))[1]


def order(flow) -> list[str]:
    return [one.value for one in step_of(flow).locators]


def propose(flow, winner: int = 2, step: Step | None = None, run: Any = None) -> None:
    run = run or make_run(flow, State.RUNNING)
    healing.propose(
        project_id=flow.project_id,
        flow_id=flow.id,
        step=step or step_of(flow),
        winner=winner,
        why=WHY,
        run_id=run.id,
    )
    db.session.commit()


def change(flow, locators: list[dict[str, str]]) -> None:
    def with_others(steps):
        steps[1]["locators"] = locators
        return steps

    editing.change_steps(flow, None, with_others, expected=flow.version_number)
    db.session.commit()


def only(flow) -> Healing:
    (found,) = proposals(flow)
    return found.healing


def test_the_candidate_that_found_it_is_proposed_first(flow):
    propose(flow)
    (found,) = proposals(flow)
    assert found.state == "open"
    assert [one.value for one in found.proposed] == ["#c", "#a", "#b"]
    assert [one.value for one in found.former] == ["#a", "#b", "#c"]
    assert found.healing.why == WHY
    assert order(flow) == ["#a", "#b", "#c"]


def test_the_same_is_proposed_once(flow):
    propose(flow)
    propose(flow)
    propose(flow, winner=1)
    assert [one.proposed[0].value for one in proposals(flow)] == ["#b", "#c"]


def test_accepting_makes_a_new_version(flow, alice):
    propose(flow)
    version = healing.accept(flow, alice, only(flow))
    db.session.commit()
    assert (version.number, version.created_by_id) == (2, alice.id)
    assert order(flow) == ["#c", "#a", "#b"]
    assert proposals(flow)[0].state == "accepted"


def test_accepting_is_undone(flow, alice):
    propose(flow)
    healing.accept(flow, alice, only(flow))
    assert healing.undo(flow, alice, only(flow)) is not None
    db.session.commit()
    assert order(flow) == ["#a", "#b", "#c"]
    assert proposals(flow)[0].state == "open"
    assert flow.version_number == 3


def test_rejecting_is_remembered(flow):
    propose(flow)
    healing.reject(flow, only(flow))
    db.session.commit()
    propose(flow)
    assert [one.state for one in proposals(flow)] == ["rejected"]
    assert flow.version_number == 1


def test_rejecting_is_undone(flow, alice):
    propose(flow)
    healing.reject(flow, only(flow))
    assert healing.undo(flow, alice, only(flow)) is None
    assert proposals(flow)[0].state == "open"


def test_it_lapses_when_the_step_is_changed(flow, alice):
    propose(flow)
    change(flow, [A, C])
    assert proposals(flow)[0].state == "lapsed"
    with pytest.raises(HealingRefused, match="Step 2 was changed since"):
        healing.accept(flow, alice, only(flow))
    with pytest.raises(HealingRefused, match="Step 2 was changed since"):
        healing.reject(flow, only(flow))
    change(flow, [A, B, C])
    assert proposals(flow)[0].state == "open"


def test_it_lapses_when_the_step_is_deleted(flow, alice):
    propose(flow)
    editing.delete_step(flow, alice, step_of(flow).uid, expected=1)
    db.session.commit()
    assert proposals(flow)[0].state == "lapsed"
    with pytest.raises(HealingRefused, match="The step was deleted since"):
        healing.accept(flow, alice, only(flow))


def test_what_was_accepted_cannot_be_undone_over_a_later_change(flow, alice):
    propose(flow)
    healing.accept(flow, alice, only(flow))
    change(flow, [C, A])
    assert not proposals(flow)[0].can_be_undone
    with pytest.raises(HealingRefused, match="Step 2 was changed since"):
        healing.undo(flow, alice, only(flow))


def test_nothing_is_decided_twice(flow, alice):
    propose(flow)
    with pytest.raises(HealingRefused, match="Nothing was decided here yet"):
        healing.undo(flow, alice, only(flow))
    healing.accept(flow, alice, only(flow))
    with pytest.raises(HealingRefused, match="accepted already"):
        healing.accept(flow, alice, only(flow))
    with pytest.raises(HealingRefused, match="accepted already"):
        healing.reject(flow, only(flow))


def test_nothing_is_proposed_for_a_step_that_was_changed_while_it_ran(flow):
    played = step_of(flow)
    change(flow, [B, A])
    propose(flow, step=played)
    assert proposals(flow) == []


def test_nothing_is_proposed_for_a_flow_of_others(flow, charlie):
    healing.propose(
        project_id=project_of(charlie).id,
        flow_id=flow.id,
        step=step_of(flow),
        winner=1,
        why=WHY,
        run_id=make_run(flow).id,
    )
    assert proposals(flow) == []


def test_the_secret_of_a_step_stays(alice):
    typing = {
        "number": 1,
        "action": "type",
        "locators": [A, B],
        "content": "hunter2 x",
        "secret": True,
    }
    flow = make_flow(alice, (typing,))
    sealed = current_version(flow).body["steps"][0]["sealed"]
    propose(flow, winner=1, step=closed_steps(current_version(flow))[0])
    healing.accept(flow, alice, only(flow))
    assert sealed and current_version(flow).body["steps"][0]["sealed"] == sealed


def test_any_place_of_the_winner_is_found_again(alice):
    locators = [Locator(by="id", value=str(number)).model_dump() for number in range(20)]
    flow = make_flow(alice, ({"number": 1, "action": "click", "locators": locators},))
    step = closed_steps(current_version(flow))[0]
    run = make_run(flow, State.RUNNING)
    for winner in range(1, 20):
        propose(flow, winner=winner, step=step, run=run)
    assert len(proposals(flow)) == 19
    assert all(one.former == step.locators for one in proposals(flow))


# ---- pages ----


def address(flow, verb: str) -> str:
    return f"/flows/{flow.id}/healings/{only(flow).id}/{verb}"


def test_the_editor_shows_it(as_alice, flow):
    assert "Healed steps" not in as_alice.get(f"/flows/{flow.id}").text
    propose(flow)
    page = as_alice.get(f"/flows/{flow.id}").text
    assert "Healed steps" in page
    assert WHY in page
    assert re.findall(r"/healings/\d+/(\w+)", page) == ["accept", "accept", "reject", "reject"]


def test_it_is_accepted_and_undone_on_the_page(as_alice, flow):
    propose(flow)
    done = as_alice.post(address(flow, "accept"), follow_redirects=True)
    assert "Accepted: the candidate that found the element comes first now." in done.text
    assert "1 decided" in done.text
    assert order(flow) == ["#c", "#a", "#b"]
    undone = as_alice.post(address(flow, "undo"), headers={"HX-Request": "true"})
    assert undone.status_code == 200
    assert "Undone" in undone.headers["HX-Trigger"]
    assert order(flow) == ["#a", "#b", "#c"]


def test_it_is_rejected_on_the_page(as_alice, flow):
    propose(flow)
    page = as_alice.post(address(flow, "reject"), follow_redirects=True).text
    assert "Rejected: this order is not proposed again." in page
    assert db.session.scalars(select(Healing.state)).all() == ["rejected"]


@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_the_page_says_why_not(as_alice, flow, verb):
    propose(flow)
    change(flow, [A, C])
    refused = as_alice.post(address(flow, verb))
    assert refused.status_code == 409
    assert "Step 2 was changed since" in refused.text
    assert "Healed steps" not in refused.text


@pytest.mark.parametrize("verb", ["accept", "reject", "undo"])
def test_a_stranger_finds_no_proposal(as_charlie, flow, verb):
    propose(flow)
    assert as_charlie.post(address(flow, verb)).status_code == 404
    assert order(flow) == ["#a", "#b", "#c"]
    assert proposals(flow)[0].state == "open"


@pytest.mark.parametrize("verb", ["accept", "reject", "undo"])
def test_a_proposal_is_found_below_its_own_flow_only(as_alice, alice, flow, verb):
    propose(flow)
    other = make_flow(alice, STEPS)
    path = f"/flows/{other.id}/healings/{only(flow).id}/{verb}"
    assert as_alice.post(path).status_code == 404
