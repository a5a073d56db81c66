import json

import pytest

from tests.api.programs import CLICK, TYPE, fields
from webapp.extensions import db
from webapp.flows.models import Flow, FlowVersion

SECRET = {**TYPE, "content": "s3cret-value", "secret": True}


def numbers(api, flow_id):
    return [step["number"] for step in api.get(f"/flows/{flow_id}/steps").json["steps"]]


def only_step(api, flow_id):
    (step,) = api.get(f"/flows/{flow_id}/steps").json["steps"]
    return step


def test_one_step_or_a_list_is_appended(api):
    flow_id = api.make_flow()
    one = api.post(f"/flows/{flow_id}/steps", CLICK)
    assert one.status_code == 201
    (step,) = one.json["steps"]
    assert one.headers["Location"] == f"/api/v1/flows/{flow_id}/steps/{step['uid']}"
    more = api.post(f"/flows/{flow_id}/steps", [CLICK, TYPE])
    assert [step["number"] for step in more.json["steps"]] == [2, 3]
    assert numbers(api, flow_id) == [1, 2, 3]
    assert more.json["version"] == 3 and more.headers["ETag"] == '"3"'


def test_a_step_without_number_gets_the_next(api):
    flow_id = api.make_flow({**CLICK, "number": 5})
    api.post(f"/flows/{flow_id}/steps", [CLICK, {**CLICK, "number": 8}, CLICK])
    assert numbers(api, flow_id) == [5, 8, 9, 10]


