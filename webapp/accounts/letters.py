"""The mails that accounts write; mailing stands to the right, so the factory hands in `post`."""

from typing import Any, Protocol

from flask import current_app

from webapp.accounts import tokens
from webapp.accounts.models import User


class Post(Protocol):
    """What `mailing.post.post` is; the factory puts it into `app.extensions["post"]`."""

    def __call__(self, kind: str, to: str, project_id: int | None, **context: Any) -> Any: ...


def confirm(user: User, project_id: int) -> None:
    token = tokens.sign(tokens.CONFIRM, user.id, tokens.mark_of(user))
    _post("confirm", user.email, project_id, token=token, valid=tokens.CONFIRM.valid)


def already_registered(owner: User, project_id: int) -> None:
    _post("already_registered", owner.email, project_id)


def reset(user: User, project_id: int) -> None:
    token = tokens.sign(tokens.RESET, user.id, tokens.mark_of(user), user.session_epoch)
    _post(
        "reset", user.email, project_id,
        token=token, name=user.name, valid=tokens.RESET.valid,
    )  # fmt: skip


def change_email(user: User, project_id: int, new_email: str) -> None:
    token = tokens.sign(tokens.CHANGE_EMAIL, user.id, tokens.mark_of(user), new_email)
    _post(
        "change_email", new_email, project_id,
        token=token, old_email=user.email, valid=tokens.CHANGE_EMAIL.valid,
    )  # fmt: skip


def email_changed(user: User, project_id: int, old_email: str) -> None:
    _post("email_changed", old_email, project_id, name=user.name, new_email=user.email)


def password_changed(user: User, project_id: int) -> None:
    _post("password_changed", user.email, project_id, name=user.name)


def _post(kind: str, to: str, project_id: int, **context: Any) -> None:
    post: Post = current_app.extensions["post"]
    post(kind, to, project_id, **context)
