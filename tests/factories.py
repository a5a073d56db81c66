"""Make rows for tests, with sensible values for all that a test does not care about."""

from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from webapp import clock
from webapp.accounts.models import Project, User
from webapp.browser.steps import parse_step
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import kept_values
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.runs.requesting import request_run
from webapp.runs.states import State, Trigger

PASSWORD = "a long enough password"
# Hashed once, with the cheapest parameters: hashing is not what most tests are about.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
STEPS: tuple[dict[str, Any], ...] = (
    {"number": 1, "action": "open", "content": "/"},
    {"number": 2, "action": "click", "locators": [{"by": "css", "value": "#buy"}]},
)


def make_user(name: str = "alice", **values: Any) -> User:
    """A confirmed user with a project; the password is PASSWORD."""
    email = f"{name}@example.org"
    user = User(
        **{
            "name": name.capitalize(),
            "email": email,
            "email_key": email,
            "password_hash": PASSWORD_HASH,
            "confirmed_at": clock.now(),
            **values,
        }
    )
    db.session.add(user)
    db.session.flush()
    db.session.add(Project(name=f"{user.name}’s project", owner_id=user.id))
    db.session.commit()
    return user


def project_of(user: User) -> Project:
    return db.session.scalars(select(Project).where(Project.owner_id == user.id)).one()


def make_flow(user: User, steps: Any = STEPS, **values: Any) -> Flow:
    """A paused flow of the user with two steps; committed."""
    settings: dict[str, Any] = {
        "name": "Checkout",
        "url": "https://shop.example.org/",
        "browser": "chrome",
        "cron": "0 * * * *",
        "time_zone": "UTC",
        **values,
    }
    kept = [kept_values(parse_step(dict(step))) for step in steps]
    flow = editing.create_flow(project_of(user), user, steps=kept, **settings)
    db.session.commit()
    return flow


def make_run(flow: Flow, state: State = State.QUEUED, **values: Any) -> Run:
    """A run of the flow's newest version in this state; committed."""
    run = request_run(flow, values.pop("trigger", Trigger.MANUAL))
    db.session.commit()
    if state is not State.QUEUED or values:
        run.state = state
        for name, value in values.items():
            setattr(run, name, value)
        db.session.commit()
    return run


def sign_in(client: FlaskClient, user: User) -> None:
    """Put the user into the client's session, as a log-in would."""
    with client.session_transaction() as session:
        session["_user_id"] = user.get_id()
        session["_fresh"] = True