def test_a_step_is_answered_with_its_locators_and_all_its_settings(api):
    flow_id = api.make_flow({"action": "tapping", "selector_xpath": "//input", "content": "Name"})
    step = only_step(api, flow_id)
    assert step["action"] == "type"
    assert step["locators"] == [{"by": "xpath", "value": "//input"}]
    assert step["content"] == "Name" and step["has_content"] is True
    assert step["options"] == {"append": False, "keys": False}
    assert step["enabled"] is True and step["secret"] is False
    assert step["title"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_number_that_comes_twice_is_named(api, method):
    flow_id = api.make_flow()
    twice = [{**CLICK, "number": 7}, CLICK, {**TYPE, "number": 7}]
    refused = api.send(method, f"/flows/{flow_id}/steps", json=twice)
    assert refused.status_code == 409
    assert fields(refused) == {"steps[2].number": "7 comes twice in the request."}
    assert numbers(api, flow_id) == []


def test_a_number_that_is_taken_is_named_with_its_step_and_the_next_free_one(api):
    flow_id = api.make_flow({**CLICK, "name": "Buy"})
    refused = api.post(f"/flows/{flow_id}/steps", {**TYPE, "number": 1})
    assert refused.status_code == 409
    assert fields(refused) == {"number": "1 is taken by the step “Buy”."}
    assert "next free number is 2" in refused.json["detail"]


def test_all_steps_are_replaced(api):
    flow_id = api.make_flow(CLICK, TYPE)
    kept = api.get(f"/flows/{flow_id}/steps").json["steps"][1]
    replaced = api.put(f"/flows/{flow_id}/steps", [{**kept, "number": 1}, {**CLICK, "number": 2}])
    assert replaced.status_code == 200
    assert [step["action"] for step in replaced.json["steps"]] == ["type", "click"]
    assert replaced.json["steps"][0]["uid"] == kept["uid"]
    assert api.put(f"/flows/{flow_id}/steps", []).json["steps"] == []


def test_what_was_answered_can_be_sent_back(api):
    flow_id = api.make_flow(CLICK, TYPE, SECRET, {"action": "open", "content": "/"})
    before = api.get(f"/flows/{flow_id}/steps").json["steps"]
    sent_back = api.put(f"/flows/{flow_id}/steps", before)
    assert sent_back.status_code == 200, sent_back.text
    assert sent_back.json["steps"] == before
    one = f"/flows/{flow_id}/steps/{before[0]['uid']}"
    assert api.put(one, before[0]).status_code == 200
    assert api.patch(one, {k: v for k, v in before[0].items() if k != "uid"}).status_code == 200


def test_a_single_step_is_read_changed_replaced_and_deleted(api):
    flow_id = api.make_flow(CLICK, TYPE)
    uid = api.get(f"/flows/{flow_id}/steps").json["steps"][0]["uid"]
    one = f"/flows/{flow_id}/steps/{uid}"
    assert api.get(one).json["action"] == "click"
    changed = api.patch(one, {"name": "Buy", "enabled": False, "timeout_seconds": 2.5}).json
    assert (changed["name"], changed["enabled"], changed["timeout_seconds"]) == ("Buy", False, 2.5)
    assert changed["locators"] == [{"by": "xpath", "value": "//button"}]
    replaced = api.put(one, TYPE).json
    assert (replaced["uid"], replaced["number"], replaced["name"]) == (uid, 1, "")
    assert replaced["enabled"] is True
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    assert numbers(api, flow_id) == [1]


def test_seconds_and_counts_may_be_numbers(api):
    flow_id = api.make_flow({"action": "wait", "content": 2})
    assert only_step(api, flow_id)["content"] == "2"


def test_a_step_can_become_another_action(api):
    flow_id = api.make_flow({**TYPE, "options": {"append": True}})
    one = f"/flows/{flow_id}/steps/{only_step(api, flow_id)['uid']}"
    changed = api.patch(one, {"action": "click", "content": None})
    assert changed.status_code == 200
    assert "append" not in changed.json["options"]


def test_a_moved_step_cannot_take_the_number_of_another(api):
    flow_id = api.make_flow(CLICK, TYPE)
    uid = api.get(f"/flows/{flow_id}/steps").json["steps"][0]["uid"]
    refused = api.patch(f"/flows/{flow_id}/steps/{uid}", {"number": 2})
    assert refused.status_code == 409 and "number" in fields(refused)
    assert api.patch(f"/flows/{flow_id}/steps/{uid}", {"number": 1}).status_code == 200
    assert api.patch(f"/flows/{flow_id}/steps/{uid}", {"number": 3}).status_code == 200
    assert numbers(api, flow_id) == [2, 3]


def test_a_secret_goes_in_and_never_comes_out(api):
    flow_id = api.make_flow(SECRET)
    uid = only_step(api, flow_id)["uid"]
    one = f"/flows/{flow_id}/steps/{uid}"
    for answer in (
        api.get(f"/flows/{flow_id}/steps"),
        api.get(one),
        api.patch(one, {"name": "Password"}),
        api.put(f"/flows/{flow_id}/steps", [only_step(api, flow_id)]),
    ):
        assert answer.status_code == 200
        step = answer.json["steps"][0] if "steps" in answer.json else answer.json
        assert (step["content"], step["secret"], step["has_content"]) == (None, True, True)
        assert "s3cret-value" not in answer.text
    bodies = db.session.query(FlowVersion.body).all()
    assert "s3cret-value" not in json.dumps([body for (body,) in bodies])


def test_a_secret_stays_until_it_is_sent_again(app, api):
    from webapp.flows.bodies import open_body
    from webapp.flows.editing import current_version

    flow_id = api.make_flow(SECRET)
    one = f"/flows/{flow_id}/steps/{only_step(api, flow_id)['uid']}"

    def kept():
        return open_body(current_version(db.session.get_one(Flow, flow_id))).steps[0].content

    api.patch(one, {"content": None, "name": "Password"})
    assert kept() == "s3cret-value"
    api.patch(one, {"content": "newer"})
    assert kept() == "newer"


def test_a_secret_cannot_be_made_readable(api):
    flow_id = api.make_flow(SECRET)
    uid = only_step(api, flow_id)["uid"]
    refused = api.patch(f"/flows/{flow_id}/steps/{uid}", {"secret": False})
    assert refused.status_code == 422 and "content" in fields(refused)
    shown = api.patch(f"/flows/{flow_id}/steps/{uid}", {"secret": False, "content": "plain"}).json
    assert shown["content"] == "plain"


def test_a_secret_of_another_flow_is_not_taken_over(api):
    known = only_step(api, api.make_flow(SECRET))
    other = api.make_flow()
    refused = api.put(f"/flows/{other}/steps", [known])
    assert refused.status_code == 422 and "steps[0].content" in fields(refused)


@pytest.mark.parametrize(
    ("step", "field", "said"),
    [
        ({"action": "klick", "selector_xpath": "//a"}, "action", "klick"),
        ({"selector_xpath": "//a"}, "action", "missing"),
        ({"action": 5}, "action", "found the number 5"),
        ({"action": "click", "selector_xpath": "//button["}, "selector_xpath", "10"),
        ({"action": "click", "locators": [{"by": "css", "value": "a["}]}, "locators[0].value", ""),
        ({"action": "click", "locators": [{"by": "smell", "value": "a"}]}, "locators[0].by", "css"),
        ({"action": "click", "locators": [{"by": "css"}]}, "locators[0].value", "missing"),
        ({"action": "click", "locators": {"by": "css"}}, "locators", "a list, found an object"),
        (
            {**CLICK, "locators": [{"by": "id", "value": "a", "x": 1}], "selector_xpath": None},
            "locators[0].x",
            "known are by, value",
        ),
        ({"action": "click"}, "locators", ""),
        ({"action": "type", "selector_xpath": "//a"}, "content", ""),
        ({**TYPE, "content": 5}, "content", "Expected a text, found the number 5"),
        ({**CLICK, "number": "1"}, "number", "found the text “1”"),
        ({**CLICK, "number": 0}, "number", "1 or more, found 0"),
        ({**CLICK, "number": -3}, "number", "1 or more"),
        ({**CLICK, "number": 2**70}, "number", "or less"),
        ({**CLICK, "number": 1.5}, "number", "whole number"),
        ({**CLICK, "enabled": 1}, "enabled", "true or false"),
        ({**CLICK, "timeout_seconds": 1000}, "timeout_seconds", "300"),
        ({**CLICK, "options": []}, "options", "an object, found a list"),
        ({**TYPE, "options": {"apend": True}}, "options.apend", "append"),
        ({**TYPE, "options": {"append": "yes"}}, "options.append", "found the text “yes”"),
        ({**TYPE, "options": {"append": 1}}, "options.append", "true or false"),
        ({"action": "open", "selector_xpath": "//a", "content": "/"}, "locators", "no element"),
        ({**CLICK, "locators": [{"by": "id", "value": "a"}]}, "selector_xpath", "not both"),
        ({"action": "wait", "content": "soon"}, "content", "seconds"),
        (
            {
                "action": "assert_text",
                "selector_xpath": "//a",
                "content": "(",
                "options": {"match": "matches"},
            },
            "content",
            "",
        ),
        ({**CLICK, "selektor": "//a"}, "selektor", "selector_xpath"),
        ({**CLICK, "secret": True}, "secret", ""),
        ({**CLICK, "uid": "../../etc"}, "uid", ""),
        ({**CLICK, "name": "n" * 201}, "name", "200 characters, found 201"),
    ],
)
def test_a_mistake_in_a_step_is_named_with_its_place(api, step, field, said):
    flow_id = api.make_flow()
    alone = api.post(f"/flows/{flow_id}/steps", step)
    assert alone.status_code == 422, alone.text
    assert field in fields(alone)
    assert said in fields(alone)[field]
    listed = api.post(f"/flows/{flow_id}/steps", [CLICK, CLICK, step])
    assert listed.status_code == 422
    assert f"steps[2].{field}" in fields(listed)
    assert numbers(api, flow_id) == []


@pytest.mark.parametrize("body", [[], "click", 5, None, True, [[CLICK]], ["click"], [None]])
def test_what_is_no_step_is_refused(api, body):
    flow_id = api.make_flow()
    refused = api.post(f"/flows/{flow_id}/steps", data=json.dumps(body), json=None,
                       content_type="application/json")  # fmt: skip
    assert refused.status_code == 422
    assert "xpected" in refused.json["detail"]


def test_ten_thousand_steps_are_too_many(api):
    flow_id = api.make_flow(CLICK)
    many = [{"action": "click", "selector_xpath": "//a"}] * 10_000
    for send in (api.post, api.put):
        refused = send(f"/flows/{flow_id}/steps", many)
        assert refused.status_code == 422
        assert "500" in fields(refused)["steps"]


def test_five_hundred_steps_are_not_too_many_but_one_more_is(api):
    flow_id = api.make_flow(*[CLICK] * 499)
    assert api.post(f"/flows/{flow_id}/steps", CLICK).status_code == 201
    refused = api.post(f"/flows/{flow_id}/steps", CLICK)
    assert refused.status_code == 422 and "501" in fields(refused)["steps"]


def test_one_megabyte_of_text_is_refused_by_name(api):
    flow_id = api.make_flow()
    long = "x" * 1_000_000
    for step, field in (
        ({**CLICK, "name": long}, "name"),
        ({**CLICK, "action": long}, "action"),
        ({**CLICK, "selector_xpath": long}, "selector_xpath"),
        ({**TYPE, "content": long}, "content"),
    ):
        refused = api.post(f"/flows/{flow_id}/steps", step)
        assert refused.status_code == 422
        assert field in fields(refused)
        assert len(refused.data) < 2_000
