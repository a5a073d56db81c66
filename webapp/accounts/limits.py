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
    """Whom it is about: the mailed link, who is logged in, or the address in the form.

    With a link it also counts who asks: a stranger who tries links of their own making keeps
    nobody from theirs.
    """
    token = (request.view_args or {}).get("token")
    if token is not None:
        return key_of("link", f"{token} {by_address()}")
    if current_user.is_authenticated:
        return key_of("user", current_user.get_id())
    return by_email(request.form.get("email", ""))


def by_email(email: str) -> str:
    """The account of this address, over the forms and the API alike; without one, who asks."""
    about = email.strip().lower()
    return key_of("account", about) if about else key_of("address", by_address())


def key_of(kind: str, about: str) -> str:
    """Hashed: keys get logged. The kind keeps what is typed apart from what is not."""
    return f"{kind} {hashlib.sha256(about.encode(errors='replace')).hexdigest()[:24]}"


def was_refused(response: Response) -> bool:
    """Only tries that failed count: nobody is locked out by logging in often."""
    return response.status_code != 303


def was_done(response: Response) -> bool:
    """Only what sent a mail counts: nobody is locked out by mistyping a form."""
    return response.status_code == 303


def both(of_address: Decorator, of_account: Decorator) -> Decorator:
    """Limit the POSTs of a view, by who asks and by the account that they are about."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        return of_address(of_account(view))

    return decorate


GUESSES_BY_ADDRESS = "30 per minute;200 per hour"


def guesses_of_account(key: Callable[[], str], counts: Callable[[Response], bool]) -> Decorator:
    """One budget for one password, wherever it is asked for."""
    return limiter.shared_limit(
        "10 per 5 minutes;100 per day",
        scope="guesses", key_func=key, methods=["POST"], deduct_when=counts,
    )  # fmt: skip


GUESSES = both(
    limiter.limit(
        GUESSES_BY_ADDRESS, key_func=by_address, methods=["POST"], deduct_when=was_refused
    ),
    guesses_of_account(by_account, was_refused),
)
MAILS = both(
    limiter.limit(
        "20 per minute;100 per hour", key_func=by_address, methods=["POST"], deduct_when=was_done
    ),
    limiter.limit(
        "4 per 10 minutes;15 per day", key_func=by_account, methods=["POST"], deduct_when=was_done
    ),
)
