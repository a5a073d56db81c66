from datetime import timedelta

import pytest

from tests.accounts.conftest import NO_ADDRESSES, plain
from tests.factories import PASSWORD, make_user, sign_in
from webapp.accounts import tokens
from webapp.extensions import db

NEW = "a brand new password"


@pytest.fixture
def link(client, alice, mails, link_in) -> str:
    client.post("/reset", data={"email": alice.email})
    return link_in(mails("reset")[0])


def logs_in(client, password: str) -> bool:
    data = {"email": "alice@example.org", "password": password}
    return client.post("/login", data=data).status_code == 303


def test_a_link_sets_a_new_password(client, link, mails):
    assert "alice@example.org" in client.get(link).text
    answer = client.post(link, data={"password": NEW})
    assert answer.headers["Location"] == "/login"
    assert [mail.recipient for mail in mails("password_changed")] == ["alice@example.org"]
    assert not logs_in(client, PASSWORD)
    assert logs_in(client, NEW)


def test_the_answer_is_the_same_for_every_address(client, app, alice, mails):
    known = client.post("/reset", data={"email": alice.email}, follow_redirects=True)
    other = app.test_client().post("/reset", data={"email": "no@no.org"}, follow_redirects=True)
    assert plain(known.text) == plain(other.text)
    assert "If this address has an account, a mail with a link is on its way" in known.text
    assert len(mails()) == 1


@pytest.mark.parametrize(("typed", "sentence"), NO_ADDRESSES)
def test_what_is_no_address_is_refused(client, mails, typed, sentence):
    answer = client.post("/reset", data={"email": typed})
    assert answer.status_code == 422
    assert sentence in answer.text and "Look into your mailbox" not in answer.text
    assert mails() == []


def test_a_link_works_once(client, link):
    client.post(link, data={"password": NEW})
    answer = client.post(link, data={"password": "yet another password"})
    assert answer.status_code == 400
    assert "This link does not work any more. Ask for a new one below." in answer.text


def test_a_link_dies_when_the_password_changes_another_way(client, link, alice, app):
    browser = app.test_client()
    sign_in(browser, alice)
    browser.post("/account/password", data={"current_password": PASSWORD, "password": NEW})
    assert client.get(link).status_code == 400


def test_a_link_dies_when_the_address_changes(client, link, alice):
    alice.email = alice.email_key = "new@example.org"
    db.session.commit()
    assert client.get(link).status_code == 400


def test_an_old_link_is_refused(client, link, monkeypatch):
    monkeypatch.setattr(
        tokens, "RESET", tokens.Purpose("reset", timedelta(seconds=-1), "one hour", "Ask again.")
    )
    answer = client.get(link)
    assert (answer.status_code, "it worked for one hour" in answer.text) == (400, True)


def test_a_forged_link_is_refused(client, link, charlie):
    mine = tokens.sign(tokens.RESET, charlie.id, tokens.mark_of(charlie), 0)
    _head, _, tail = mine.partition(".")
    forged = link.removeprefix("/reset/").partition(".")[0] + "." + tail
    assert client.post(f"/reset/{forged}", data={"password": NEW}).status_code == 400


def test_a_bad_password_is_refused_and_the_link_lives_on(client, link):
    answer = client.post(link, data={"password": "short"})
    assert answer.status_code == 422
    assert "Use at least 10 characters; this has 5." in answer.text
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_every_session_ends(client, link, alice, app):
    thief = app.test_client()
    sign_in(thief, alice)
    assert thief.get("/account/").status_code == 200
    client.post(link, data={"password": NEW})
    assert thief.get("/account/").status_code == 303


def test_it_confirms_an_address_that_was_not(client, mails, link_in):
    user = make_user("erik", confirmed_at=None)
    client.post("/reset", data={"email": user.email})
    client.post(link_in(mails("reset")[0]), data={"password": NEW})
    assert client.post("/login", data={"email": user.email, "password": NEW}).status_code == 303
