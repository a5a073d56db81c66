"""How often tokens may be asked for and mails be sent, by who asks and by the account asked for."""

import json

from flask import Response, request

from webapp.accounts.limits import (
    GUESSES_BY_ADDRESS,
    by_address,
    by_email,
    guesses_of_account,
)
from webapp.extensions import limiter


def by_account() -> str:
    """The account that the body names, by the same key as in the forms."""
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        body = None
    email = body.get("email") if isinstance(body, dict) else None
    return by_email(email if isinstance(email, str) else "")


def was_refused(response: Response) -> bool:
    """Only a wrong credential counts: nobody is locked out by using a right one often."""
    return response.status_code in {401, 403}


def was_accepted(response: Response) -> bool:
    """Only what sends a mail counts: nobody is locked out by a body with a mistake in it."""
    return response.status_code < 300


guesses_by_address = limiter.limit(GUESSES_BY_ADDRESS, key_func=by_address, deduct_when=was_refused)
# The same budget as the forms have: it is the same password.
guesses_by_account = guesses_of_account(by_account, was_refused)
mails_by_address = limiter.limit(
    "10 per minute;60 per hour", key_func=by_address, deduct_when=was_accepted
)
mails_by_account = limiter.limit(
    "4 per 10 minutes;10 per day", key_func=by_account, deduct_when=was_accepted
)
tries_by_address = limiter.limit("60 per minute", key_func=by_address)
