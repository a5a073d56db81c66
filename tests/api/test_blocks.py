"""Blocks, shared steps and the ways in which a step is played, over the API."""

import pytest

from tests.api.test_races import PROGRAMS, at_once
from tests.factories import make_flow
from tests.flows.trees import steps_of, uid_of

CLICK = {"action": "click", "selector_xpath": "//a"}
WAYS = {
    "on_failure": "soft",
    "always": True,
    "retries": 3,
    "picture": False,
    "heals": False,
    "timeout_seconds": 7.5,
}
TREE = "click One\ngroup Two\n  click Three\nif Four\n  click Five\nelse Six"


def fields(refused):
    return {error["field"]: error["detail"] for error in refused.json["errors"]}


def steps(api, flow_id):
    return api.get(f"/flows/{flow_id}/steps").json["steps"]


def names(api, flow_id):
    return [step["name"] for step in steps(api, flow_id)]


def test_the_ways_of_a_step_are_taken_answered_and_sent_back(api):
    flow_id = api.make_flow({**CLICK, **WAYS})
    [step] = steps(api, flow_id)
    assert {name: step[name] for name in WAYS} == WAYS
    assert api.put(f"/flows/{flow_id}/steps", [step]).json["steps"] == [step]
    one = f"/flows/{flow_id}/steps/{step['uid']}"
    assert api.patch(one, {"retries": 0}).json["on_failure"] == "soft"
    plain = api.put(one, CLICK).json
    assert (plain["on_failure"], plain["always"], plain["picture"]) == ("stop", False, True)
    assert (plain["retries"], plain["heals"]) == (0, None)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("on_failure", "explode", "stop"),
        ("retries", 11, "10 or less"),
        ("retries", "2", "whole number"),
        ("always", "yes", "true or false"),
        ("picture", 0, "true or false"),
        ("heals", "no", "true or false"),
        ("on_fail", "soft", "no such field"),
        ("name", "Pay\u202enow", "invisible character"),
        ("timeout_seconds", 301, "300"),
    ],
)
def test_a_way_that_is_none_is_named(api, field, value, said):
    refused = api.post(f"/flows/{api.make_flow()}/steps", {**CLICK, field: value})
    assert refused.status_code == 422 and said in fields(refused)[field]


def test_every_kind_of_locator_is_taken(api):
    from webapp.flows.editor.kinds import KINDS

    locators = [{"by": kind.by, "value": kind.example} for kind in KINDS]
    flow_id = api.make_flow({"action": "click", "locators": locators})
    assert steps(api, flow_id)[0]["locators"] == locators


def test_a_tree_is_sent_answered_and_sent_back(api):
    flow_id = api.make_flow(*steps_of(TREE))
    tree = steps(api, flow_id)
    assert [step["parent"] for step in tree] == [
        None, None, uid_of("Two"), None, uid_of("Four"), None,
    ]  # fmt: skip
    assert api.put(f"/flows/{flow_id}/steps", tree).json["steps"] == tree


@pytest.mark.parametrize(
    ("tree", "place", "said"),
    [
        ("click One\nelse Two", "steps[1].parent", "stands directly behind “If”"),
        ("click One\n  click Two", "steps[1].parent", "is no block"),
    ],
)
def test_what_does_not_stand_right_is_refused_at_its_step(api, tree, place, said):
    flow_id = api.make_flow()
    for send in (api.put, api.post):
        refused = send(f"/flows/{flow_id}/steps", steps_of(tree))
        assert refused.status_code == 422 and said in fields(refused)[place]
        assert "Step 2:" in fields(refused)[place]
    assert steps(api, flow_id) == []


