from datetime import timedelta

import jwt
import pytest

from tests.factories import make_user, project_of
from webapp import clock
from webapp.accounts import credentials, keys
from webapp.accounts.credentials import (
    CredentialRefused,
    issue_tokens,
    refresh,
    user_of_bearer,
)
from webapp.accounts.tokens import derived_key
from webapp.extensions import db, reading


def test_an_access_token_names_the_user_and_the_project(alice):
    tokens = issue_tokens(alice)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    user, project = user_of_bearer(f"Bearer {tokens['access_token']}")
    assert (user, project) == (alice, project_of(alice))


def test_the_scheme_may_be_written_in_any_case(alice):
    assert user_of_bearer(f"bearer  {issue_tokens(alice)['access_token']}")[0] == alice


def test_a_refresh_token_gets_a_new_access_token(alice):
    tokens = issue_tokens(alice)
    again = refresh(tokens["refresh_token"])
    assert again["access_token"] != tokens["access_token"]
    assert again["refresh_token"] == tokens["refresh_token"]
    assert user_of_bearer(f"Bearer {again['access_token']}")[0] == alice


def test_the_two_kinds_are_not_taken_for_each_other(alice):
    tokens = issue_tokens(alice)
    with pytest.raises(CredentialRefused, match="Expected the access token, found the refresh"):
        user_of_bearer(f"Bearer {tokens['refresh_token']}")
    with pytest.raises(CredentialRefused, match="Expected the refresh token, found the access"):
        refresh(tokens["access_token"])


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer lamp_", "lamp_x"]
)
def test_anything_else_opens_nothing(database, header):
    with pytest.raises(CredentialRefused):
        user_of_bearer(header)


def test_tokens_end_with_their_time(alice, monkeypatch):
    tokens = issue_tokens(alice)
    now = clock.now()
    monkeypatch.setattr(credentials, "ACCESS", timedelta(seconds=-1))
    late = issue_tokens(alice)["access_token"]
    assert now <= clock.now()
    with pytest.raises(CredentialRefused, match="has expired"):
        user_of_bearer(f"Bearer {late}")
    assert refresh(tokens["refresh_token"])


def test_tokens_end_with_the_password(alice):
    tokens = issue_tokens(alice)
    alice.session_epoch += 1
    db.session.commit()
    with pytest.raises(CredentialRefused, match="when the password was changed"):
        user_of_bearer(f"Bearer {tokens['access_token']}")
    with pytest.raises(CredentialRefused):
        refresh(tokens["refresh_token"])


def test_tokens_end_with_the_user(alice):
    tokens = issue_tokens(alice)
    db.session.delete(alice)
    db.session.commit()
    with pytest.raises(CredentialRefused):
        user_of_bearer(f"Bearer {tokens['access_token']}")


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_forged_token_opens_nothing(alice, algorithm):
    claims = {"iss": "lamplighter", "sub": str(alice.id), "epoch": 0, "kind": "access"}
    key = "a guess of at least thirty-two bytes" if algorithm == "HS256" else None
    claims["exp"] = clock.now() + timedelta(hours=1)
    forged = jwt.encode(claims, key, algorithm=algorithm)
    with pytest.raises(CredentialRefused, match="neither a token of this server nor an API key"):
        user_of_bearer(f"Bearer {forged}")


def test_the_key_of_tokens_signs_nothing_else(app):
    uses = [derived_key(use) for use in ("tokens", "links", "marks")]
    assert len({*uses, app.config["SECRET_KEY"].encode()}) == 4


def test_an_api_key_opens_its_project_and_notes_its_use(alice):
    key, text = keys.create_key(alice, "CI")
    assert user_of_bearer(f"Bearer {text}") == (alice, project_of(alice))
    db.session.refresh(key)
    assert clock.now() - key.last_used_at < timedelta(seconds=5)


def test_its_use_is_noted_once_a_minute(alice):
    key, text = keys.create_key(alice, "CI")
    noted = clock.now() - timedelta(seconds=30)
    key.last_used_at = noted
    db.session.commit()
    user_of_bearer(f"Bearer {text}")
    db.session.refresh(key)
    assert key.last_used_at == noted


def test_a_request_that_only_reads_still_notes_the_use(app, alice):
    key, text = keys.create_key(alice, "CI")
    with app.app_context():
        reading()
        assert user_of_bearer(f"Bearer {text}")[0].id == alice.id
        db.session.rollback()
    db.session.refresh(key)
    assert key.last_used_at is not None


def test_a_revoked_key_opens_nothing(alice):
    key, text = keys.create_key(alice, "CI")
    keys.revoke(key)
    with pytest.raises(CredentialRefused, match="This API key is not known"):
        user_of_bearer(f"Bearer {text}")


def test_a_key_of_an_unconfirmed_user_opens_nothing(database):
    erik = make_user("erik")
    _, text = keys.create_key(erik, "CI")
    erik.confirmed_at = None
    db.session.commit()
    with pytest.raises(CredentialRefused):
        user_of_bearer(f"Bearer {text}")
