"""An engine that plays from a script: what `runs.execute` sees of a browser, without one."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

from webapp import clock
from webapp.browser.errors import BrowserLost
from webapp.browser.player import Began, Outcome, Plan
from webapp.browser.stopping import Stop
from webapp.runs import execute

PICTURE = b"\x89PNG\r\n\x1a\n of a step"
Scene = Callable[[Stop, "FakeBrowser"], dict[str, Any] | None]


class FakeBrowser:
    name = "Chromium"
    version = "156.0"
    page = None

    def __init__(self) -> None:
        self.killed = threading.Event()
        self.is_closed = False

    def kill(self) -> None:
        self.killed.set()

    def __enter__(self) -> "FakeBrowser":
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closed = True


class ScriptedEngine:
    """`scenes` say by step number what a step does; a step without a scene passes."""

    def __init__(self, monkeypatch: Any, scenes: dict[int, Scene] | None = None) -> None:
        self.scenes = scenes or {}
        self.browser = FakeBrowser()
        self.opened = 0
        self.plan: Plan | None = None
        monkeypatch.setattr(execute, "open_browser", self.open_browser)
        monkeypatch.setattr(execute, "play_steps", self.play)

    def open_browser(self, settings: Any) -> FakeBrowser:
        self.opened += 1
        return self.browser

    def play(self, plan: Plan, page: Any, stop: Stop) -> Iterator[Began | Outcome]:
        self.plan = plan
        broken = False
        for node in plan.written:
            ordinal, step = node.position, node.step
            told = step.model_copy(update={"content": None if step.secret else step.content})
            if broken or not step.enabled:
                yield Outcome(ordinal, told, "skipped", node, screenshot_note="not taken: skipped")
                continue
            yield Began(ordinal, told, node)
            facts = {"state": "passed", "screenshot": PICTURE, "page_url": plan.url}
            ended: BaseException | None = None
            try:
                if scene := self.scenes.get(step.number):
                    facts |= scene(stop, self.browser) or {}
            except BrowserLost as error:
                ended, facts = error, {"state": "errored", "error": str(error)}
            at = clock.now()
            facts |= {"started_at": at, "ended_at": at, "duration_ms": 5}
            outcome = Outcome(ordinal, told, node=node, **facts)
            yield outcome
            if ended:
                raise ended
            broken = broken or outcome.breaks


def fails(**facts: Any) -> Scene:
    return lambda stop, browser: {
        "state": "failed",
        "error": "The button is not on the page.",
        "expected": "a visible button",
        "found": "no element",
        **facts,
    }


def loses_its_browser(stop: Stop, browser: FakeBrowser) -> None:
    raise BrowserLost("The browser ended in the middle of a step.")


def hangs(stop: Stop, browser: FakeBrowser) -> None:
    """A driver call that hears nothing, until somebody ends the browser under it."""
    if not browser.killed.wait(20):
        raise AssertionError("nobody ended the browser")
    raise BrowserLost("The connection to the browser was closed.")


def waits(stop: Stop, browser: FakeBrowser) -> None:
    """A wait of the engine, which hears the word at once."""
    stop.wait(20)
