"""Many programs at once: nobody's change is lost, and readers wait for nobody."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update

from tests.api.programs import CLICK, Program
from webapp.api import flows as api_flows
from webapp.api import runs
from webapp.api import steps as api_steps
from webapp.extensions import db
from webapp.flows.models import Flow

PROGRAMS = 6


def at_once(app, api, ask):
    """`ask` by six programs of the same user, each on a connection of its own."""
    db.session.commit()
    with ThreadPoolExecutor(PROGRAMS) as pool:
        programs = [Program(app.test_client(), api.token) for _ in range(PROGRAMS)]
        return list(pool.map(ask, programs, range(PROGRAMS)))


def test_steps_that_are_added_at_once_are_all_there(app, api):
    flow_id = api.make_flow()
    answers = at_once(app, api, lambda one, _: one.post(f"/flows/{flow_id}/steps", CLICK))
    assert [answer.status_code for answer in answers] == [201] * PROGRAMS
    steps = api.get(f"/flows/{flow_id}/steps").json
    assert [step["number"] for step in steps["steps"]] == list(range(1, PROGRAMS + 1))
    assert steps["version"] == PROGRAMS + 1


def test_of_changes_from_the_same_version_one_wins(app, api):
    flow_id = api.make_flow()
    answers = at_once(
        app,
        api,
        lambda one, number: one.patch(
            f"/flows/{flow_id}", {"name": f"Name {number}"}, headers={"If-Match": '"1"'}
        ),
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (PROGRAMS - 1)
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert api.get(f"/flows/{flow_id}").json == winner.json


def test_a_reader_does_not_wait_for_a_writer(api):
    flow_id = api.make_flow()
    db.session.commit()
    with db.engine.begin() as writer:
        writer.execute(update(Flow).values(name="Not committed yet"))
        assert api.get(f"/flows/{flow_id}").json["name"] == "Test EBS"
        db.session.rollback()


def test_a_flow_that_is_deleted_meanwhile_is_no_crash(api, monkeypatch):
    flow_id = api.make_flow()
    read = runs.read

    def somebody_deletes_it(*args, **values):
        db.session.execute(delete(Flow).where(Flow.id == flow_id))
        db.session.commit()
        return read(*args, **values)

    monkeypatch.setattr(runs, "read", somebody_deletes_it)
    refused = api.post(f"/flows/{flow_id}/runs")
    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "checks", "body"),
    [
        ("POST", "", "new_values", CLICK),
        ("PUT", "", "new_values", [CLICK]),
        ("PATCH", "/{uid}", "changed_values", {"name": "New"}),
        ("PUT", "/{uid}", "new_values", CLICK),
    ],
)
def test_nobody_waits_while_steps_are_checked(api, monkeypatch, method, path, checks, body):
    flow_id = api.make_flow(CLICK)
    uid = api.get(f"/flows/{flow_id}/steps").json["steps"][0]["uid"]
    check, seen = getattr(api_steps, checks), []

    def checked(*args, **values):
        seen.append(db.session().in_transaction())
        return check(*args, **values)

    monkeypatch.setattr(api_steps, checks, checked)
    answer = api.send(method, f"/flows/{flow_id}/steps{path.format(uid=uid)}", json=body)
    assert answer.status_code in {200, 201}
    assert seen == [False]


def test_nobody_waits_while_a_change_of_a_flow_is_read_and_checked(api, monkeypatch):
    flow_id = api.make_flow()
    seen = []

    def watch(name):
        done = getattr(api_flows, name)

        def watched(*args, **values):
            seen.append(db.session().in_transaction())
            return done(*args, **values)

        monkeypatch.setattr(api_flows, name, watched)

    watch("read")
    watch("parse_settings")
    assert api.patch(f"/flows/{flow_id}", {"name": "New"}).status_code == 200
    assert seen == [False, False]


def test_a_flow_that_changed_while_another_change_was_read_keeps_both(api, monkeypatch):
    flow_id = api.make_flow()
    read = api_flows.read

    def slowly(schema):
        monkeypatch.setattr(api_flows, "read", read)
        change = {"step_timeout_seconds": 7}
        assert api.patch(f"/flows/{flow_id}", change).status_code == 200
        return read(schema)

    monkeypatch.setattr(api_flows, "read", slowly)
    answer = api.patch(f"/flows/{flow_id}", {"name": "New"})
    assert (answer.json["name"], answer.json["step_timeout_seconds"]) == ("New", 7)


def test_a_step_that_changed_while_another_change_was_checked_keeps_both(api, monkeypatch):
    flow_id = api.make_flow(CLICK)
    path = f"/flows/{flow_id}/steps/{api.get(f'/flows/{flow_id}/steps').json['steps'][0]['uid']}"
    check = api_steps.changed_values

    def slowly(*args):
        monkeypatch.setattr(api_steps, "changed_values", check)
        assert api.patch(path, {"name": "Quicker"}).status_code == 200
        return check(*args)

    monkeypatch.setattr(api_steps, "changed_values", slowly)
    answer = api.patch(path, {"enabled": False})
    assert (answer.json["name"], answer.json["enabled"]) == ("Quicker", False)
