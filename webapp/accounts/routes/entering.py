"""Pages for whoever is not logged in yet: register, confirm, log in, forget the password."""

from typing import Any

from flask import Response, flash, redirect, request, session, url_for
from flask_login import current_user, login_required, logout_user
from werkzeug.wrappers import Response as Answer

from webapp import extensions
from webapp.accounts import changing, registration, tokens
from webapp.accounts.details import DetailsRefused
from webapp.accounts.forms import (
    ConfirmForm,
    EmailForm,
    LoginForm,
    NewPasswordForm,
    PlainForm,
    RegisterForm,
    show,
)
from webapp.accounts.limits import GUESSES, MAILS
from webapp.accounts.patience import at_least
from webapp.accounts.routes.blueprint import START, bp, page, while_resting
from webapp.accounts.sessions import LoginRefused, NotConfirmed, check_password, enter, safe_next

# Session: which registration was typed in this browser, where its mail went, and for which address
# another one was asked for since, which may be nobody's.
REGISTERED, MAILED_TO, ASKED_FOR = "registered", "mailed_to", "asked_for"


@bp.route("/register", methods=["GET", "POST"])
@MAILS
def register() -> Answer:
    if current_user.is_authenticated:
        return redirect(START, code=303)
    form = RegisterForm()
    invitation = request.args.get("invitation")
    try:
        invited = registration.check_invitation(None, invitation)
    except (registration.RegistrationClosed, tokens.TokenRefused) as refused:
        return page("closed", 403, sentence=str(refused))
    if request.method == "GET":
        form.email.data = invited or ""
        return page("register", form=form)
    try:
        with at_least():
            fresh = registration.register(
                form.name.data, form.email.data, form.password.data, form.time_zone.data, invitation
            )
    except DetailsRefused as refused:
        show(form, refused)
        return page("register", 422, form=form)
    except registration.RegistrationClosed as refused:
        form.email.errors = [str(refused)]
        return page("register", 422, form=form)
    session[REGISTERED], session[MAILED_TO] = tokens.mark_of(fresh), fresh.email
    session.pop(ASKED_FOR, None)
    return redirect(url_for("accounts.confirm_again"), code=303)


@while_resting("register")
def register_rests(sentence: str) -> Response:
    form = RegisterForm()
    form.email.errors = [sentence]
    return page("register", form=form)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@GUESSES
def confirm(token: str) -> Answer:
    """Open the link of the mail: at once in the browser that registered, elsewhere by password.

    The mail proves the address, browser or password prove the registration. One without the
    other would let a stranger register somebody's address and have them confirm it.
    """
    form = ConfirmForm()
    try:
        user = registration.awaiting(token)
    except registration.AlreadyConfirmed:
        if current_user.is_authenticated:
            return redirect(START, code=303)
        flash("Your address is confirmed. Log in with your password.", "success")
        return redirect(url_for("accounts.login"), code=303)
    except tokens.TokenRefused as refused:
        return _send_again(EmailForm(), 400, sentence=str(refused))
    if session.get(REGISTERED) != tokens.mark_of(user):
        if not form.is_submitted():
            return page("confirm", form=form, email=user.email)
        try:
            changing.require_password(user, form.password.data)
        except DetailsRefused:
            form.password.errors = ["This is not the password that you registered with."]
            return page("confirm", 422, form=form, email=user.email)
    extensions.writing()
    enter(registration.confirm(token))
    flash("Your address is confirmed. Welcome!", "success")
    return redirect(START, code=303)


@bp.route("/confirm-again", methods=["GET", "POST"])
@MAILS
def confirm_again() -> Answer:
    """Where the mail is, and another one if it is not; the same for every address."""
    form = EmailForm()
    if form.is_submitted():
        try:
            with at_least():
                registration.confirm_again(form.email.data)
        except DetailsRefused as refused:
            show(form, refused)
            return _send_again(form, 422)
        session[ASKED_FOR] = form.email.data.strip()
        return redirect(url_for("accounts.confirm_again"), code=303)
    asked_for = session.get(ASKED_FOR)
    mailed_to = asked_for or session.get(MAILED_TO)
    form.email.data = mailed_to or ""
    return _send_again(form, mailed_to=mailed_to, is_certain=not asked_for)