def test_a_single_step_is_refused_by_its_field(api):
    flow_id = api.make_flow(*steps_of(TREE))
    one = f"/flows/{flow_id}/steps/{uid_of('One')}"
    refused = api.patch(one, {"parent": uid_of("Four")})
    assert refused.status_code == 422 and "stands apart" in fields(refused)["parent"]
    torn = api.patch(f"/flows/{flow_id}/steps/{uid_of('Two')}", {"number": 99})
    assert torn.status_code == 422 and "Step 3:" in fields(torn)["steps"]
    assert names(api, flow_id) == ["One", "Two", "Three", "Four", "Five", "Six"]


def test_deleting_a_block_deletes_what_it_holds(api):
    flow_id = api.make_flow(*steps_of(TREE))
    assert api.delete(f"/flows/{flow_id}/steps/{uid_of('Four')}").status_code == 204
    assert names(api, flow_id) == ["One", "Two", "Three"]


def test_an_address_that_is_never_visited_is_refused(api):
    flow_id = api.make_flow()
    bad = {"action": "open", "content": "http://169.254.169.254/"}
    refused = api.post(f"/flows/{flow_id}/steps", [CLICK, bad])
    assert refused.status_code == 422 and "never visit" in fields(refused)["steps[1].content"]


def test_a_step_longer_than_its_run_is_refused(api):
    flow_id = api.make_flow()
    api.patch(f"/flows/{flow_id}", {"run_timeout_seconds": 20})
    refused = api.post(f"/flows/{flow_id}/steps", {**CLICK, "timeout_seconds": 30})
    assert "stopped after 20 s" in fields(refused)["timeout_seconds"]


def test_a_password_in_an_address_is_refused(api):
    refused = api.post("/flows", {"name": "A", "url": "https://a:b@example.org/"})
    assert refused.status_code == 422 and "password" in fields(refused)["url"]


def test_shared_steps_and_their_circles(api):
    part = api.make_flow(CLICK)
    whole = api.make_flow({"action": "shared", "options": {"flow": part}})
    refused = api.post(f"/flows/{part}/steps", {"action": "shared", "options": {"flow": whole}})
    assert "would be a part of itself" in fields(refused)["options.flow"]
    kept = api.delete(f"/flows/{part}")
    assert kept.status_code == 409 and kept.json["used_by"] == [whole]
    assert kept.json["type"] == "urn:lamplighter:problem:flow-used"
    copy = api.post(f"/flows/{whole}/duplicate").json["id"]
    assert api.delete(f"/flows/{part}").json["used_by"] == [whole, copy]
    for flow_id in (whole, copy, part):
        assert api.delete(f"/flows/{flow_id}").status_code == 204


def test_a_strangers_flow_is_no_part(api, charlie):
    theirs = make_flow(charlie).id
    flow_id = api.make_flow()
    shared = {"action": "shared", "options": {"flow": theirs}}
    refused = api.post(f"/flows/{flow_id}/steps", shared)
    assert refused.status_code == 422
    assert f"There is no flow {theirs} that belongs to you" in fields(refused)["options.flow"]


def test_flows_that_take_each_other_in_at_once_make_no_circle(app, api):
    flows = [api.make_flow(CLICK) for _ in range(PROGRAMS)]

    def take_next(program, number):
        part = flows[(number + 1) % PROGRAMS]
        step = {"action": "shared", "options": {"flow": part}}
        return program.post(f"/flows/{flows[number]}/steps", step)

    answers = at_once(app, api, take_next)
    assert sorted(answer.status_code for answer in answers) == [201] * (PROGRAMS - 1) + [422]


def test_a_flow_is_not_deleted_while_another_takes_it_in(app, api):
    part, *wholes = [api.make_flow(CLICK) for _ in range(PROGRAMS)]
    shared = {"action": "shared", "options": {"flow": part}}

    def race(program, number):
        if number == 0:
            return program.delete(f"/flows/{part}")
        return program.post(f"/flows/{wholes[number - 1]}/steps", shared)

    deleted, *taken = (answer.status_code for answer in at_once(app, api, race))
    assert deleted in {204, 409} and set(taken) <= {201, 422}
    assert (201 in taken) == (deleted == 409)
