"""Log in and out, and recognise who is logged in."""

from urllib.parse import urlsplit

from flask import Request, Response, redirect, request, session, url_for
from flask_login import login_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as Answer

from webapp import extensions
from webapp.accounts.access import user_with
from webapp.accounts.models import User
from webapp.accounts.passwords import hashed, is_outdated, is_right
from webapp.extensions import db, login


class LoginRefused(Exception):
    """The address or the password is wrong; the message does not say which."""


class NotConfirmed(Exception):
    """The password is right, but the address was never confirmed."""


@login.user_loader
def load_user(session_id: str) -> User | None:
    """The user of a session or remember cookie, unless the password was changed since."""
    user_id, _, epoch = session_id.partition(".")
    if not user_id.isdecimal() or not epoch.isdecimal():
        return None
    user = db.session.get(User, int(user_id))
    if user is None or user.session_epoch != int(epoch) or not user.is_confirmed:
        return None
    return user


@login.unauthorized_handler
def ask_to_log_in() -> Answer:
    """Off to the log-in page; htmx is told to go there as a whole, and scripts get a plain 401."""
    if request.headers.get("HX-Request"):
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        target = url_for("accounts.login", next=_path_and_query(shown.path, shown.query))
        return Response(status=401, headers={"HX-Redirect": target})
    if request.accept_mimetypes and not request.accept_mimetypes.accept_html:
        raise Unauthorized("Log in first.")
    if request.method == "GET":
        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")), code=303)
    return redirect(url_for("accounts.login", next=_came_from(request)), code=303)


def check_password(email: str, password: str) -> User:
    """The user whom this address and password log in.

    Raises LoginRefused or NotConfirmed. Takes as long for an address that nobody has.
    """
    user = user_with(email)
    db.session.commit()  # hashing is slow: no transaction stays open meanwhile
    if not is_right(password, user.password_hash if user else None) or user is None:
        raise LoginRefused("The e-mail address or the password is wrong.")
    if is_outdated(user.password_hash):
        _hash_anew(user, password)
    if not user.is_confirmed:
        raise NotConfirmed
    return user


def enter(user: User, remember: bool = False) -> None:
    """Log the user in, in a session that shares nothing with the one before."""
    session.clear()
    login_user(user, remember=remember)


def safe_next(target: str | None) -> str | None:
    """The page to go to after the log-in, if it is one of ours: a path, and nothing but a path."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path in {"/login", "/logout"}:
        return None
    return target


def _hash_anew(user: User, password: str) -> None:
    extensions.writing()
    user.password_hash = hashed(password)
    db.session.add(user)
    db.session.commit()


def _came_from(request: Request) -> str | None:
    """The page whose form was sent, by its Referer."""
    page = urlsplit(request.headers.get("Referer", ""))
    return _path_and_query(page.path, page.query) if page.netloc == request.host else None


def _path_and_query(path: str, query: str) -> str | None:
    return safe_next(f"{path}?{query}" if query else path)
