from datetime import timedelta

import pytest

from tests.accounts.conftest import NO_ADDRESSES, plain
from tests.accounts.test_registration import DORA, dora
from tests.factories import make_user
from webapp.accounts import registration, tokens
from webapp.accounts.registration import AlreadyConfirmed
from webapp.accounts.tokens import TokenRefused


@pytest.fixture
def link(client, mails, link_in) -> str:
    client.post("/register", data=DORA)
    return link_in(mails("confirm")[-1])


def test_nobody_logs_in_before_confirming(client, link):
    answer = client.post("/login", data=DORA)
    assert answer.status_code == 422
    assert "Your address is not confirmed yet" in answer.text
    assert "Send it again" in answer.text


def test_the_browser_that_registered_is_in_with_one_click(client, link):
    answer = client.get(link, follow_redirects=True)
    assert "Your address is confirmed. Welcome!" in answer.text
    assert dora().is_confirmed
    assert client.get("/account/").status_code == 200


def test_another_browser_is_asked_for_the_password(app, link):
    other = app.test_client()
    page = other.get(link)
    assert page.status_code == 200
    assert "Type your password once" in page.text
    assert not dora().is_confirmed
    answer = other.post(link, data={"password": DORA["password"]})
    assert answer.status_code == 303
    assert dora().is_confirmed
    assert other.get("/account/").status_code == 200


def test_whoever_only_reads_the_mail_confirms_nothing(app, link):
    owner_of_the_mailbox = app.test_client()
    answer = owner_of_the_mailbox.post(link, data={"password": "not what the stranger typed"})
    assert answer.status_code == 422
    assert "not the password that you registered with" in answer.text
    assert not dora().is_confirmed


def test_a_link_opened_twice_is_no_error(app, client, link):
    client.get(link)
    answer = app.test_client().get(link, follow_redirects=True)
    assert "Your address is confirmed. Log in with your password." in answer.text


def test_an_old_link_says_so_and_offers_another(client, link, monkeypatch):
    short = tokens.Purpose("confirm", timedelta(seconds=-1), "3 days", tokens.CONFIRM.again)
    monkeypatch.setattr(tokens, "CONFIRM", short)
    answer = client.get(link)
    assert answer.status_code == 400
    assert "This link is too old: it worked for 3 days." in answer.text
    assert "Send it again" in answer.text


@pytest.mark.parametrize("change", [lambda t: t[:-3], lambda t: t[:-3] + "AAA", lambda t: "x"])
def test_a_forged_or_broken_link_is_refused(client, link, change):
    answer = client.get("/confirm/" + change(link.removeprefix("/confirm/")))
    assert answer.status_code == 400
    assert "This link is not complete, or it was changed on its way." in answer.text
    assert not dora().is_confirmed


def test_a_token_for_something_else_confirms_nothing(app, alice):
    reset = tokens.sign(tokens.RESET, alice.id, tokens.mark_of(alice), 0)
    with pytest.raises(TokenRefused):
        registration.confirm(reset)


def test_a_token_of_a_deleted_user_is_refused(app):
    with pytest.raises(TokenRefused, match="does not work any more"):
        registration.confirm(tokens.sign(tokens.CONFIRM, 4711, "mark"))


def test_confirming_twice_by_function_is_told_apart(app):
    user = make_user("erik", confirmed_at=None)
    token = tokens.sign(tokens.CONFIRM, user.id, tokens.mark_of(user))
    assert registration.confirm(token).is_confirmed
    with pytest.raises(AlreadyConfirmed):
        registration.confirm(token)


def test_the_mail_can_be_sent_again(client, link, mails, link_in):
    client.post("/confirm-again", data={"email": "dora@EXAMPLE.org"})
    _first, second = mails("confirm")
    assert client.get(link_in(second)).status_code == 303
    assert dora().is_confirmed


def test_sending_again_tells_strangers_nothing(client, app, mails):
    make_user("alice")
    make_user("erik", confirmed_at=None)
    pages = []
    for name in ("alice", "erik", "nobody"):
        visitor = app.test_client()
        answer = visitor.post(
            "/confirm-again", data={"email": f"{name}@example.org"}, follow_redirects=True
        )
        pages.append((answer.status_code, plain(answer.text).replace(name, "x")))
    assert pages[0] == pages[1] == pages[2]
    said = "If <strong>x@example.org</strong> is registered here, a mail is on its way to it."
    assert said in pages[0][1]
    assert [(mail.kind, mail.recipient) for mail in mails()] == [
        ("already_registered", "alice@example.org"),
        ("confirm", "erik@example.org"),
    ]


def test_who_just_registered_is_told_plainly_until_another_address_is_typed(client, link):
    plainly = "A mail is on its way to <strong>Dora@example.org</strong>."
    assert plainly in client.get("/confirm-again").text
    client.post("/confirm-again", data={"email": "nobody@example.org"})
    page = client.get("/confirm-again").text
    assert plainly not in page and "If <strong>nobody@example.org</strong> is registered" in page


@pytest.mark.parametrize(("typed", "sentence"), NO_ADDRESSES)
def test_sending_again_to_what_is_no_address_is_refused(client, mails, typed, sentence):
    answer = client.post("/confirm-again", data={"email": typed})
    assert answer.status_code == 422
    assert sentence in answer.text and "on its way" not in answer.text
    assert "on its way" not in client.get("/confirm-again").text
    assert mails() == []
