import logging

import pytest
from argon2 import PasswordHasher

from tests.accounts.conftest import plain
from tests.factories import PASSWORD, make_user, sign_in
from webapp.accounts import passwords, patience
from webapp.accounts.sessions import safe_next
from webapp.extensions import db

ALICE = {"email": "alice@example.org", "password": PASSWORD}


def test_the_right_password_opens_the_door(client, alice):
    answer = client.post("/login", data=ALICE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/flows/")
    assert client.get("/account/").status_code == 200


def test_the_address_may_be_written_in_capitals(client, alice):
    data = ALICE | {"email": "  ALICE@Example.ORG "}
    assert client.post("/login", data=data).status_code == 303


def test_a_wrong_password_and_an_unknown_address_look_the_same(client, alice):
    wrong = client.post("/login", data=ALICE | {"password": "something else"})
    unknown = client.post("/login", data=ALICE | {"email": "nobody@example.org"})
    assert wrong.status_code == unknown.status_code == 422
    assert plain(wrong.text) == plain(unknown.text).replace("nobody@", "alice@")
    assert "The e-mail address or the password is wrong." in wrong.text


def test_an_unknown_address_is_checked_as_long_as_a_known_one(client, alice, monkeypatch):
    checked = []

    class Watched:
        def verify(self, password_hash, _password):
            checked.append(password_hash)

    monkeypatch.setattr(passwords, "HASHER", Watched())
    answer = client.post("/login", data=ALICE | {"email": "nobody@example.org"})
    assert answer.status_code == 422
    assert checked == [passwords.NOBODYS_HASH]


def test_the_hash_of_nobody_is_as_dear_as_a_new_one(monkeypatch):
    monkeypatch.undo()
    assert not passwords.is_outdated(passwords.NOBODYS_HASH)
    assert not passwords.is_right("the password of nobody", None)


def test_an_unconfirmed_address_is_named_only_to_who_knows_the_password(client):
    make_user("erik", confirmed_at=None)
    wrong = client.post("/login", data={"email": "erik@example.org", "password": "a wrong one"})
    assert "not confirmed" not in wrong.text
    right = client.post("/login", data={"email": "erik@example.org", "password": PASSWORD})
    assert "not confirmed" in right.text


@pytest.mark.parametrize("email", ["", "nul\0@example.org", "x" * 500_000, "alice@example.org'--"])
def test_nonsense_is_refused_like_a_wrong_password(client, alice, email):
    answer = client.post("/login", data={"email": email, "password": "p" * 500_000})
    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text


def test_a_form_without_any_field_is_refused_too(client):
    assert client.post("/login", data={}).status_code == 422


@pytest.mark.parametrize("target", ["/runs/7", "/runs/?state=failed&flow=3", "/flows/3#steps"])
def test_the_page_that_was_wanted_comes_next(client, alice, target):
    answer = client.post("/login", query_string={"next": target}, data=ALICE)
    assert answer.headers["Location"] == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/%0d%0aSet-Cookie:x=1\r\n",
        "javascript:alert(1)",
        "http:evil",
        "/login?next=/login",
        "\t//evil.example",
        "/\t/evil.example",
    ],
)
def test_a_page_of_somebody_else_does_not(client, alice, target):
    answer = client.post("/login", query_string={"next": target}, data=ALICE)
    assert answer.headers["Location"] == "/flows/"
    assert safe_next(target) is None


def test_who_is_not_logged_in_is_sent_to_the_form_and_back(client, alice):
    away = client.get("/account/keys?x=1")
    assert away.status_code == 303
    assert away.headers["Location"] == "/login?next=/account/keys?x%3D1"
    back = client.post(away.headers["Location"], data=ALICE)
    assert back.headers["Location"] == "/account/keys?x=1"


def test_htmx_is_told_to_leave_the_page(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/flows/3?a=1"}
    answer = client.get("/account/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/flows/3?a%3D1"


def test_a_script_gets_a_plain_refusal(client):
    answer = client.get("/account/", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 401


def test_logging_in_starts_a_new_session(client, alice):
    with client.session_transaction() as session:
        session["planted"] = "by an attacker"
    client.post("/login", data=ALICE)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_remembered_browser_comes_back_without_a_session(client, alice):
    client.post("/login", data=ALICE | {"remember": "y"})
    assert client.get_cookie("remember_token").http_only
    client.delete_cookie("session")
    assert client.get("/account/").status_code == 200


def test_without_it_the_end_of_the_session_is_the_end(client, alice):
    client.post("/login", data=ALICE)
    assert client.get_cookie("remember_token") is None
    client.delete_cookie("session")
    assert client.get("/account/").status_code == 303


def test_a_remember_cookie_of_an_older_password_opens_nothing(client, alice):
    client.post("/login", data=ALICE | {"remember": "y"})
    alice.session_epoch += 1
    db.session.commit()
    client.delete_cookie("session")
    assert client.get("/account/").status_code == 303


@pytest.mark.parametrize("session_id", ["", "1", "1.", ".0", "x.y", "1.0.0", "-1.0", "²." + "1"])
def test_a_session_of_another_shape_is_nobodys(client, alice, session_id):
    with client.session_transaction() as session:
        session["_user_id"] = session_id
    assert client.get("/account/").status_code == 303


def test_a_user_who_was_never_confirmed_has_no_session(client):
    sign_in(client, make_user("erik", confirmed_at=None))
    assert client.get("/account/").status_code == 303


def test_logging_out_is_a_post_and_ends_the_session(as_alice):
    assert as_alice.get("/logout").status_code == 405
    assert as_alice.post("/logout").headers["Location"] == "/login"
    assert as_alice.get("/account/").status_code == 303


def test_logging_out_forgets_the_browser(client, alice):
    client.post("/login", data=ALICE | {"remember": "y"})
    client.post("/logout")
    assert client.get_cookie("remember_token") is None
    assert client.get("/account/").status_code == 303


def test_an_outdated_hash_is_made_anew_by_the_log_in(client, alice, monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(2, 16, 1))
    client.post("/login", data=ALICE)
    assert "m=16,t=2" in alice.password_hash
    client.post("/logout")
    assert client.post("/login", data=ALICE).status_code == 303


def test_pages_of_accounts_are_kept_out_of_caches(as_alice):
    assert as_alice.get("/account/").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(app, client, alice, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert client.post("/login", data=ALICE).status_code == 400
    page = client.get("/login").text
    token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    assert client.post("/login", data=ALICE | {"csrf_token": token}).status_code == 303
    assert client.post("/logout").status_code == 400


def test_passwords_and_tokens_are_in_no_log(client, alice, mails, link_in, caplog):
    caplog.set_level(logging.DEBUG)
    client.post("/login", data=ALICE)
    client.post("/login", data=ALICE | {"password": "something else entirely"})
    client.post("/reset", data={"email": alice.email})
    said = caplog.text
    assert PASSWORD not in said
    assert "something else entirely" not in said
    assert link_in(mails("reset")[0]) not in said


def test_the_same_password_is_right_from_every_keyboard(app):
    composed, decomposed = "gr\u00fcne Laterne", "gru\u0308ne Laterne"
    assert passwords.is_right(decomposed, passwords.hashed(composed))


def test_an_answer_about_addresses_takes_its_time(client, monkeypatch):
    waited = []
    monkeypatch.setattr(patience, "LEAST_SECONDS", 60)
    monkeypatch.setattr(patience.time, "sleep", waited.append)
    client.post("/reset", data={"email": "nobody@example.org"})
    assert waited and 50 < waited[0] <= 60
