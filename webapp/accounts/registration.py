"""Become a user: register, confirm the address, be invited, be made by the operator."""

from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.accounts import letters, tokens
from webapp.accounts.access import project_of, user_with
from webapp.accounts.details import checked, checked_email, cleaned_email
from webapp.accounts.models import Project, User
from webapp.accounts.passwords import hashed
from webapp.config import Config
from webapp.extensions import db

CLOSED = (
    "Nobody can register here by themselves. Ask the person who runs this server for an account."
)
INVITED_ONLY = (
    "Only invited people can register here. "
    "Ask the person who runs this server for an invitation link."
)


class RegistrationClosed(Exception):
    """This server does not let this person register; the message says who to ask."""


class AlreadyConfirmed(Exception):
    """The address was confirmed before; there is nothing left to do but to log in."""


class UserExists(Exception):
    """There is a user with this address; only the operator is told so."""


def register(
    name: str, email: str, password: str, time_zone: str = "UTC", invitation: str | None = None
) -> User:
    """Register, and mail a link that confirms the address. Commits.

    Does the same for everyone who looks on: when the address has an account, its owner gets a
    mail about it, and nothing else happens. Registering once more before confirming replaces what
    was typed, and kills the older link: whoever opens the newest mail is the one who typed.
    Raises DetailsRefused, RegistrationClosed or TokenRefused (a bad invitation).
    """
    check_invitation(email, invitation)
    name, email, time_zone = checked(name, email, password, time_zone)
    password_hash = hashed(password)  # slow on purpose, so before the transaction
    fresh = User(
        name=name, email=email, email_key=email.lower(),
        password_hash=password_hash, time_zone=time_zone,
    )  # fmt: skip
    try:
        _add_or_tell(fresh)
        db.session.commit()
    except IntegrityError:  # the same address was registered in the same moment; its mail is out
        db.session.rollback()
    return fresh


def check_invitation(email: str | None, invitation: str | None) -> str | None:
    """The invited address, or None where everyone may register; raises for who may not."""
    config: Config = current_app.config["LAMPLIGHTER"]
    if config.registration == "open":
        return None
    if config.registration == "closed":
        raise RegistrationClosed(CLOSED)
    if not invitation:
        raise RegistrationClosed(INVITED_ONLY)
    (invited,) = tokens.read(tokens.INVITE, invitation)
    if email is not None and email.strip().lower() != invited.lower():
        raise RegistrationClosed(f"This invitation is for {invited} and for no other address.")
    return str(invited)


def invite(email: str) -> str:
    """A token that lets this address register where REGISTRATION is `invite`."""
    return tokens.sign(tokens.INVITE, cleaned_email(email))


def confirm(token: str) -> User:
    """Confirm the address that the token was mailed to, and commit.

    Raises TokenRefused, or AlreadyConfirmed when it was done before.
    """
    user = awaiting(token)
    db.session.execute(
        update(User)
        .where(User.id == user.id, User.confirmed_at.is_(None))
        .values(confirmed_at=clock.now())
    )
    db.session.commit()
    return user


def awaiting(token: str) -> User:
    """The user whom the token would confirm; raises like `confirm`."""
    user_id, mark = tokens.read(tokens.CONFIRM, token)
    user = db.session.get(User, user_id)
    if user is None or not tokens.fits(user, mark):
        raise tokens.used_up(tokens.CONFIRM)
    if user.is_confirmed:
        raise AlreadyConfirmed
    return user


def confirm_again(email: str) -> None:
    """Mail a new link to an address that waits for its confirmation; commits.

    Says nothing about whether there is one. Who is confirmed already gets a mail that says so.
    Raises DetailsRefused for what is no address.
    """
    user = user_with(checked_email(email))
    if user is not None:
        send = letters.already_registered if user.is_confirmed else letters.confirm
        send(user, project_of(user).id)
    db.session.commit()


def create_user(
    email: str, name: str, password: str, *, confirmed: bool = False, is_admin: bool = False
) -> User:
    """Make a user for the operator, whatever REGISTRATION says. Commits.

    Raises DetailsRefused or UserExists. Who is not confirmed gets the mail.
    """
    name, email, time_zone = checked(name, email, password, "UTC")
    fresh = User(
        name=name, email=email, email_key=email.lower(),
        password_hash=hashed(password), time_zone=time_zone,
        is_admin=is_admin, confirmed_at=clock.now() if confirmed else None,
    )  # fmt: skip
    if user_with(email) is not None:
        db.session.rollback()
        raise UserExists(f"There is a user with the address {email} already.")
    user = _add(fresh)
    if not confirmed:
        letters.confirm(user, project_of(user).id)
    db.session.commit()
    return user


def _add_or_tell(fresh: User) -> None:
    user = user_with(fresh.email)
    if user is not None and user.is_confirmed:
        letters.already_registered(user, project_of(user).id)
    else:
        user = _add(fresh) if user is None else _replace(user, fresh)
        letters.confirm(user, project_of(user).id)


def _add(user: User) -> User:
    db.session.add(user)
    db.session.flush()  # the project needs the id
    db.session.add(Project(name=f"{user.name[:100]}’s project", owner_id=user.id))
    db.session.flush()
    return user


def _replace(user: User, fresh: User) -> User:
    user.name, user.email, user.time_zone = fresh.name, fresh.email, fresh.time_zone
    user.password_hash = fresh.password_hash
    return user
