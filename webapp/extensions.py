"""The extensions, made without an app: the factory ties them to one."""

import sqlite3
from typing import TYPE_CHECKING, Any

from flask import g, has_app_context
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mail import Mail as SmtpMail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


# Objects keep their values after a commit: reading an expired one would open a transaction, and
# on SQLite that takes the writers' turn for as long as a run or a mail takes.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base  # db.Model is Any to a type checker
else:
    Model = db.Model

login = LoginManager()
smtp = SmtpMail()
htmx = Htmx()
migrate = Migrate()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)

# Seconds that a writer waits for another writer's turn before it gives up.
BUSY_SECONDS = 30


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # transactions are begun by `begin` below, not by the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def begin(connection: Any) -> None:
    """Take the writer's turn at once, unless the request said that it only reads (see `reading`).

    A plain BEGIN that turns into a writer under WAL fails at once when somebody else wrote in
    between, whatever the busy timeout is.
    """
    if connection.dialect.name == "sqlite":
        only_reads = has_app_context() and g.get("only_reads", False)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def reading() -> None:
    """From here on this request or job only reads: on SQLite it waits for no writer."""
    g.only_reads = True


def writing() -> None:
    """From here on this request writes; what it read before is read afresh."""
    if g.get("only_reads", False):
        db.session.rollback()
        g.only_reads = False
