"""Pages for one's own account: name and zone, address, password, API keys, the end."""

from flask import Response, flash, redirect, request, session, url_for
from flask_login import current_user, login_required, login_user, logout_user
from werkzeug.wrappers import Response as Answer

from webapp.accounts import changing, keys
from webapp.accounts.access import load
from webapp.accounts.details import DetailsRefused
from webapp.accounts.forms import (
    ChangeEmailForm,
    ChangePasswordForm,
    DeleteForm,
    DetailsForm,
    KeyForm,
    show,
)
from webapp.accounts.limits import GUESSES, MAILS
from webapp.accounts.models import ApiKey, User
from webapp.accounts.patience import at_least
from webapp.accounts.routes.blueprint import bp, page, while_resting
from webapp.extensions import db
from webapp.pages import render


def me() -> User:
    """The user row behind Flask-Login's stand-in."""
    user: User = current_user._get_current_object()
    return user


@bp.route("/account/", methods=["GET", "POST"])
@login_required
def account() -> Answer:
    form = DetailsForm(obj=me())
    if not form.is_submitted():
        return page("account", form=form)
    try:
        changing.change_details(me(), form.name.data, form.time_zone.data)
    except DetailsRefused as refused:
        show(form, refused)
        return page("account", 422, form=form)
    flash("Saved.", "success")
    return redirect(url_for("accounts.account"), code=303)


@bp.route("/account/email", methods=["GET", "POST"])
@login_required
@MAILS
@GUESSES
def change_email() -> Answer:
    form = ChangeEmailForm()
    if not form.is_submitted():
        return page("change_email", form=form, just_sent="sent" in request.args)
    try:
        with at_least():
            sent_to = changing.request_email_change(me(), form.email.data, form.password.data)
    except DetailsRefused as refused:
        show(form, refused)
        return page("change_email", 422, form=form, just_sent=False)
    flash(f"A mail is on its way to {sent_to}. Open the link in it; until then nothing changes.")
    return redirect(url_for("accounts.change_email", sent="yes"), code=303)


@while_resting("change_email")
def change_email_rests(sentence: str) -> Response:
    form = ChangeEmailForm()
    form.password.errors = [sentence]
    return page("change_email", form=form, just_sent=False)


@bp.route("/account/password", methods=["GET", "POST"])
@login_required
@GUESSES
def change_password() -> Answer:
    form = ChangePasswordForm()
    if not form.is_submitted():
        return page("change_password", form=form)
    try:
        changing.change_password(me(), form.current_password.data, form.password.data)
    except DetailsRefused as refused:
        show(form, refused)
        return page("change_password", 422, form=form)
    login_user(me(), remember="remember_token" in request.cookies)  # this browser stays
    flash("Your password is changed. All other browsers are logged out.", "success")
    return redirect(url_for("accounts.change_password"), code=303)


@while_resting("change_password")
def change_password_rests(sentence: str) -> Response:
    form = ChangePasswordForm()
    form.current_password.errors = [sentence]
    return page("change_password", form=form)


@bp.route("/account/keys", methods=["GET", "POST"])
@login_required
def api_keys() -> Response:
    """The keys; a POST makes one, and its answer is the only page that ever shows it."""
    form, new_key, status = KeyForm(), None, 200
    if form.is_submitted():
        try:
            _, new_key = keys.create_key(me(), form.name.data)
            status, form = 201, KeyForm(formdata=None)
        except DetailsRefused as refused:
            show(form, refused)
            status = 422
    mine = db.session.scalars(keys.keys_of(me())).all()
    return render(
        "accounts/keys.html", fragment="keys", status=status,
        form=form, keys=mine, new_key=new_key,
    )  # fmt: skip


@bp.post("/account/keys/<int:key_id>/delete")
@login_required
def revoke_key(key_id: int) -> Answer:
    key = load(ApiKey, key_id)
    name = key.name
    keys.revoke(key)
    flash(f"The key “{name}” opens nothing any more.", "success")
    return redirect(url_for("accounts.api_keys"), code=303)


@bp.route("/account/delete", methods=["GET", "POST"])
@login_required
@GUESSES
def delete_account() -> Answer:
    form = DeleteForm()
    if not form.is_submitted():
        return page("delete_account", form=form)
    try:
        changing.delete_account(me(), form.password.data)
    except DetailsRefused as refused:
        show(form, refused)
        return page("delete_account", 422, form=form)
    session.clear()
    logout_user()  # marks the remember cookie for deletion in the session, so it comes last
    return redirect(url_for("accounts.farewell"), code=303)


@while_resting("delete_account")
def delete_account_rests(sentence: str) -> Response:
    form = DeleteForm()
    form.password.errors = [sentence]
    return page("delete_account", form=form)
