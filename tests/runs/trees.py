"""Flows with blocks and shared steps, played by the engine itself on a page that is none."""

from collections.abc import Sequence
from typing import Any

from tests.browser.fakes import FakePage
from tests.factories import make_flow, make_run
from tests.runs.engine import FakeBrowser
from webapp.accounts.models import User
from webapp.browser.page import Sight
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.runs import execute
from webapp.runs.models import Run

HERE = Sight(candidate=0, words="<button>")


def uid(number: int) -> str:
    return f"{number:012x}"


def click(number: int, css: str, **more: Any) -> dict[str, Any]:
    locators = [{"by": "css", "value": css}]
    return {"number": number, "uid": uid(number), "action": "click", "locators": locators, **more}


def shared(number: int, flow: Flow, **more: Any) -> dict[str, Any]:
    options = {"flow": flow.id}
    return {"number": number, "uid": uid(number), "action": "shared", "options": options, **more}


def repeat(number: int, rounds: int, **more: Any) -> dict[str, Any]:
    content = str(rounds)
    return {"number": number, "uid": uid(number), "action": "repeat", "content": content, **more}


def make_login(user: User) -> Flow:
    steps = (click(1, "#name"), click(2, "#pass", name="Type password"))
    return make_flow(user, steps, name="Log in")


def make_hasty_flow(user: User, steps: Sequence[dict[str, Any]]) -> Flow:
    """A flow that does not wait for what is missing."""
    return make_flow(user, steps, step_timeout_seconds=0.1)


def page_with(*names: str, **more: Sight) -> FakePage:
    return FakePage(**{name: HERE for name in names}, **more)


def play(flow: Flow, page: FakePage, monkeypatch: Any) -> Run:
    browser = FakeBrowser()
    browser.page = page
    run_id = make_run(flow).id
    with monkeypatch.context() as patch:
        patch.setattr(execute, "open_browser", lambda settings: browser)
        execute.play(run_id)
    db.session.expire_all()
    return db.session.get_one(Run, run_id)
