import time

import pytest
from sqlalchemy import select, update

from tests.factories import make_flow, make_run, project_of
from webapp.accounts.models import User
from webapp.extensions import db
from webapp.flows.editing import current_version
from webapp.flows.listing import was_deleted
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.runs.states import State, Trigger


def test_activating_sets_the_next_moment_and_pausing_takes_it_away(as_alice, alice):
    flow = make_flow(alice)
    as_alice.post(f"/flows/{flow.id}/activate")
    assert flow.is_active and flow.next_at
    as_alice.post(f"/flows/{flow.id}/pause")
    assert not flow.is_active and flow.next_at is None


def test_activating_without_a_schedule_warns(as_alice, alice):
    flow = make_flow(alice, cron=None)
    page = as_alice.post(f"/flows/{flow.id}/activate", follow_redirects=True).text
    assert flow.is_active and "without a schedule" in page


def test_the_switch_of_the_list_leads_back_to_the_list_and_nowhere_else(as_alice, alice):
    flow = make_flow(alice)
    back = as_alice.post(f"/flows/{flow.id}/activate", data={"next": "/flows/?q=check"})
    assert back.location == "/flows/?q=check"
    away = as_alice.post(f"/flows/{flow.id}/pause", data={"next": "//evil.example/"})
    assert away.location == f"/flows/{flow.id}"


def test_run_now_queues_a_run_and_shows_it(as_alice, alice):
    flow = make_flow(alice)
    answer = as_alice.post(f"/flows/{flow.id}/run")
    run = db.session.scalars(select(Run)).one()
    assert answer.status_code == 303 and answer.location == f"/runs/{run.id}"
    assert (run.state, run.trigger, run.requested_by) == (State.QUEUED, Trigger.MANUAL, "Alice")


def test_a_duplicate_is_paused_and_has_the_same_steps_and_secrets(as_alice, alice):
    secret = {
        "number": 1,
        "action": "type",
        "locators": [{"by": "id", "value": "password"}],
        "content": "hunter2",
        "secret": True,
    }
    flow = make_flow(alice, steps=[secret])
    as_alice.post(f"/flows/{flow.id}/activate")
    as_alice.post(f"/flows/{flow.id}/duplicate")
    copy = db.session.scalars(select(Flow).where(Flow.id != flow.id)).one()
    assert copy.name == "Checkout (copy)" and not copy.is_active
    assert current_version(copy).body["steps"] == current_version(flow).body["steps"]


def test_a_duplicate_of_the_longest_name_fits(as_alice, alice):
    flow = make_flow(alice, name="x" * 200)
    assert as_alice.post(f"/flows/{flow.id}/duplicate").status_code == 303


def test_deleting_says_first_what_is_lost(as_alice, alice):
    flow = make_flow(alice)
    make_run(flow, State.PASSED)
    make_run(flow, State.FAILED)
    page = as_alice.get(f"/flows/{flow.id}/delete").text
    assert "2 runs with their pictures" in page and "cannot be undone" in page
    part = as_alice.get(f"/flows/{flow.id}/delete", headers={"HX-Request": "true"}).text
    assert part.strip().startswith("<dialog")


def test_deleting_takes_everything_with_it(as_alice, alice):
    flow = make_flow(alice)
    make_run(flow, State.PASSED)
    page = as_alice.post(f"/flows/{flow.id}/delete", follow_redirects=True).text
    assert "“<bdi>Checkout</bdi>” is deleted" in page
    assert db.session.scalars(select(Flow)).all() == []
    assert db.session.scalars(select(Run)).all() == []


def test_deleting_what_is_gone_already_is_a_friendly_warning(as_alice, alice):
    flow = make_flow(alice)
    as_alice.post(f"/flows/{flow.id}/delete")
    page = as_alice.post(f"/flows/{flow.id}/delete", follow_redirects=True).text
    assert "gone already" in page and "notice-warning" in page


@pytest.mark.parametrize("number", [0, 2**63, 10**23])
def test_deleting_a_number_that_no_flow_can_have_is_not_found(as_alice, number):
    assert as_alice.post(f"/flows/{number}/delete").status_code == 404


def test_a_great_many_runs_are_not_counted_one_by_one(as_alice, alice, monkeypatch):
    flow = make_flow(alice)
    for _ in range(3):
        make_run(flow, State.PASSED)
    monkeypatch.setattr("webapp.flows.routes.MOST_COUNTED", 3)
    assert "<li>3 runs with their pictures" in as_alice.get(f"/flows/{flow.id}/delete").text
    monkeypatch.setattr("webapp.flows.routes.MOST_COUNTED", 2)
    assert "<li>more than 2 runs with" in as_alice.get(f"/flows/{flow.id}/delete").text


def test_looking_for_a_deleted_flow_waits_for_no_writer(database, alice):
    project_id = project_of(alice).id
    db.session.commit()
    with db.engine.connect() as writer:
        writer.execute(update(User).values(name="Alicia"))  # its transaction stays open
        began = time.monotonic()
        assert not was_deleted(project_id, 17)
        assert time.monotonic() - began < 5
        writer.rollback()


def test_a_stranger_learns_nothing_of_what_was_there(as_alice, as_charlie, alice):
    flow = make_flow(alice)
    assert as_charlie.post(f"/flows/{flow.id}/delete").status_code == 404
    as_alice.post(f"/flows/{flow.id}/delete")
    assert as_charlie.post(f"/flows/{flow.id}/delete").status_code == 404


def test_the_sample_flow_is_one_click_and_has_a_shop_of_its_own(as_alice, app):
    first = as_alice.post("/flows/sample", follow_redirects=True).text
    as_alice.post("/flows/sample")
    one, two = db.session.scalars(select(Flow).order_by(Flow.id))
    assert one.url != two.url and one.url.startswith(app.config["LAMPLIGHTER"].demo_url)
    assert f"{one.url}switches" in first and "yours to break" in first


def test_the_samples_password_is_not_on_the_page(as_alice):
    page = as_alice.post("/flows/sample", follow_redirects=True).text
    assert "wick-and-wax" not in page


def test_the_hint_of_the_shop_is_not_shown_for_other_flows(as_alice, alice):
    assert "yours to break" not in as_alice.get(f"/flows/{make_flow(alice).id}").text
