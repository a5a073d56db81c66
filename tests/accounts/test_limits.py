import re
from dataclasses import replace

import pytest

from tests.factories import PASSWORD, make_user
from tests.visitors import Visitor
from webapp import create_app
from webapp.accounts.limits import by_address
from webapp.extensions import db, limiter


@pytest.fixture
def limited(app):
    """The same server with its limits on. One limiter serves every app of a process."""
    settings = replace(app.config["LAMPLIGHTER"], ratelimit_enabled=True)
    strict = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    strict.test_client_class = Visitor
    yield strict
    limiter.enabled = False
    with strict.app_context():
        db.engine.dispose()


def test_guessing_a_password_is_stopped_in_words(limited, alice):
    client = limited.test_client()
    wrong = {"email": alice.email, "password": "a wrong password"}
    answers = [client.post("/login", data=wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "That was too often" in answers[-1].text
    assert "Try again in" in answers[-1].text
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 300
    right = client.post("/login", data={"email": alice.email, "password": PASSWORD})
    assert right.status_code == 429


def test_a_log_in_that_rests_keeps_its_form(limited, alice):
    client = limited.test_client()
    wrong = {"email": alice.email, "password": "a wrong password", "remember": "y"}
    answer = [client.post("/login?next=/runs/", data=wrong) for _ in range(11)][-1]
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 300
    page = answer.text
    assert "Try again in" in page and 'value="alice@example.org"' in page
    assert page.count('type="password"') == 1 and "a wrong password" not in page
    assert re.search(r'<input[^>]* checked[^>]* name="remember"', page)


@pytest.mark.parametrize("path", ["/reset", "/confirm-again", "/register"])
def test_a_form_for_mails_that_rests_keeps_what_was_typed(limited, path):
    client = limited.test_client()
    typed = {"name": "Dora", "password": "under the old clock", "email": "dora@example.org"}
    answer = [client.post(path, data=typed | {"time_zone": "UTC"}) for _ in range(5)][-1]
    assert answer.status_code == 429
    assert 'value="dora@example.org"' in answer.text and "Try again in" in answer.text


@pytest.mark.parametrize("path", ["/account/password", "/account/delete", "/account/email"])
def test_a_form_of_the_account_that_rests_is_shown_again(limited, alice, path):
    client = limited.test_client()
    client.post("/login", data={"email": alice.email, "password": PASSWORD})
    wrong = {"password": "no", "current_password": "no", "email": "new@example.org"}
    answer = [client.post(path, data=wrong) for _ in range(11)][-1]
    assert answer.status_code == 429
    assert "Try again in" in answer.text and 'type="password"' in answer.text


def test_the_account_is_guarded_from_many_addresses_at_once(limited, alice):
    client = limited.test_client()
    wrong = {"email": alice.email, "password": "a wrong password"}
    codes = [
        client.post("/login", data=wrong, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}).status_code
        for n in range(11)
    ]
    assert codes[-1] == 429


def test_other_accounts_go_on_meanwhile(limited, alice):
    client = limited.test_client()
    for _ in range(11):
        client.post("/login", data={"email": alice.email, "password": "a wrong password"})
    bob = make_user("bob")
    answer = client.post("/login", data={"email": bob.email, "password": PASSWORD})
    assert answer.status_code == 303


def test_one_address_cannot_try_many_accounts(limited, alice):
    client = limited.test_client()
    codes = [
        client.post("/login", data={"email": f"u{n}@example.org", "password": "x"}).status_code
        for n in range(31)
    ]
    assert codes == [422] * 30 + [429]


def test_logging_in_often_locks_nobody_out(limited, alice):
    right = {"email": alice.email, "password": PASSWORD}
    codes = {limited.test_client().post("/login", data=right).status_code for _ in range(12)}
    assert codes == {303}


@pytest.mark.parametrize("path", ["/reset", "/confirm-again"])
def test_a_mailbox_is_not_flooded(limited, alice, mails, path):
    client = limited.test_client()
    codes = [client.post(path, data={"email": alice.email}).status_code for _ in range(5)]
    assert codes == [303] * 4 + [429]
    assert len(mails()) == 4


def test_mistyping_a_form_is_no_offence(limited, app):
    client = limited.test_client()
    typed = {"name": "Dora", "email": "dora@example.org", "password": "short", "time_zone": "UTC"}
    assert {client.post("/register", data=typed).status_code for _ in range(6)} == {422}
    answer = client.post("/register", data=typed | {"password": "under the old clock"})
    assert answer.status_code == 303


def test_the_password_is_guarded_wherever_it_is_asked_for(limited, alice):
    client = limited.test_client()
    client.post("/login", data={"email": alice.email, "password": PASSWORD})
    paths = ("/account/password", "/account/delete", "/account/email")
    wrong = {"password": "no", "current_password": "no", "email": "new@example.org"}
    codes = [client.post(path, data=wrong).status_code for path in paths * 4]
    assert codes == [422] * 10 + [429] * 2  # it is one password, so they count together


def test_wrong_log_ins_keep_nobody_out_who_is_in(limited, alice):
    inside, stranger = limited.test_client(), limited.test_client()
    inside.post("/login", data={"email": alice.email, "password": PASSWORD})
    for _ in range(11):
        stranger.post("/login", data={"email": alice.email, "password": "a wrong password"})
    assert inside.post("/account/delete", data={"password": "no"}).status_code == 422


def test_looking_at_a_form_is_free(limited):
    client = limited.test_client()
    assert {client.get("/login").status_code for _ in range(40)} == {200}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_everybody_has_one_address_or_one_network(app, first, second, same):
    keys = []
    for address in (first, second):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            keys.append(by_address())
    assert (keys[0] == keys[1]) is same


@pytest.mark.parametrize("path", ["/reset/{}", "/confirm/{}", "/account/email/{}"])
def test_a_stranger_with_made_up_links_keeps_nobody_from_theirs(limited, path):
    client = limited.test_client()

    def open_link(token, address):
        answer = client.post(path.format(token), environ_base={"REMOTE_ADDR": address})
        return answer.status_code

    stranger = [open_link("rubbish", "192.0.2.1") for _ in range(11)]
    assert stranger == [400] * 10 + [429]
    assert open_link("rubbish", "192.0.2.2") == 400
    assert open_link("another", "192.0.2.1") == 400


def test_an_address_typed_into_a_link_does_not_begin_a_new_count(limited):
    client = limited.test_client()
    codes = [
        client.post("/confirm/rubbish", data={"email": f"u{n}@example.org"}).status_code
        for n in range(11)
    ]
    assert codes == [400] * 10 + [429]


def test_the_forms_and_the_api_count_the_same_guesses(limited, alice):
    client = limited.test_client()
    wrong = {"email": alice.email.upper(), "password": "a wrong password"}
    forms = [client.post("/login", data=wrong).status_code for _ in range(5)]
    programs = [client.post("/api/v1/auth/token", json=wrong).status_code for _ in range(6)]
    assert (forms, programs) == ([422] * 5, [401] * 5 + [429])
    assert client.post("/login", data=wrong).status_code == 429


def test_a_hundred_guesses_a_day_are_all_over_the_api_too(limited, alice):
    client, redis = limited.test_client(), limited.extensions["redis"]
    wrong, codes = {"email": alice.email, "password": "a wrong password"}, []
    for n in range(101):
        for key in redis.scan_iter("*guesses/10/5/minute*"):
            redis.delete(key)  # as if five minutes were over
        origin = {"REMOTE_ADDR": f"192.0.2.{n}"}
        answer = client.post("/api/v1/auth/token", json=wrong, environ_base=origin)
        codes.append(answer.status_code)
    assert codes == [401] * 100 + [429]
