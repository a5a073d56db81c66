"""Play steps on a page without a browser, and say in short what became of each."""

from typing import Any

from tests.browser.building import step, tree
from tests.browser.fakes import START, FakePage
from webapp.browser.page import Sight
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.steps import Step
from webapp.browser.stopping import Stop

BUTTON = Sight(candidate=0, words="<button>")
SHOWN = Sight(candidate=0, words="<p>", text="3 items left")
HIDDEN = Sight(candidate=0, words="<p>", visible=False, why="display: none")


def ok(name: str = "", **more: Any) -> Step:
    return step("note", content=name or "ok", name=name, **more)


def bad(name: str = "", **more: Any) -> Step:
    """A step that fails, because its variable is not there."""
    return step("note", content="{{ missing }}", name=name, **more)


def yes(kind: str = "if", **more: Any) -> Step:
    return step(kind, "b", test="exists", **more)


def no(kind: str = "if", **more: Any) -> Step:
    return step(kind, "b", test="missing", **more)


def page_with(**elements: Sight) -> FakePage:
    return FakePage(b=BUTTON, **elements)


def played(*written: Any, page: FakePage | None = None, **plan: Any) -> list[Outcome]:
    plan = {"url": START, "step_timeout_seconds": 0.1} | plan
    events = play(Plan(steps=tree(*written), **plan), page or page_with(), Stop())
    return [event for event in events if isinstance(event, Outcome)][1:]  # without step 0


def told(outcomes: list[Outcome]) -> list[str]:
    """`1 passed`, or `3 skipped: why`."""
    return [
        f"{one.node.place} {one.state}"
        + (f": {(one.screenshot_note or '')[11:]}" if one.state == "skipped" else "")
        for one in outcomes
    ]


def given(page: FakePage, *steps: Any, **plan: Any) -> Any:
    """The outcome of the last step."""
    return played(*steps, page=page, **plan)[-1]
