"""Many programs at once: nobody's change is lost, and readers wait for nobody."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import delete, update

from tests.api.programs import CLICK, Program
from webapp.api import runs
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
