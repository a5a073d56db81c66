"""What programs show instead of a session: a token that runs out, or an API key."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
from flask import g
from sqlalchemy import or_, select, update

from webapp import clock, extensions
from webapp.accounts.access import project_of
from webapp.accounts.keys import MARK, hash_of
from webapp.accounts.models import ApiKey, Project, User
from webapp.accounts.tokens import derived_key
from webapp.extensions import db

ACCESS = timedelta(minutes=15)
REFRESH = timedelta(days=30)
ISSUER = "lamplighter"
# The time of last use is for people: once a minute is enough, and spares the database.
NOTED_EVERY = timedelta(minutes=1)


class CredentialRefused(Exception):
    """The token or key opens nothing; the message says why and what to do."""


def issue_tokens(user: User) -> dict[str, str | int]:
    """What POST /auth/token answers to a right password."""
    return _answer(user, _token(user, "refresh", REFRESH))


def refresh(refresh_token: str) -> dict[str, str | int]:
    """A new access token; the refresh token stays the same, and runs out when it would have."""
    return _answer(_user_of_token(refresh_token, "refresh"), refresh_token)


def user_of_bearer(header: str | None) -> tuple[User, Project]:
    """Who sent `Authorization: Bearer …`; raises CredentialRefused."""
    scheme, _, credential = (header or "").strip().partition(" ")
    credential = credential.strip()
    if not header:
        raise CredentialRefused(
            "Expected the header Authorization: Bearer …, with an access token or an API key."
        )
    if scheme.lower() != "bearer" or not credential:
        raise CredentialRefused(
            "Expected Authorization: Bearer …, found another kind of Authorization."
        )
    if credential.startswith(MARK):
        return _user_of_key(credential)
    user = _user_of_token(credential, "access")
    return user, project_of(user)


def _user_of_key(text: str) -> tuple[User, Project]:
    known = (
        select(ApiKey, User, Project)
        .join(User, User.id == ApiKey.user_id)
        .join(Project, Project.id == ApiKey.project_id)
        .where(ApiKey.key_hash == hash_of(text), User.confirmed_at.is_not(None))
    )
    found = db.session.execute(known).one_or_none()
    if found is None:
        raise CredentialRefused(
            "This API key is not known. It may have been revoked; make one on the account page."
        )
    key, user, project = found
    if key.last_used_at is None or key.last_used_at < clock.now() - NOTED_EVERY:
        _note_use(key.id)
    return user, project


def _note_use(key_id: int) -> None:
    """Write the time in a transaction of its own; a request that only reads goes on reading."""
    only_reads = g.get("only_reads", False)
    extensions.writing()
    now = clock.now()
    stale = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now - NOTED_EVERY)
    db.session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, stale)
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if only_reads:
        extensions.reading()


def _answer(user: User, refresh_token: str) -> dict[str, str | int]:
    return {
        "access_token": _token(user, "access", ACCESS),
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": int(ACCESS.total_seconds()),
    }


def _token(user: User, kind: str, valid_for: timedelta) -> str:
    now = clock.now()
    claims = {
        "iss": ISSUER, "sub": str(user.id), "epoch": user.session_epoch, "kind": kind,
        "iat": now, "exp": now + valid_for, "jti": uuid4().hex,
    }  # fmt: skip
    return jwt.encode(claims, derived_key("tokens"), algorithm="HS256")


def _user_of_token(token: str, kind: str) -> User:
    claims = _claims(token)
    if claims.get("kind") != kind:
        raise CredentialRefused(f"Expected the {kind} token, found the {claims.get('kind')} token.")
    user = db.session.get(User, int(claims["sub"]))
    if user is None or not user.is_confirmed or user.session_epoch != claims.get("epoch"):
        raise CredentialRefused(
            "This token ended when the password was changed or the account was deleted. "
            "Get a new one by POST /api/v1/auth/token."
        )
    return user


def _claims(token: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, derived_key("tokens"), algorithms=["HS256"], issuer=ISSUER,
            options={"require": ["exp", "sub", "iss"]},
        )  # fmt: skip
    except jwt.ExpiredSignatureError as error:
        raise CredentialRefused(
            "This token has expired. Get a new one by POST /api/v1/auth/refresh."
        ) from error
    except jwt.InvalidTokenError as error:
        raise CredentialRefused(
            "This is neither a token of this server nor an API key (which begins with lamp_)."
        ) from error
    return claims
