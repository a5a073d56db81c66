"""Signed links: each for one purpose, for a limited time, dead once the purpose has been served."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from webapp.accounts.models import User


class TokenRefused(Exception):
    """The link cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Purpose:
    name: str
    valid_for: timedelta
    valid: str  # the same in words
    again: str  # how to get a new one, as a sentence


CONFIRM = Purpose("confirm", timedelta(days=3), "3 days", "Have a new one sent to you below.")
RESET = Purpose("reset", timedelta(hours=1), "one hour", "Ask for a new one below.")
CHANGE_EMAIL = Purpose(
    "change e-mail", timedelta(days=1), "one day", "Change the address on your account page again."
)
INVITE = Purpose("invite", timedelta(days=7), "7 days", "Ask whoever invited you for a new one.")


def sign(purpose: Purpose, *values: Any) -> str:
    return str(_serializer(purpose).dumps(list(values)))


def read(purpose: Purpose, token: str) -> list[Any]:
    """What was signed; raises TokenRefused for what is forged, cut off, old or for another use."""
    try:
        values = _serializer(purpose).loads(token, max_age=int(purpose.valid_for.total_seconds()))
    except SignatureExpired as error:
        raise TokenRefused(
            f"This link is too old: it worked for {purpose.valid}. {purpose.again}"
        ) from error
    except BadData as error:
        raise TokenRefused(
            "This link is not complete, or it was changed on its way. Copy the whole address from "
            f"the mail. {purpose.again}"
        ) from error
    return list(values)


def used_up(purpose: Purpose) -> TokenRefused:
    return TokenRefused(f"This link does not work any more. {purpose.again}")


def mark_of(user: User) -> str:
    """Changes with the address and the password: what was signed with it before is dead then."""
    facts = f"{user.email_key}\n{user.password_hash}"
    return hmac.new(derived_key("marks"), facts.encode(), hashlib.sha256).hexdigest()[:32]


def fits(user: User, mark: str) -> bool:
    return hmac.compare_digest(mark_of(user), mark)


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived_key("links"), salt=f"lamplighter {purpose.name}")


def derived_key(use: str) -> bytes:
    """A key of its own for each use, from SECRET_KEY: a signature for one is none for another."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"lamplighter {use}".encode(), hashlib.sha256).digest()
