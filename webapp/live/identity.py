"""Who asks for a stream: the person of the session cookie, or a program with a token or key."""

from flask import Response, abort, g, request
from flask_login import current_user

from webapp.accounts.access import current_project
from webapp.accounts.credentials import CredentialRefused, user_of_bearer
from webapp.accounts.models import Project


def listening_project() -> Project:
    """The project whose events may be sent; 401 in words for nobody.

    From here on `current_user` and `load` mean the owner of the token, if one was sent.
    """
    header = request.headers.get("Authorization")
    if not header:
        if not current_user.is_authenticated:
            abort(_refusal("Log in first, or send the header Authorization: Bearer …."))
        return current_project()
    try:
        user, project = user_of_bearer(header)
    except CredentialRefused as error:
        abort(_refusal(str(error)))
    g._login_user, g.project = user, project  # where Flask-Login and current_project look
    return project


def _refusal(sentence: str) -> Response:
    response = Response(sentence, 401, mimetype="text/plain")
    response.headers["WWW-Authenticate"] = 'Bearer realm="Lamplighter"'
    return response
