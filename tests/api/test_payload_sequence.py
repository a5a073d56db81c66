"""The payloads that the README promises, in their order."""

from datetime import timedelta

from rq import Queue

from tests.api.programs import SHOP
from webapp import clock
from webapp.extensions import db
from webapp.flows.models import Flow

STEPS = [
    {"number": 1, "action": "click", "selector_xpath": "//button[@id='go']"},
    {
        "number": 2,
        "action": "tapping",
        "selector_xpath": "//input[@name='name']",
        "content": "Name",
    },
]


def test_the_payloads_work_in_their_order(app, api):
    made = api.post("/flows", SHOP)
    assert made.status_code == 201
    flow_id = made.json["id"]
    assert made.headers["Location"] == f"/api/v1/flows/{flow_id}"

    added = api.post(f"/flows/{flow_id}/steps", STEPS)
    assert added.status_code == 201
    assert [step["action"] for step in added.json["steps"]] == ["click", "type"]

    activated = api.patch(f"/flows/{flow_id}", {"active": True})
    assert activated.status_code == 200 and activated.json["active"] is True

    asked = api.post(f"/flows/{flow_id}/runs")
    assert asked.status_code == 202
    assert asked.headers["Location"] == f"/api/v1/runs/{asked.json['id']}"

    listed = api.get("/runs").json
    assert [run["id"] for run in listed["items"]] == [asked.json["id"]]

    run = api.get(f"/runs/{asked.json['id']}").json
    assert list(run)[:11] == [
        "id", "flow_id", "state", "verdict", "trigger", "queued_at", "started_at", "ended_at",
        "duration_ms", "failed_step", "failed_step_name",
    ]  # fmt: skip
    assert {"error", "version", "steps"} <= run.keys()
    assert (run["state"], run["verdict"], run["trigger"]) == ("queued", None, "api")


def test_the_flow_then_runs_by_itself(api):
    flow_id = api.make_flow(*STEPS)
    api.patch(f"/flows/{flow_id}", {"active": True})
    due = db.session.get_one(Flow, flow_id).next_at
    assert due is not None and clock.now() < due <= clock.now() + timedelta(hours=1)
    assert (due.minute, due.second) == (0, 0)


def test_an_instant_run_is_in_the_queue_of_people(app, api):
    flow_id = api.make_flow(*STEPS)
    api.post(f"/flows/{flow_id}/runs")
    queue: Queue = app.extensions["queues"]["urgent"]
    assert len(queue) == 1
