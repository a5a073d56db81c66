"""What people see when something is not there, is refused or broke; and the way in at "/"."""

import logging
import secrets

from flask import Flask, Response, make_response, redirect, render_template
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp.extensions import db

log = logging.getLogger(__name__)

# Title, and a sentence that says what to do now.
WORDS = {
    400: ("That could not be read", "Something in the request is not as it should be. Go back, "
          "reload the page and try again."),
    401: ("Log in first", "This page belongs to somebody. Log in to see it."),
    403: ("That is not allowed", "Your account may not do this."),
    404: ("There is nothing here", "The address is wrong, or what was here is deleted. Look for it "
          "in the list it belongs to."),
    405: ("That is not how this works", "This address does something only when a button asks for "
          "it. Go back and use the button."),
    413: ("That is too much at once", "What you sent is larger than 2 MB. Shorten it and send it "
          "again."),
    429: ("That was too often", "Wait a minute, then try again."),
    503: ("Not just now", "A part of Lamplighter does not answer. Try again in a minute."),
}  # fmt: skip
STALE_FORM = (
    "That form is out of date",
    "It was opened before you logged in or out, perhaps in another window. Go back, reload the "
    "page and send it again.",
)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, on_http_error)
    app.add_url_rule("/", "start", start)


def start() -> AnyResponse:
    """Whoever comes to the door is shown the own flows, or where to log in."""
    return redirect("/flows/" if current_user.is_authenticated else "/login", code=303)


def on_http_error(error: HTTPException) -> AnyResponse:
    """A page that says what happened; a crash arrives here too, as a 500 that is logged already."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # an answer that was thrown
    db.session.rollback()
    code = error.code or 500
    title, message = _crash() if code >= 500 and code not in WORDS else _words(error, code)
    response = _page(code, title, message)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _words(error: HTTPException, code: int) -> tuple[str, str]:
    if isinstance(error, CSRFError):
        return STALE_FORM
    title, message = WORDS.get(code, (error.name, ""))
    # A sentence of our own says more than the one that every such error has.
    own = error.description if error.description != type(error).description else None
    return title, own or message or type(error).description or error.name


def _crash() -> tuple[str, str]:
    log_id = secrets.token_hex(6)
    log.error("the error above was shown as [%s]", log_id)
    return (
        "Something broke on our side",
        "This is our mistake, and nothing was changed. Whoever runs this Lamplighter finds it in "
        f"the log under {log_id}.",
    )


def _page(code: int, title: str, message: str) -> Response:
    try:
        page = render_template("error.html", code=code, title=title, message=message)
    except Exception:
        if code < 500:
            raise
        # The page itself needs the database, which may be what broke.
        log.exception("the error page could not be drawn")
        return Response(f"{title}. {message}\n", code, mimetype="text/plain")
    return make_response(page, code)
