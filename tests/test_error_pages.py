import pytest

from tests.factories import make_flow
from webapp.extensions import db


@pytest.fixture
def crashing(app, monkeypatch):
    """An app as it is in production, in which the list of flows is broken."""

    def crash():
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setitem(app.view_functions, "flows.index", crash)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


def test_what_is_not_there_gets_a_page_that_leads_on(as_alice):
    answer = as_alice.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text and 'href="/"' in answer.text


def test_the_page_works_for_nobody_too(client):
    assert "There is nothing here" in client.get("/nowhere").text


def test_a_crash_is_logged_and_shown_without_its_traceback(as_alice, crashing, caplog):
    answer = as_alice.get("/flows/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "ZeroDivisionError" not in answer.text and "the secret inside" not in answer.text
    log_id = answer.text.split("in the log under ")[1][:12]
    assert log_id in caplog.text and "ZeroDivisionError" in caplog.text


def test_a_crash_of_the_database_is_still_said_in_words(as_alice, crashing, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("no database")

    monkeypatch.setattr("webapp.error_pages.render_template", broken)
    answer = as_alice.get("/flows/")
    assert answer.status_code == 500 and answer.mimetype == "text/plain"
    assert "Something broke on our side" in answer.text


def test_what_was_changed_before_a_mistake_is_not_kept(as_alice, alice):
    flow = make_flow(alice)
    flow.name = "Half done"
    as_alice.get("/nowhere")
    db.session.refresh(flow)
    assert flow.name == "Checkout"


def test_a_form_without_its_token_is_refused_in_words(app, as_alice, alice, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = as_alice.post(f"/flows/{make_flow(alice).id}/run")
    assert answer.status_code == 400 and "form is out of date" in answer.text


def test_too_much_at_once_is_refused_in_words(as_alice):
    answer = as_alice.post("/flows/", data={"name": "x" * 3_000_000})
    assert answer.status_code == 413 and "larger than 2 MB" in answer.text


def test_the_wrong_method_says_what_to_do(as_alice):
    answer = as_alice.get("/flows/sample")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_the_door_leads_to_the_flows(as_alice):
    assert as_alice.get("/").location == "/flows/"


def test_the_door_leads_a_stranger_to_the_log_in(client):
    assert client.get("/").location == "/login"
