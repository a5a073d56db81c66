"""Proposals for healed steps, and how durable locators are, over the API."""

import pytest

from tests.factories import make_flow, make_run
from webapp.extensions import db
from webapp.flows import healing
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.flows.healing import proposals
from webapp.runs.states import State

A, B = {"by": "css", "value": "li:nth-child(2)"}, {"by": "test_id", "value": "buy"}
WHY = "Found by test id “buy”. CSS li:nth-child(2): no such element."


@pytest.fixture
def flow(alice):
    steps = (
        {"number": 1, "action": "wait", "content": "0"},
        {"number": 2, "action": "click", "locators": [A, B]},
    )
    flow = make_flow(alice, steps)
    healing.propose(
        project_id=flow.project_id,
        flow_id=flow.id,
        step=closed_steps(current_version(flow))[1],
        winner=1,
        why=WHY,
        run_id=make_run(flow, State.RUNNING).id,
    )
    db.session.commit()
    return flow


def path(flow, verb: str) -> str:
    return f"/flows/{flow.id}/healings/{proposals(flow)[0].healing.id}/{verb}"


def test_they_are_listed(api, flow):
    answer = api.get(f"/flows/{flow.id}/healings")
    (item,) = answer.json["items"]
    assert (answer.json["version"], item["state"], item["why"]) == (1, "open", WHY)
    assert (item["step_number"], item["former"], item["proposed"]) == (2, [A, B], [B, A])


def test_one_is_accepted_and_undone(api, flow):
    accepted = api.post(path(flow, "accept"))
    assert (accepted.status_code, accepted.json["state"]) == (200, "accepted")
    assert accepted.headers["ETag"] == '"2"'
    assert api.get(f"/flows/{flow.id}/steps").json["steps"][1]["locators"] == [B, A]
    undone = api.post(path(flow, "undo"), json={})
    assert (undone.json["state"], undone.json["decided_at"]) == ("open", None)
    assert api.get(f"/flows/{flow.id}/steps").json["steps"][1]["locators"] == [A, B]


def test_one_is_rejected(api, flow):
    assert api.post(path(flow, "reject")).json["state"] == "rejected"
    again = api.post(path(flow, "undo"))
    assert (again.status_code, again.json["state"]) == (200, "open")


def test_what_cannot_be_done_says_why(api, flow):
    refused = api.post(path(flow, "undo"))
    assert (refused.status_code, refused.json["type"]) == (
        409,
        "urn:lamplighter:problem:healing-refused",
    )
    assert "Nothing was decided here yet" in refused.json["detail"]


def test_it_is_held_against_the_version(api, flow):
    answer = api.send("POST", path(flow, "accept"), headers={"If-Match": '"7"'})
    assert answer.status_code == 412
    assert proposals(flow)[0].state == "open"


@pytest.mark.parametrize("verb", ["accept", "reject", "undo"])
def test_a_stranger_finds_none(stranger, flow, verb):
    assert stranger.post(path(flow, verb)).status_code == 404
    assert stranger.get(f"/flows/{flow.id}/healings").status_code == 404
    assert stranger.get(f"/flows/{flow.id}/durability").status_code == 404


def test_each_locator_is_judged(api, flow):
    answer = api.get(f"/flows/{flow.id}/durability").json
    assert [one["number"] for one in answer["steps"]] == [2]
    first, second = answer["steps"][0]["locators"]
    assert (first["word"], second["word"]) == ("fragile", "durable")
    assert first["points"] < second["points"]
    assert first["reason"] == "It counts elements: with one more before it, it finds another."
