"""Change an account: password, address, name and zone; or end it."""

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.accounts import letters, tokens
from webapp.accounts.access import project_of, user_with
from webapp.accounts.details import DetailsRefused, checked_email, checked_zone, cleaned_name
from webapp.accounts.models import User
from webapp.accounts.passwords import are_same, hashed, is_right, problem_with
from webapp.extensions import db

WRONG_PASSWORD = "This is not your password. Type the one that you log in with now."


def require_password(user: User, password: str, field: str = "password") -> None:
    """Whoever sits at a browser that was left open is not its owner: ask for the password."""
    db.session.commit()  # checking is slow: no transaction stays open meanwhile
    if not is_right(password, user.password_hash):
        raise DetailsRefused([(field, WRONG_PASSWORD)])


def request_reset(email: str) -> None:
    """Mail a link for a new password, if the address has an account; commits either way.

    Raises DetailsRefused for what is no address, which tells nothing about who has an account.
    """
    user = user_with(checked_email(email))
    if user is not None:
        letters.reset(user, project_of(user).id)
    db.session.commit()


def resetting(token: str) -> User:
    """The user whose password the token may set; raises TokenRefused."""
    user_id, mark, epoch = tokens.read(tokens.RESET, token)
    user = db.session.get(User, user_id)
    if user is None or user.session_epoch != epoch or not tokens.fits(user, mark):
        raise tokens.used_up(tokens.RESET)
    return user


def reset_password(token: str, password: str) -> User:
    """Set a new password by a mailed link, end all sessions, and commit.

    The link came by mail, so the address is confirmed too. Raises TokenRefused, DetailsRefused.
    """
    user = resetting(token)
    _set_password(user, password)
    return user


def change_password(user: User, current: str, password: str) -> None:
    """Commits. Ends every session and token made before. Raises DetailsRefused."""
    require_password(user, current, "current_password")
    if are_same(current, password):
        raise DetailsRefused(
            [("password", "This is the password that you have now. Choose another.")]
        )
    _set_password(user, password)


def change_details(user: User, name: str, time_zone: str) -> None:
    errors = []
    try:
        name = cleaned_name(name)
    except ValueError as error:
        errors.append(("name", str(error)))
    try:
        time_zone = checked_zone(time_zone)
    except ValueError as error:
        errors.append(("time_zone", str(error)))
    if errors:
        raise DetailsRefused(errors)
    user.name, user.time_zone = name, time_zone
    db.session.commit()


def request_email_change(user: User, new_email: str, password: str) -> str:
    """Mail a link to the new address; until it is opened nothing changes. Commits.

    Somebody else's address gets a mail to its owner instead, and the answer is the same. Gives the
    address; raises DetailsRefused.
    """
    new_email = checked_email(new_email)
    if new_email.lower() == user.email_key:
        raise DetailsRefused([("email", "This is your address already.")])
    require_password(user, password)
    owner = user_with(new_email)
    if owner is None:
        letters.change_email(user, project_of(user).id, new_email)
    else:
        letters.already_registered(owner, project_of(owner).id)
    db.session.commit()
    return new_email


def changing_email(token: str) -> tuple[User, str]:
    """The user and the address that the token would give them; raises TokenRefused."""
    user_id, mark, new_email = tokens.read(tokens.CHANGE_EMAIL, token)
    user = db.session.get(User, user_id)
    if user is None or not tokens.fits(user, mark):
        raise tokens.used_up(tokens.CHANGE_EMAIL)
    return user, new_email


def change_email(token: str) -> User:
    """Give the user the address that the token was mailed to, tell the old one, and commit."""
    user, new_email = changing_email(token)
    old_email, user.email, user.email_key = user.email, new_email, new_email.lower()
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody registered it since the mail went out
        db.session.rollback()
        raise tokens.TokenRefused(
            f"{new_email} has an account of its own by now. Use another address, or delete that "
            "account first."
        ) from error
    letters.email_changed(user, project_of(user).id, old_email)
    db.session.commit()
    return user


def delete_account(user: User, password: str) -> None:
    """Delete the user and everything that their projects own; commits. Raises DetailsRefused."""
    require_password(user, password)
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.commit()


def _set_password(user: User, password: str) -> None:
    if sentence := problem_with(password, user.name, user.email):
        raise DetailsRefused([("password", sentence)])
    db.session.commit()
    password_hash = hashed(password)  # slow on purpose, so outside the transaction
    old = user.password_hash
    changed = (
        update(User)
        .where(User.id == user.id, User.password_hash == old)
        .values(
            password_hash=password_hash,
            session_epoch=User.session_epoch + 1,
            confirmed_at=user.confirmed_at or clock.now(),
        )
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(changed) is None:
        db.session.rollback()
        raise tokens.used_up(tokens.RESET)  # changed meanwhile: a link works once
    db.session.refresh(user)
    letters.password_changed(user, project_of(user).id)
    db.session.commit()
