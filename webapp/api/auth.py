"""Tokens, registration and confirmation over the API."""

from flask import Response

from webapp.accounts import credentials, registration
from webapp.accounts.credentials import CredentialRefused
from webapp.accounts.details import DetailsRefused
from webapp.accounts.patience import at_least
from webapp.accounts.registration import AlreadyConfirmed, RegistrationClosed
from webapp.accounts.sessions import LoginRefused, NotConfirmed, check_password
from webapp.accounts.tokens import CONFIRM, TokenRefused
from webapp.api.answers import Message, Tokens, answer
from webapp.api.bearer import REALM, refused
from webapp.api.blueprint import bp
from webapp.api.bodies import Address, Confirmation, Credentials, Refresh, Registration
from webapp.api.limits import (
    guesses_by_account,
    guesses_by_address,
    mails_by_account,
    mails_by_address,
    tries_by_address,
)
from webapp.api.operations import describe
from webapp.api.payload import read
from webapp.api.problems import FieldError, Problem, invalid

CHECK_MAIL = (
    "A mail is on its way to this address. If it has no account yet, the mail has a link that "
    "confirms it; the token is the last part of that link."
)
IF_REGISTERED = (
    "If this address is registered here, a mail is on its way to it. If it waits for its "
    "confirmation, the mail has a link for that; the token is the last part of that link."
)
UNCONFIRMED = (
    "The password is right, but this address was never confirmed. Open the link in the mail, or "
    "have it sent again by POST /api/v1/auth/confirm-again."
)


@bp.post("/auth/token")
@describe(
    tag="Accounts", body=Credentials, answers={200: Tokens}, problems=(401, 403, 429), is_open=True
)
@guesses_by_address
@guesses_by_account
def auth_token() -> Response:
    """Get tokens. The access token goes into the header Authorization of every other request."""
    given = read(Credentials)
    try:
        user = check_password(given.email, given.password)
    except LoginRefused as error:
        raise refused(str(error), REALM) from error
    except NotConfirmed as error:
        raise Problem(403, "unconfirmed", "Confirm your address first", UNCONFIRMED) from error
    return answer(Tokens.model_validate(credentials.issue_tokens(user)))


@bp.post("/auth/refresh")
@describe(
    tag="Accounts", body=Refresh, answers={200: Tokens}, problems=(401, 403, 429), is_open=True
)
@guesses_by_address
def auth_refresh() -> Response:
    """Get a new access token. The refresh token stays the same until it runs out."""
    given = read(Refresh)
    try:
        tokens = credentials.refresh(given.refresh_token)
    except CredentialRefused as error:
        raise refused(str(error), f'{REALM}, error="invalid_token"') from error
    return answer(Tokens.model_validate(tokens))


@bp.post("/auth/register")
@describe(
    tag="Accounts", body=Registration, answers={202: Message}, problems=(403, 429), is_open=True
)
@mails_by_address
@mails_by_account
def auth_register() -> Response:
    """Register. A mail confirms the address; a known address gets the same answer."""
    given = read(Registration)
    try:
        with at_least():
            registration.register(
                given.name, given.email, given.password, given.time_zone, given.invitation
            )
    except DetailsRefused as error:
        raise _invalid_details(error) from error
    except TokenRefused as error:
        raise invalid([FieldError("invitation", str(error))]) from error
    except RegistrationClosed as error:
        raise Problem(403, "registration-closed", "Registration is closed", str(error)) from error
    return answer(Message(message=CHECK_MAIL), 202)


@bp.post("/auth/confirm")
@describe(tag="Accounts", body=Confirmation, answers={200: Message}, problems=(429,), is_open=True)
@tries_by_address
def auth_confirm() -> Response:
    """Confirm an address. With the token from the link of the mail."""
    given = read(Confirmation)
    try:
        registration.confirm(given.token)
    except AlreadyConfirmed:
        return answer(Message(message="The address was confirmed before."))
    except TokenRefused as error:
        detail = str(error).removesuffix(CONFIRM.again).strip()
        again = "POST /api/v1/auth/confirm-again has a new one sent."
        raise invalid([FieldError("token", f"{detail} {again}")]) from error
    return answer(Message(message="The address is confirmed. Now get a token."))


@bp.post("/auth/confirm-again")
@describe(tag="Accounts", body=Address, answers={202: Message}, problems=(429,), is_open=True)
@mails_by_address
@mails_by_account
def auth_confirm_again() -> Response:
    """Have the confirmation sent again. The answer is the same for every address."""
    given = read(Address)
    try:
        with at_least():
            registration.confirm_again(given.email)
    except DetailsRefused as error:
        raise _invalid_details(error) from error
    return answer(Message(message=IF_REGISTERED), 202)


def _invalid_details(refused: DetailsRefused) -> Problem:
    return invalid([FieldError(field, sentence) for field, sentence in refused.errors])
