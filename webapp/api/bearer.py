"""Who sent this request? A bearer token says it: never the session cookie."""

from flask import Response, g, request

from webapp.accounts.credentials import CredentialRefused, user_of_bearer
from webapp.api.blueprint import bp
from webapp.api.operations import current_operation
from webapp.api.payload import receive
from webapp.api.problems import Problem
from webapp.extensions import db

REALM = 'Bearer realm="Lamplighter"'


@bp.before_request
def authenticate() -> None:
    """Set g.project and g.user, or refuse the request.

    The body is read before the database is asked: a slow sender must not hold the writer's turn.
    """
    operation = current_operation()
    header = request.headers.get("Authorization", "")
    is_open = operation is not None and operation.is_open
    if not is_open and not header:
        raise refused(
            "Send the header Authorization: Bearer …, with an access token of "
            "POST /api/v1/auth/token or with an API key.",
            REALM,
        )
    receive()
    if is_open:
        return
    try:
        g.user, g.project = user_of_bearer(header)
    except CredentialRefused as error:
        raise refused(str(error), f'{REALM}, error="invalid_token"') from error
    db.session.commit()  # what follows begins afresh, and validates outside of any transaction


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def refused(detail: str, challenge: str) -> Problem:
    return Problem(
        401, "unauthorized", "Who are you?", detail, headers={"WWW-Authenticate": challenge}
    )
