from dataclasses import replace
from datetime import timedelta

import pytest

from tests.accounts.test_registration import DORA, dora, users
from webapp.accounts import passwords, registration, tokens
from webapp.accounts.details import DetailsRefused
from webapp.accounts.registration import RegistrationClosed, UserExists, create_user, invite


@pytest.fixture
def mode(app, monkeypatch):
    def switch(word: str) -> None:
        settings = replace(app.config["LAMPLIGHTER"], registration=word)
        monkeypatch.setitem(app.config, "LAMPLIGHTER", settings)

    return switch


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("closed", "Ask the person who runs this server for an account."),
        ("invite", "Ask the person who runs this server for an invitation link."),
    ],
)
def test_a_closed_door_says_whom_to_ask(client, mode, word, sentence):
    mode(word)
    for answer in (client.get("/register"), client.post("/register", data=DORA)):
        assert answer.status_code == 403
        assert sentence in answer.text
    assert users() == 0
    assert "/register" not in client.get("/login").text


def test_an_invitation_opens_the_door_for_its_address(client, mode):
    mode("invite")
    token = invite("dora@example.org")
    page = client.get("/register", query_string={"invitation": token})
    assert 'value="dora@example.org"' in page.text
    answer = client.post("/register", query_string={"invitation": token}, data=DORA)
    assert answer.status_code == 303
    assert not dora().is_confirmed


def test_the_operator_prints_an_invitation(app, client, mode):
    mode("invite")
    printed = app.test_cli_runner().invoke(args=["invite", "dora@example.org"])
    assert printed.exit_code == 0
    link = printed.output.strip()
    assert link.startswith("http://127.0.0.1:8000/register?invitation=")
    assert 'value="dora@example.org"' in client.get(link.removeprefix("http://127.0.0.1:8000")).text


def test_nobody_is_invited_without_an_address(app):
    refused = app.test_cli_runner().invoke(args=["invite", "dora"])
    assert refused.exit_code == 1
    assert "“dora” is no e-mail address" in refused.output


def test_an_invitation_is_for_no_other_address(client, mode):
    mode("invite")
    token = invite("erik@example.org")
    answer = client.post("/register", query_string={"invitation": token}, data=DORA)
    assert answer.status_code == 422
    assert "This invitation is for erik@example.org and for no other address." in answer.text
    assert users() == 0


@pytest.mark.parametrize("token", ["forged", "", "a.b.c"])
def test_a_forged_invitation_opens_nothing(client, mode, token):
    mode("invite")
    answer = client.post("/register", query_string={"invitation": token}, data=DORA)
    assert answer.status_code == 403
    assert users() == 0


def test_an_old_invitation_opens_nothing(client, mode, monkeypatch):
    mode("invite")
    token = invite("dora@example.org")
    old = tokens.Purpose("invite", timedelta(seconds=-1), "7 days", "Ask for another.")
    monkeypatch.setattr(tokens, "INVITE", old)
    answer = client.get("/register", query_string={"invitation": token})
    assert answer.status_code == 403
    assert "This link is too old: it worked for 7 days." in answer.text


def test_an_invitation_opens_no_closed_door(app, mode):
    mode("closed")
    with pytest.raises(RegistrationClosed):
        registration.check_invitation("dora@example.org", invite("dora@example.org"))


def test_the_operator_makes_users_whatever_the_door_says(app, mode, mails):
    mode("closed")
    user = create_user("dora@example.org", "Dora", DORA["password"], confirmed=True, is_admin=True)
    assert user.is_confirmed and user.is_admin
    assert passwords.is_right(DORA["password"], user.password_hash)
    assert mails() == []


def test_who_the_operator_does_not_confirm_gets_the_mail(app, mails):
    create_user("dora@example.org", "Dora", DORA["password"])
    assert [mail.kind for mail in mails()] == ["confirm"]


def test_the_operator_is_told_about_a_user_that_exists(alice):
    with pytest.raises(UserExists, match=r"ALICE@example\.org already"):
        create_user("ALICE@example.org", "Alice", DORA["password"])


def test_the_operator_is_told_everything_that_is_wrong(app):
    with pytest.raises(DetailsRefused) as refused:
        create_user("dora", "", "short")
    assert [field for field, _ in refused.value.errors] == ["name", "email", "password"]
