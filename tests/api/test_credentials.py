from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.api.programs import SHOP, Program, fields
from tests.factories import PASSWORD, make_flow, make_user, project_of, sign_in
from webapp import create_app
from webapp.accounts import tokens
from webapp.accounts.keys import create_key
from webapp.accounts.models import User
from webapp.extensions import db, limiter
from webapp.flows.models import Flow
from webapp.mailing.models import Mail

GOOD = "correct horse battery"


def log_in(nobody, **values):
    return nobody.post(
        "/auth/token", {"email": "alice@example.org", "password": PASSWORD, **values}
    )


def test_a_password_gives_tokens_that_open_the_api(client, nobody, alice):
    given = log_in(nobody)
    assert given.status_code == 200
    assert given.json.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert given.json["token_type"] == "Bearer" and given.json["expires_in"] > 0
    assert given.headers["Cache-Control"] == "no-store"
    assert Program(client, given.json["access_token"]).get("/flows").status_code == 200


def test_a_refresh_token_gives_a_new_access_token_and_opens_nothing_else(client, nobody, alice):
    given = log_in(nobody).json
    fresh = nobody.post("/auth/refresh", {"refresh_token": given["refresh_token"]})
    assert fresh.status_code == 200
    assert Program(client, fresh.json["access_token"]).get("/flows").status_code == 200
    assert Program(client, given["refresh_token"]).get("/flows").status_code == 401
    refused = nobody.post("/auth/refresh", {"refresh_token": given["access_token"]})
    assert refused.status_code == 401


def test_an_api_key_opens_the_api_also_for_reading_only(client, alice):
    _, text = create_key(alice, "CI")
    program = Program(client, text)
    assert program.get("/flows").status_code == 200
    assert program.post("/flows", SHOP).status_code == 201


@pytest.mark.parametrize(
    "values",
    [{"password": "wrong"}, {"email": "nobody@example.org"}, {"email": "alice@example.org\n"}],
)
def test_a_wrong_password_and_an_unknown_address_are_the_same(nobody, alice, values):
    refused = log_in(nobody, **values)
    if refused.status_code == 200:
        assert values == {"email": "alice@example.org\n"}  # blanks around it are forgiven
        return
    assert refused.status_code == 401
    assert refused.json["detail"] == "The e-mail address or the password is wrong."
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_who_has_not_confirmed_is_told_so_after_the_right_password_only(nobody, app):
    make_user("bob", confirmed_at=None)
    refused = log_in(nobody, email="bob@example.org")
    assert refused.status_code == 403
    assert "confirm-again" in refused.json["detail"]
    assert log_in(nobody, email="bob@example.org", password="wrong").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer forged",
        "Bearer lamp_forged",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "Basic YWxpY2U6eA==",
        "Bearer ü",
    ],
)
def test_nobody_gets_in_without_a_credential(nobody, header):
    headers = {} if header is None else {"Authorization": header}
    for method, path in (("GET", "/flows"), ("POST", "/flows"), ("GET", "/flows/1")):
        refused = nobody.send(method, path, json=SHOP, headers=headers)
        assert refused.status_code == 401
        assert refused.mimetype == "application/problem+json"
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_cookie_opens_nothing(app, alice):
    browser = app.test_client()
    sign_in(browser, alice)
    program = Program(browser, None)
    flow = make_flow(alice)
    assert program.get("/flows").status_code == 401
    assert program.post("/flows", SHOP).status_code == 401
    assert program.delete(f"/flows/{flow.id}").status_code == 401
    assert db.session.get(Flow, flow.id) is not None


def test_the_bearer_decides_and_not_the_session(app, alice, charlie, stranger):
    sign_in(stranger.client, alice)
    flow = make_flow(alice)
    assert stranger.get(f"/flows/{flow.id}").status_code == 404
    made = stranger.post("/flows", SHOP).json["id"]
    assert db.session.get_one(Flow, made).project_id == project_of(charlie).id


def test_registering_and_confirming_opens_the_door(nobody):
    person = {"name": "Dora", "email": "dora@example.org", "password": GOOD}
    registered = nobody.post("/auth/register", person)
    assert registered.status_code == 202
    assert log_in(nobody, email="dora@example.org", password=GOOD).status_code == 403
    dora = db.session.scalars(select(User).where(User.email_key == "dora@example.org")).one()
    token = tokens.sign(tokens.CONFIRM, dora.id, tokens.mark_of(dora))
    mail = db.session.scalars(select(Mail)).one()
    assert mail.recipient == "dora@example.org"
    assert nobody.post("/auth/confirm", {"token": token}).status_code == 200
    assert nobody.post("/auth/confirm", {"token": token}).status_code == 200
    assert log_in(nobody, email="dora@example.org", password=GOOD).status_code == 200


def test_a_known_address_gets_the_same_answer(nobody, alice):
    unknown = {"name": "Eve", "email": "eve@example.org", "password": GOOD}
    known = {**unknown, "email": alice.email}
    one, other = nobody.post("/auth/register", unknown), nobody.post("/auth/register", known)
    assert (one.status_code, one.data) == (other.status_code, other.data)
    again = [
        nobody.post("/auth/confirm-again", {"email": email}).data
        for email in (alice.email, "eve@example.org", "zoe@example.org")
    ]
    assert len(set(again)) == 1
    assert b"If this address is registered here, a mail is on its way to it." in again[0]


@pytest.mark.parametrize("email", ["garbage", "nul\u00a0@example.org"])
def test_a_mail_is_not_promised_to_what_is_no_address(nobody, email):
    refused = nobody.post("/auth/confirm-again", {"email": email})
    assert refused.status_code == 422 and "is no e-mail address" in fields(refused)["email"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"password": "short"}, "password"),
        ({"name": " "}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"is_admin": True}, "is_admin"),
        ({"email": None}, "email"),
    ],
)
def test_a_registration_with_a_mistake_names_its_field(nobody, values, field):
    person = {"name": "Dora", "email": "dora@example.org", "password": GOOD, **values}
    refused = nobody.post("/auth/register", person)
    assert refused.status_code == 422 and field in fields(refused)


def test_a_forged_confirmation_is_refused(nobody):
    refused = nobody.post("/auth/confirm", {"token": "forged"})
    assert refused.status_code == 422
    assert "confirm-again" in fields(refused)["token"] and "below" not in refused.text


@pytest.fixture
def limited(app, config, alice):
    """Nobody, at a server that counts."""
    counting = create_app(replace(config, ratelimit_enabled=True), TESTING=True)
    yield Program(counting.test_client(), None)
    limiter.reset()
    limiter.enabled = False
    with counting.app_context():
        db.engine.dispose()


def test_passwords_cannot_be_guessed_for_ever(limited):
    answers = [log_in(limited, password=f"guess {number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    stopped = answers[-1]
    assert stopped.mimetype == "application/problem+json"
    assert "10 per 5 minutes are allowed" in stopped.json["detail"]
    assert int(stopped.headers["Retry-After"]) > 0
    assert log_in(limited, email="bob@example.org").status_code == 401  # another account


def test_a_mailbox_cannot_be_flooded(limited):
    answers = [
        limited.post("/auth/confirm-again", {"email": "alice@example.org"}) for _ in range(5)
    ]
    assert [answer.status_code for answer in answers] == [202] * 4 + [429]


def test_a_right_password_is_never_too_often(limited):
    assert {log_in(limited).status_code for _ in range(12)} == {200}
