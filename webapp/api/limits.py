"""How often tokens may be asked for and mails be sent, by who asks and by the account asked for."""

import hashlib
import json

from flask import Response, request

from webapp.accounts.limits import by_address
from webapp.extensions import limiter


def by_account() -> str:
    """The account that the body names. Hashed: keys get logged."""
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        body = None
    email = body.get("email") if isinstance(body, dict) else None
    about = email.strip().lower() if isinstance(email, str) else ""
    return "account " + hashlib.sha256(about.encode(errors="replace")).hexdigest()[:24]


def was_refused(response: Response) -> bool:
    """Only a wrong credential counts: nobody is locked out by using a right one often."""
    return response.status_code in {401, 403}


def was_accepted(response: Response) -> bool:
    """Only what sends a mail counts: nobody is locked out by a body with a mistake in it."""
    return response.status_code < 300


# The figures of the forms in accounts.limits, for the same two dangers.
guesses_by_address = limiter.limit(
    "30 per minute;200 per hour", key_func=by_address, deduct_when=was_refused
)
guesses_by_account = limiter.limit("10 per 5 minutes", key_func=by_account, deduct_when=was_refused)
mails_by_address = limiter.limit(
    "10 per minute;60 per hour", key_func=by_address, deduct_when=was_accepted
)
mails_by_account = limiter.limit(
    "4 per 10 minutes;10 per day", key_func=by_account, deduct_when=was_accepted
)
tries_by_address = limiter.limit("60 per minute", key_func=by_address)
