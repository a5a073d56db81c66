import re

import pytest

from tests.api.programs import CLICK, SHOP, fields
from webapp.extensions import db
from webapp.flows.models import Flow, FlowVersion

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_flow_says_what_it_is_and_when_it_runs(api):
    flow = api.post("/flows", {**SHOP, "time_zone": "Europe/Berlin", "active": True}).json
    assert flow["scheduling"] == "0 * * * *"
    assert flow["scheduling_in_words"] == "Every hour"
    assert flow["time_zone"] == "Europe/Berlin"
    assert flow["version"] == 1
    for name in ("created_at", "updated_at", "next_at"):
        assert INSTANT.fullmatch(flow[name])


def test_a_flow_without_schedule_runs_only_when_asked(api):
    flow = api.post("/flows", {**SHOP, "scheduling": None, "active": True}).json
    assert flow["scheduling"] is flow["scheduling_in_words"] is flow["next_at"] is None
    assert flow["active"] is True


def test_a_change_touches_only_what_was_given(api):
    flow_id = api.make_flow(CLICK)
    changed = api.patch(f"/flows/{flow_id}", {"name": "Shop", "scheduling": "@daily"}).json
    assert (changed["name"], changed["scheduling"], changed["url"]) == (
        "Shop", "@daily", SHOP["url"],
    )  # fmt: skip
    assert changed["version"] == 3
    assert len(api.get(f"/flows/{flow_id}/steps").json["steps"]) == 1


def test_a_change_that_changes_nothing_makes_no_version(api):
    flow_id = api.make_flow()
    assert api.patch(f"/flows/{flow_id}", {"name": SHOP["name"]}).json["version"] == 1
    assert api.patch(f"/flows/{flow_id}", {}).json["version"] == 1


def test_pausing_takes_the_flow_off_the_clock(api):
    flow_id = api.make_flow(active=True)
    paused = api.patch(f"/flows/{flow_id}", {"active": False}).json
    assert paused["active"] is False and paused["next_at"] is None


def test_a_deleted_flow_is_gone(api):
    flow_id = api.make_flow()
    assert api.delete(f"/flows/{flow_id}").status_code == 204
    assert api.get(f"/flows/{flow_id}").status_code == 404
    assert api.delete(f"/flows/{flow_id}").status_code == 404
    assert db.session.query(FlowVersion).count() == 0


def test_a_duplicate_has_the_same_steps_and_is_paused(api):
    flow_id = api.make_flow(CLICK, active=True)
    copied = api.post(f"/flows/{flow_id}/duplicate")
    assert copied.status_code == 201
    copy = copied.json
    assert copied.headers["Location"].endswith(f"/flows/{copy['id']}")
    assert copy["id"] != flow_id and copy["active"] is False
    mine, its = (api.get(f"/flows/{one}/steps").json["steps"] for one in (flow_id, copy["id"]))
    assert [step["locators"] for step in mine] == [step["locators"] for step in its]


