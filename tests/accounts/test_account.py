import unicodedata

import pytest
from sqlalchemy import func, select

from tests.accounts.conftest import plain
from tests.factories import PASSWORD, make_flow, make_run, make_user, sign_in
from webapp.accounts import passwords, tokens
from webapp.accounts.models import ApiKey, Project, User
from webapp.extensions import db
from webapp.flows.models import Flow, FlowVersion
from webapp.mailing.models import Mail
from webapp.runs.models import Run

NEW = "a brand new password"


def test_name_and_zone_are_changed(as_alice, alice):
    answer = as_alice.post("/account/", data={"name": " Alice  Munro ", "time_zone": "Asia/Tokyo"})
    assert answer.status_code == 303
    assert (alice.name, alice.time_zone) == ("Alice Munro", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "", "time_zone": "UTC"}, "Type a name."),
        ({"name": "Alice", "time_zone": "Nowhere"}, "“Nowhere” is no time zone"),
    ],
)
def test_nonsense_changes_nothing(as_alice, alice, data, sentence):
    answer = as_alice.post("/account/", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (alice.name, alice.time_zone) == ("Alice", "UTC")


def test_changing_the_password_ends_all_other_sessions(as_alice, alice, app, mails):
    elsewhere = app.test_client()
    sign_in(elsewhere, alice)
    answer = as_alice.post(
        "/account/password", data={"current_password": PASSWORD, "password": NEW}
    )
    assert answer.status_code == 303
    assert as_alice.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 303
    assert [mail.kind for mail in mails()] == ["password_changed"]


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("not my password", NEW, "This is not your password."),
        ("", NEW, "This is not your password."),
        (PASSWORD, "short", "Use at least 10 characters"),
        (PASSWORD, "alice@example.org", "the first thing that somebody would try"),
    ],
)
def test_a_password_is_not_changed_by_mistake(as_alice, alice, current, new, sentence):
    before = alice.password_hash
    answer = as_alice.post("/account/password", data={"current_password": current, "password": new})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert alice.password_hash == before


@pytest.mark.parametrize("written", [str, lambda word: unicodedata.normalize("NFD", word)])
def test_the_password_is_not_changed_to_itself(client, mails, written):
    now = "über den Dächern"
    user = make_user("ute")
    user.password_hash = passwords.hashed(now)
    db.session.commit()
    sign_in(client, user)
    data = {"current_password": now, "password": written(now)}
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 422
    assert "This is the password that you have now. Choose another." in answer.text
    assert mails() == []


def test_a_new_address_counts_once_it_is_confirmed(as_alice, alice, mails, link_in, client):
    data = {"email": "Alice@Munro.example.com", "password": PASSWORD}
    page = as_alice.post("/account/email", data=data, follow_redirects=True).text
    assert "A mail is on its way to Alice@munro.example.com" in page
    assert alice.email == "alice@example.org"
    (mail,) = mails()
    assert (mail.kind, mail.recipient) == ("change_email", "Alice@munro.example.com")

    assert "Use this address from now on?" in client.get(link_in(mail)).text
    assert alice.email == "alice@example.org"
    assert client.post(link_in(mail)).status_code == 303
    assert (alice.email, alice.email_key) == ("Alice@munro.example.com", "alice@munro.example.com")
    assert [(mail.kind, mail.recipient) for mail in mails()[1:]] == [
        ("email_changed", "alice@example.org")
    ]
    assert client.post(link_in(mail)).status_code == 400


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("nonsense", PASSWORD, "is no e-mail address"),
        ("ALICE@example.org", PASSWORD, "This is your address already."),
        ("new@example.org", "wrong", "This is not your password."),
    ],
)
def test_an_address_is_not_changed_by_mistake(as_alice, mails, email, password, sentence):
    answer = as_alice.post("/account/email", data={"email": email, "password": password})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert mails() == []


def test_somebody_elses_address_is_not_betrayed(as_alice, charlie, mails):
    pages = [
        as_alice.post(
            "/account/email", data={"email": email, "password": PASSWORD}, follow_redirects=True
        ).text.replace(email, "x")
        for email in (charlie.email, "free@example.org")
    ]
    assert plain(pages[0]) == plain(pages[1])
    assert [mail.kind for mail in mails()] == ["already_registered", "change_email"]


def test_an_address_that_was_taken_meanwhile_is_not_taken_away(client, alice):
    token = tokens.sign(tokens.CHANGE_EMAIL, alice.id, tokens.mark_of(alice), "charlie@example.org")
    make_user("charlie")
    answer = client.post(f"/account/email/{token}")
    assert answer.status_code == 400
    assert "has an account of its own by now" in answer.text
    assert alice.email == "alice@example.org"


@pytest.mark.parametrize("field", ["email_key", "password_hash"])
def test_a_link_for_a_new_address_dies_with_what_it_was_made_for(client, alice, field):
    token = tokens.sign(tokens.CHANGE_EMAIL, alice.id, tokens.mark_of(alice), "new@example.org")
    setattr(alice, field, "something else")
    db.session.commit()
    assert client.get(f"/account/email/{token}").status_code == 400


def test_deleting_the_account_leaves_nothing(as_alice, alice, charlie, mails):
    make_run(make_flow(alice))
    as_alice.post("/account/keys", data={"name": "CI"})
    as_alice.post("/reset", data={"email": alice.email})
    make_flow(charlie)
    answer = as_alice.post("/account/delete", data={"password": PASSWORD}, follow_redirects=True)
    assert "Your account is gone" in answer.text and "within about a day" in answer.text
    assert [user.name for user in db.session.scalars(select(User))] == ["Charlie"]
    counts = {
        model.__name__: db.session.scalar(select(func.count()).select_from(model))
        for model in (Project, Flow, FlowVersion, Run, ApiKey, Mail)
    }
    assert counts == {
        "Project": 1, "Flow": 1, "FlowVersion": 1, "Run": 0, "ApiKey": 0, "Mail": 0,
    }  # fmt: skip
    assert as_alice.get("/account/").status_code == 303


def test_a_deleted_account_is_forgotten_by_the_browser(client, alice):
    data = {"email": alice.email, "password": PASSWORD, "remember": "y"}
    client.post("/login", data=data)
    client.post("/account/delete", data={"password": PASSWORD})
    assert client.get_cookie("remember_token") is None


def test_a_wrong_password_deletes_nothing(as_alice, alice):
    answer = as_alice.post("/account/delete", data={"password": "no"})
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert db.session.get(User, alice.id)


def test_only_admins_are_led_to_the_mails_in_trouble(as_alice, alice):
    assert "/mail/failed" not in as_alice.get("/account/").text
    alice.is_admin = True
    db.session.commit()
    assert "/mail/failed" in as_alice.get("/account/").text
