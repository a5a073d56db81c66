"""The forms of accounts: how they look, and what browsers fill in; `details` says what is right."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, Form, PasswordField, SelectField, StringField

from webapp.accounts.details import DetailsRefused, time_zones
from webapp.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from webapp.accounts.passwords import LEAST_LENGTH


class Needed:
    """Marks a field as required for browsers; the server's own sentences are in `details`."""

    field_flags = {"required": True}  # noqa: RUF012  WTForms reads it from the class

    def __call__(self, form: Form, field: Field) -> None:
        """Never asked: forms here are read, and judged by the domain."""


def text_or_nothing(value: str | None) -> str:
    """A field that was not sent at all reads like one that was left empty."""
    return value or ""


NEEDED: dict[str, Any] = {"validators": [Needed()], "filters": [text_or_nothing]}


def name_field(label: str, **look: Any) -> StringField:
    return StringField(label, render_kw={"maxlength": str(NAME_LENGTH), **look}, **NEEDED)


def email_field(label: str, **look: Any) -> EmailField:
    look = {"autocomplete": "email", "spellcheck": "false", "maxlength": str(EMAIL_LENGTH), **look}
    return EmailField(label, render_kw=look, **NEEDED)


def new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        description=f"At least {LEAST_LENGTH} characters. A few words in a row do well.",
        render_kw={"autocomplete": "new-password", "minlength": str(LEAST_LENGTH)},
        **NEEDED,
    )


def password_field(label: str = "Password", **look: Any) -> PasswordField:
    look = {"autocomplete": "current-password", **look}
    return PasswordField(label, render_kw=look, **NEEDED)


def zone_field(**look: Any) -> SelectField:
    return SelectField(
        "Time zone", choices=lambda: list(time_zones()), default="UTC", **NEEDED,
        description="In which times are shown to you. Each flow can have its own.", render_kw=look,
    )  # fmt: skip


class RegisterForm(FlaskForm):  # type: ignore[misc]
    name = name_field("Name", autocomplete="name")
    email = email_field("E-mail address")
    password = new_password_field("Password")
    time_zone = zone_field(**{"data-browser-zone": "yes"})


class LoginForm(FlaskForm):  # type: ignore[misc]
    email = email_field("E-mail address", autocomplete="username")
    password = password_field()
    remember = BooleanField("Keep me logged in on this device")


class EmailForm(FlaskForm):  # type: ignore[misc]
    email = email_field("E-mail address")


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    password = password_field("The password that you registered with", autofocus=True)


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = new_password_field("New password")


class DetailsForm(FlaskForm):  # type: ignore[misc]
    name = name_field("Name", autocomplete="name")
    time_zone = zone_field()


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    current_password = password_field("Password now")
    password = new_password_field("New password")


class ChangeEmailForm(FlaskForm):  # type: ignore[misc]
    email = email_field("New e-mail address")
    password = password_field("Your password")


class KeyForm(FlaskForm):  # type: ignore[misc]
    name = name_field("What is the key for?", autocomplete="off", placeholder="CI pipeline")


class DeleteForm(FlaskForm):  # type: ignore[misc]
    password = password_field("Your password")


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A button and nothing else."""


def show(form: FlaskForm, refused: DetailsRefused) -> None:
    """Put each sentence under its field."""
    for name, sentence in refused.errors:
        form[name].errors = [*form[name].errors, sentence]
        if isinstance(form[name], PasswordField):
            form[name].description = ""  # the sentence gives the same advice
