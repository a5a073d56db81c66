"""Who may touch what: one loader decides, and a stranger's row does not exist."""

from typing import Any, Protocol, TypeVar

from flask import abort, g
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.accounts.models import EMAIL_LENGTH, Project, User
from webapp.extensions import db, login


class Owned(Protocol):
    id: Any  # Mapped[int]: a column on the class, a number on the row
    project_id: Any


Row = TypeVar("Row", bound=Owned)


def current_project() -> Project:
    """The project of whoever sent this request, by session, token or key; nobody must log in."""
    if "project" not in g:
        if not current_user.is_authenticated:
            abort(login.unauthorized())
        g.project = project_of(current_user)
    project: Project = g.project
    return project


def project_of(user: User) -> Project:
    """The project that registration made for the user."""
    owned = select(Project).where(Project.owner_id == user.id).order_by(Project.id)
    return db.session.scalars(owned.limit(1)).one()


def user_with(email: str) -> User | None:
    """The user with this address, however it is capitalised; None for what is no address."""
    if len(email) > EMAIL_LENGTH or not email.strip().isprintable():  # NUL breaks PostgreSQL
        return None
    return db.session.scalars(User.by_email(email)).one_or_none()


def load(model: type[Row], row_id: int) -> Row:
    """The row, if it belongs to the current project; otherwise 404, whether or not it exists."""
    row = find(model, row_id)
    if row is None:
        abort(404)
    return row


def find(model: type[Row], row_id: int) -> Row | None:
    """Like load, but None instead of 404: for pages that say kindly that something is gone."""
    if not 0 < row_id < 2**63:
        return None
    key: InstrumentedAttribute[int] = model.id
    owner: InstrumentedAttribute[int] = model.project_id
    mine = select(model).where(key == row_id, owner == current_project().id)
    return db.session.scalars(mine).one_or_none()
