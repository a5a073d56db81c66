"""How often the forms that ask for a password, or send a mail, may be tried."""

import hashlib
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Response, request
from flask_login import current_user

from webapp.extensions import limiter

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def by_address() -> str:
    """Who asks: the IPv4 address, or the IPv6 network, of which everyone has millions."""
    raw = request.remote_addr or "nowhere"
    try:
        address = ip_address(raw)
    except ValueError:
        return raw
    if isinstance(address, IPv6Address):
        return str(int(address) >> 64)
    return raw


def by_account() -> str:
    """Whom it is about: the address in the form, or who is logged in. Hashed: keys get logged."""
    about = request.form.get("email", "").strip().lower()
    if current_user.is_authenticated:
        about = current_user.get_id()
    return "account " + hashlib.sha256(about.encode()).hexdigest()[:24]


def was_refused(response: Response) -> bool:
    """Only tries that failed count: nobody is locked out by logging in often."""
    return response.status_code != 303


def was_done(response: Response) -> bool:
    """Only what sent a mail counts: nobody is locked out by mistyping a form."""
    return response.status_code == 303


def limited(counts: Callable[[Response], bool], by_who: str, by_whom: str) -> Decorator:
    """Limit the POSTs of a view, by who asks and by the account that they are about."""
    of_address = limiter.limit(by_who, key_func=by_address, methods=["POST"], deduct_when=counts)
    of_account = limiter.limit(by_whom, key_func=by_account, methods=["POST"], deduct_when=counts)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        return of_address(of_account(view))

    return decorate


GUESSES = limited(was_refused, "30 per minute;200 per hour", "10 per 5 minutes;100 per day")
MAILS = limited(was_done, "20 per minute;100 per hour", "4 per 10 minutes;15 per day")
