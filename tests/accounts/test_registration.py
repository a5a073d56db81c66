import pytest
from sqlalchemy import func, select

from tests.accounts.conftest import plain
from tests.factories import PASSWORD, make_user, project_of
from webapp.accounts.models import Project, User
from webapp.extensions import db

DORA = {
    "name": "Dora Maar",
    "email": "Dora@Example.org",
    "password": "under the old clock",
    "time_zone": "Europe/Paris",
}


def users() -> int:
    return db.session.scalar(select(func.count(User.id))) or 0


def dora() -> User:
    return db.session.scalars(User.by_email("dora@example.org")).one()


def test_the_form_asks_for_what_is_needed(client):
    page = client.get("/register").text
    for name in ("name", "email", "password", "time_zone"):
        assert f'name="{name}"' in page


def test_registering_makes_a_user_a_project_and_a_mail(client, mails):
    answer = client.post("/register", data=DORA)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/confirm-again")
    user = dora()
    assert (user.name, user.time_zone, user.is_confirmed) == ("Dora Maar", "Europe/Paris", False)
    assert user.password_hash.startswith("$argon2id$")
    (mail,) = mails()
    assert (mail.kind, mail.recipient, mail.project_id) == (
        "confirm",
        "Dora@example.org",
        project_of(user).id,
    )


def test_the_next_page_says_where_the_mail_is(client):
    page = client.post("/register", data=DORA, follow_redirects=True).text
    assert "Dora@example.org" in page
    assert "No mail server is set up" in page
    assert 'href="/outbox/"' in page


def test_nobody_is_logged_in_by_registering(client):
    client.post("/register", data=DORA)
    assert client.get("/account/").headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "   ", "Type a name."),
        ("name", "x" * 121, "Use at most 120 characters; this has 121."),
        ("name", "x" * 1_000_000, "this has 1,000,000."),
        ("name", "Dora\0Maar", "an invisible character (U+0000)"),
        ("name", "Dora\u202eraaM", "an invisible character (U+202E)"),
        ("email", "", "Type an e-mail address."),
        ("email", "dora", "is no e-mail address"),
        ("email", "dora@", "is no e-mail address"),
        ("email", "dora@gmail", "“gmail” is no domain"),
        ("email", "dora\r\nBcc: all@example.org", "is no e-mail address"),
        ("email", "a" * 300 + "@example.org", "Use at most 254 characters"),
        ("email", "dörte@example.org", "may have only the letters a–z"),
        ("password", "", "Use at least 10 characters; this has 0."),
        ("password", "short", "this has 5."),
        ("password", "p" * 201, "Use at most 200 characters; this has 201."),
        ("password", "1234567890", "on every list of common passwords"),
        ("password", "abababababab", "repeats the same few characters"),
        ("password", "DORA@example.org", "the first thing that somebody would try"),
        ("time_zone", "Mars/Olympus", "“Mars/Olympus” is no time zone"),
        ("time_zone", "../../etc/passwd", "is no time zone"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(client, mails, field, typed, sentence):
    answer = client.post("/register", data=DORA | {field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = {"name": "Dora Maar", "email": "Dora@Example.org"} | {field: ""}
    assert all(f'value="{value}"' in answer.text for value in kept.values() if value)
    assert users() == 0
    assert mails() == []


def test_advice_on_passwords_is_given_once(client):
    assert "A few words in a row" in client.get("/register").text
    assert client.post("/register", data=DORA | {"password": "short"}).text.count("few words") == 1


def test_a_form_without_any_field_is_no_crash(client):
    answer = client.post("/register", data={})
    assert answer.status_code == 422
    assert "Type a name." in answer.text


def test_the_password_never_comes_back_to_the_page(client):
    page = client.post("/register", data=DORA | {"name": ""}).text
    assert DORA["password"] not in page


def test_a_taken_address_looks_the_same_to_a_stranger(client, app, mails):
    make_user("dora")
    taken = client.post("/register", data=DORA)
    free = app.test_client().post("/register", data=DORA | {"email": "free@example.org"})
    assert (taken.status_code, taken.headers["Location"], taken.text) == (
        free.status_code,
        free.headers["Location"],
        free.text,
    )
    pages = [
        app.test_client().post("/register", data=DORA | {"email": email}, follow_redirects=True)
        for email in ("dora@example.org", "other@example.org")
    ]
    assert plain(pages[0].text).replace("dora@", "other@") == plain(pages[1].text)
    assert [mail.recipient for mail in mails("already_registered")] == ["dora@example.org"] * 2


def test_a_taken_address_keeps_its_password(client, mails):
    before = make_user("dora").password_hash
    client.post("/register", data=DORA)
    assert dora().password_hash == before
    assert [mail.kind for mail in mails()] == ["already_registered"]


def test_registering_again_before_confirming_replaces_what_was_typed(client, mails, link_in):
    client.post("/register", data=DORA)
    client.post("/register", data=DORA | {"name": "Theodora", "password": "another one of them"})
    assert users() == 1
    assert db.session.scalar(select(func.count(Project.id))) == 1
    assert dora().name == "Theodora"
    first, second = mails("confirm")
    assert client.get(link_in(first)).status_code == 400
    assert client.get(link_in(second)).status_code == 303


def test_two_registrations_in_the_same_moment_make_one_user(client, monkeypatch):
    make_user("dora")
    monkeypatch.setattr("webapp.accounts.registration.user_with", lambda _: None)
    answer = client.post("/register", data=DORA)
    assert answer.status_code == 303
    assert users() == 1


def test_the_name_of_a_stranger_is_not_in_the_mail(client, mails):
    client.post("/register", data=DORA | {"name": "Win money at spam.example"})
    (mail,) = mails()
    assert "spam.example" not in mail.subject + mail.text + mail.html


def test_who_is_logged_in_needs_no_registration(as_alice):
    assert as_alice.get("/register").headers["Location"] == "/flows/"


def test_the_password_of_the_factory_is_a_good_one(client):
    assert client.post("/register", data=DORA | {"password": PASSWORD}).status_code == 303