def test_flows_come_in_pages(api):
    ids = [api.make_flow(name=f"Flow {number}") for number in range(5)]
    seen, cursor = [], ""
    while True:
        page = api.get(f"/flows?limit=2{cursor}").json
        seen += [flow["id"] for flow in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ids


def test_flows_are_found_by_a_part_of_their_name(api):
    api.make_flow(name="Checkout")
    wanted = api.make_flow(name="100% off", active=True)
    assert [flow["id"] for flow in api.get("/flows?name=100%25").json["items"]] == [wanted]
    assert [flow["id"] for flow in api.get("/flows?active=true").json["items"]] == [wanted]


def test_the_etag_of_an_older_version_is_refused_and_says_which_is_newest(api):
    flow_id = api.make_flow()
    old = api.get(f"/flows/{flow_id}").headers["ETag"]
    first = api.patch(f"/flows/{flow_id}", {"name": "First"}, headers={"If-Match": old})
    assert first.status_code == 200 and first.headers["ETag"] == '"2"'
    second = api.patch(f"/flows/{flow_id}", {"name": "Second"}, headers={"If-Match": old})
    assert second.status_code == 412
    assert second.json["version"] == 2
    assert db.session.get_one(Flow, flow_id).name == "First"
    for method, path in (("DELETE", ""), ("POST", "/steps"), ("PUT", "/steps")):
        lost = api.send(method, f"/flows/{flow_id}{path}", json=[CLICK], headers={"If-Match": old})
        assert lost.status_code == 412


@pytest.mark.parametrize("etag", ["*", '"1"', '"0", "1"'])
def test_an_etag_that_matches_is_no_obstacle(api, etag):
    flow_id = api.make_flow()
    changed = api.patch(f"/flows/{flow_id}", {"name": "New"}, headers={"If-Match": etag})
    assert changed.status_code == 200


@pytest.mark.parametrize("given", ["garbage", "3", "", '"1', '"1" "2"', "*, *"])
def test_an_if_match_that_is_no_etag_is_told_apart_from_an_old_one(api, given):
    flow_id = api.make_flow(CLICK)
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/steps"), ("PUT", "/steps")):
        refused = api.send(
            method, f"/flows/{flow_id}{path}", json=[CLICK], headers={"If-Match": given}
        )
        assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
        assert refused.json["type"].endswith(":if-match-unreadable")
        assert 'Expected the ETag of a flow, such as “"3"”' in refused.json["detail"]
        assert refused.json["detail"].endswith(f"found {given or 'nothing'}.")


@pytest.mark.parametrize("etag", ['W/"1"', '"seven"', '"0", "7"'])
def test_an_etag_of_another_version_is_an_old_one(api, etag):
    flow_id = api.make_flow()
    refused = api.patch(f"/flows/{flow_id}", {"name": "New"}, headers={"If-Match": etag})
    assert refused.status_code == 412


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "at least 1 character"),
        ("name", "   ", "name"),
        ("name", "x" * 201, "201"),
        ("name", "y" * 1_000_000, "1,000,000"),
        ("name", 17, "Expected a text, found the number 17"),
        ("name", None, "found null"),
        ("url", "shop.example.org", "https://"),
        ("url", "ftp://shop.example.org/", "ftp"),
        ("url", "javascript:alert(1)", "://"),
        ("url", "http://169.254.169.254/latest/meta-data/", "metadata"),
        ("url", "https://", "names no host"),
        ("url", "https://shop.example.org/ here", "blank"),
        ("url", "https://x.example/" + "a" * 2000, "2,000"),
        ("browser", "netscape", "chrome"),
        ("scheduling", "61 * * * *", "Character 1"),
        ("scheduling", "* * * *", "five"),
        ("scheduling", 5, "found the number 5"),
        ("time_zone", "Europe/Atlantis", "Atlantis"),
        ("step_timeout_seconds", "10", "Expected a number, found the text “10”"),
        ("step_timeout_seconds", True, "found true"),
        ("step_timeout_seconds", 0, "0.1 or more, found 0"),
        ("step_timeout_seconds", 301, "300"),
        ("run_timeout_seconds", 10**400, "number"),
        ("active", 1, "true or false"),
        ("active", "yes", "true or false"),
    ],
)
def test_a_wrong_value_is_named_with_its_field(api, field, value, said):
    refused = api.post("/flows", {**SHOP, field: value})
    assert refused.status_code == 422
    assert list(fields(refused)) == [field]
    assert said in fields(refused)[field]
    flow_id = api.make_flow()
    refused = api.patch(f"/flows/{flow_id}", {field: value})
    assert refused.status_code == 422 and said in fields(refused)[field]


def test_all_mistakes_are_named_at_once(api):
    refused = api.post("/flows", {"url": 1, "browser": None, "colour": "red"})
    assert fields(refused).keys() == {"name", "url", "browser", "colour"}
    assert fields(refused)["name"] == "This field is missing."
    assert "known are name, url, browser, scheduling" in fields(refused)["colour"]


def test_a_private_address_is_refused_where_the_operator_says_so(app, api, monkeypatch, config):
    from dataclasses import replace

    monkeypatch.setitem(app.config, "LAMPLIGHTER", replace(config, allow_private_networks=False))
    refused = api.post("/flows", {**SHOP, "url": "http://192.168.1.1/"})
    assert refused.status_code == 422
    assert "private network" in fields(refused)["url"]
