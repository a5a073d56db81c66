"""The outbox: what would have been sent, for whoever tries Lamplighter without a mail server."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from flask_login import current_user, login_required
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from webapp import clock
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.mailing import outbox as box
from webapp.mailing.jobs import deliver
from webapp.mailing.models import Mail, MailState
from webapp.pages import render
from webapp.queues import enqueue

bp = Blueprint("mailing", __name__)

# A mail is somebody's text: it gets no script, no form, and nothing from elsewhere. Its links open
# in the whole window, and only when somebody clicks them.
MAIL_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
P = ParamSpec("P")
R = TypeVar("R")


def at_this_machine(view: Callable[P, R]) -> Callable[P, R]:
    """404 for everyone who does not sit here: the page does not exist for them."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not box.is_available(request):
            abort(404)
        return view(*args, **kwargs)

    return guarded


@bp.app_context_processor
def outbox_available() -> dict[str, bool]:
    return {"outbox_available": box.is_available(request) if request else False}


@bp.get("/outbox/")
@at_this_machine
def outbox() -> Response:
    mails = db.session.scalars(box.newest()).all()
    return render("mailing/outbox.html", fragment="mails", mails=mails)


@bp.get("/outbox/<int:mail_id>")
@at_this_machine
def show(mail_id: int) -> Response:
    mail = _mail(mail_id)
    return render("mailing/show.html", fragment="mail", mail=mail, text=box.with_links(mail.text))


@bp.get("/outbox/<int:mail_id>/html")
@at_this_machine
def html(mail_id: int) -> Response:
    """The HTML of the mail as a document of its own, for the frame in the page."""
    mail = _mail(mail_id)
    page = mail.html.replace("<head>", '<head><base target="_top">', 1)
    for one in mail.pictures:
        shown = url_for("mailing.picture", mail_id=mail.id, cid=one["cid"])
        page = page.replace(f"cid:{one['cid']}", shown)
    response = make_response(page)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get("/outbox/<int:mail_id>/pictures/<cid>")
@at_this_machine
def picture(mail_id: int, cid: str) -> Response:
    one = next((one for one in _mail(mail_id).pictures if one["cid"] == cid), None)
    if one is None or not one["media_type"].startswith("image/"):
        abort(404)
    try:
        response = make_response(store().get(one["sha256"]))
    except ContentMissing:
        abort(404)
    response.mimetype = one["media_type"]
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.get("/mail/failed")
@login_required
def failed() -> Response:
    """For admins: mails that were given up or wait for another try, and why."""
    _admins_only()
    troubled = (
        select(Mail)
        .where(Mail.state.in_([MailState.FAILED, MailState.WAITING]), Mail.error.is_not(None))
        .order_by(Mail.id.desc())
        .limit(box.SHOWN)
    )
    return render("mailing/failed.html", fragment="mails", mails=db.session.scalars(troubled).all())


@bp.post("/mail/failed/<int:mail_id>/again")
@login_required
def again(mail_id: int) -> Answer:
    """For admins: forget the failures of a mail and send it now."""
    _admins_only()
    mail = _mail(mail_id)
    if mail.state in {MailState.FAILED, MailState.WAITING}:
        mail.state, mail.tries = MailState.WAITING, 0
        mail.created_at = mail.next_try_at = clock.now()
        enqueue(deliver, mail.id, queue="notify")
        db.session.commit()
    return redirect(url_for("mailing.failed"), code=303)


def _mail(mail_id: int) -> Mail:
    mail = db.session.get(Mail, mail_id) if mail_id < 2**63 else None
    if mail is None:
        abort(404)
    return mail


def _admins_only() -> None:
    if not current_user.is_admin:
        abort(404)