@while_resting("confirm_again")
def confirm_again_rests(sentence: str) -> Response:
    form = EmailForm()
    form.email.errors = [sentence]
    return _send_again(form)


def _send_again(form: EmailForm, status: int = 200, **said: Any) -> Response:
    """The form that has the confirmation sent again, below what there is to say."""
    known = {"sentence": None, "mailed_to": None, "is_certain": False, **said}
    return page("confirm_again", status, form=form, **known)


@bp.route("/login", methods=["GET", "POST"])
@GUESSES
def login() -> Answer:
    target = safe_next(request.args.get("next")) or START
    if current_user.is_authenticated:
        return redirect(target, code=303)
    form = LoginForm()
    if not form.is_submitted():
        return _login_form(form)
    extensions.reading()  # a log-in waits for no writer
    try:
        user = check_password(form.email.data, form.password.data)
    except LoginRefused as refused:
        return _login_form(form, 422, sentence=str(refused))
    except NotConfirmed:
        return _login_form(form, 422, unconfirmed=True)
    enter(user, remember=form.remember.data)
    return redirect(target, code=303)


@while_resting("login")
def login_rests(sentence: str) -> Response:
    return _login_form(LoginForm(), sentence=sentence)


def _login_form(form: LoginForm, status: int = 200, **said: Any) -> Response:
    known = {"sentence": None, "unconfirmed": False, **said}
    return page("login", status, form=form, again=EmailForm(), **known)


@bp.post("/logout")
@login_required
def logout() -> Answer:
    logout_user()
    session.pop(REGISTERED, None)
    session.pop(MAILED_TO, None)
    session.pop(ASKED_FOR, None)
    flash("You are logged out.", "info")
    return redirect(url_for("accounts.login"), code=303)


@bp.route("/reset", methods=["GET", "POST"])
@MAILS
def reset() -> Answer:
    """Ask for a mail with a link for a new password; the same answer for every address."""
    form = EmailForm()
    if not form.is_submitted():
        return page("reset", form=form, sentence=None, sent=request.args.get("sent"))
    try:
        with at_least():
            changing.request_reset(form.email.data)
    except DetailsRefused as refused:
        show(form, refused)
        return page("reset", 422, form=form, sentence=None, sent=None)
    return redirect(url_for("accounts.reset", sent="yes"), code=303)


@while_resting("reset")
def reset_rests(sentence: str) -> Response:
    form = EmailForm()
    form.email.errors = [sentence]
    return page("reset", form=form, sentence=None, sent=None)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@GUESSES
def reset_password(token: str) -> Answer:
    form = NewPasswordForm()
    try:
        user = changing.resetting(token)
        if not form.is_submitted():
            return page("new_password", form=form, email=user.email)
        changing.reset_password(token, form.password.data)
    except tokens.TokenRefused as refused:
        return page("reset", 400, form=EmailForm(formdata=None), sentence=str(refused), sent=None)
    except DetailsRefused as refused:
        show(form, refused)
        return page("new_password", 422, form=form, email=user.email)
    logout_user()
    flash("Your password is changed. Log in with the new one.", "success")
    return redirect(url_for("accounts.login"), code=303)


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@GUESSES
def change_email_confirm(token: str) -> Answer:
    """The link that was mailed to the new address; works in any browser."""
    form = PlainForm()
    try:
        user, new_email = changing.changing_email(token)
        if not form.is_submitted():
            return page("new_email", form=form, old_email=user.email, new_email=new_email)
        changing.change_email(token)
    except tokens.TokenRefused as refused:
        return page("refused", 400, sentence=str(refused))
    flash(f"Your e-mail address is {new_email} from now on.", "success")
    target = "accounts.account" if current_user.is_authenticated else "accounts.login"
    return redirect(url_for(target), code=303)


@bp.get("/farewell")
def farewell() -> Response:
    return page("farewell")
