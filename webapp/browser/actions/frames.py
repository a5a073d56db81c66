"""Frames: which document of the page the steps after it are played in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.locators import Locator, parts_of
from webapp.browser.page import Moved, Page, Sight
from webapp.browser.seeking import poll, seek, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step

FRAMES = frozenset({"iframe", "frame", "object", "embed"})
INDEX_PATH = re.compile(r"/?(?:\d{1,3}|\.\.)(?:/(?:\d{1,3}|\.\.))*")
# A frame that goes on loading is entered all the same.
LOAD_SECONDS = 5.0


class SwitchFrameOptions(Options):
    to: Literal["element", "index", "parent", "top"] = Option(
        "element",
        title="Where to",
        description="element: the frame that is found. index: by number. parent: out of this "
        "frame. top: the page itself.",
    )


class SwitchFrame(
    Action, name="switch_frame", label="Switch frame", group="Windows and frames", icon="focus-2"
):
    """Go into a frame of the page, or out of it; the steps after it are played there.

    A chain of locators goes frame by frame. A new page, or another tab, leaves all frames.
    """

    locators: ClassVar[Target] = "optional"
    content: ClassVar[Field | None] = Field(
        "content",
        "Numbers of the frames",
        placeholder="0/1",
        help="For index: from 0, frame by frame; .. goes out of one, / in front begins in the "
        "page itself.",
    )
    imports: ClassVar[tuple[str, ...]] = ("side:selectFrame",)
    Options: ClassVar[type[Options]] = SwitchFrameOptions

    @classmethod
    def read_content(cls, given: str | None, options: dict[str, Any]) -> tuple[str | None, str]:
        if options.get("to", "element") != "index":
            said = f"To {options.get('to', 'element')} no numbers are needed."
            return None, said if given and given.strip() else ""
        if not given or not given.strip():
            return None, "Which frame? The first one in the page is 0; the second one in it 0/1."
        return super().read_content(given, options)

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if INDEX_PATH.fullmatch(content.strip()):
            return ""
        return (
            f"“{content[:60]}” does not name frames by number. Right are 0, the first frame; 0/1, "
            "the second one in it; ../1, the second one in the frame around this one."
        )

    @classmethod
    def summary(cls, step: Step) -> str:
        to = step.options.get("to", "element")
        if to == "top":
            return "Switch to the page itself"
        if to == "parent":
            return "Switch to the frame around this one"
        return f"Switch to frame {step.content if to == 'index' else step.target}"

    def run(self, step: Step, page: Page) -> Finding:
        to = step.options.get("to", "element")
        if to == "top":
            page.leave_frames()
            return Finding()
        if to == "parent":
            _go_out(page)
            return Finding(found=_depth(page))
        if to == "index":
            _follow(page, (step.content or "").strip())
            return Finding(found=_depth(page))
        return _enter_found(step, page)


def _depth(page: Page) -> str:
    if not page.frame_depth:
        return "the page itself"
    return f"{page.frame_depth} frame{'s' if page.frame_depth > 1 else ''} deep"


def _go_out(page: Page) -> None:
    """Out of one frame; around the page itself there is nothing, and nothing happens."""
    if page.frame_depth:
        page.leave_frames(1)
    else:
        page.leave_frames()


def _follow(page: Page, path: str) -> None:
    if path.startswith("/") or not page.frame_depth:
        page.leave_frames()
    for part in path.strip("/").split("/"):
        if part == "..":
            _go_out(page)
        else:
            _enter_number(page, int(part), path)


def _enter_number(page: Page, number: int, path: str) -> None:
    sight = poll(page, lambda: page.frame_at(number), lambda one: one is not None)
    if sight is None:
        raise StepFailed(
            f"There was no frame {number} (of “{path}”) within {waited(page)}; the first one is 0.",
            f"a frame with the number {number}",
            "no such frame",
        )
    _enter(page, sight)


def _enter_found(step: Step, page: Page) -> Finding:
    if not step.locators:
        raise StepFailed(
            "Which frame? “Switch frame” to an element needs a locator that finds it.",
            "a locator",
            "none",
        )
    if not page.frame_depth:
        page.leave_frames()  # a frame that went away is no longer missed
    if len(step.candidates) == 1 and step.locators[0].by == "chain":
        return _enter_chain(step, page)
    sight, finding = seek(step, page, (), "switch to")
    _enter(page, sight)
    return finding


def _enter_chain(step: Step, page: Page) -> Finding:
    """Each part that finds a frame is entered; what is no frame narrows the search down."""
    pending: list[tuple[str, str]] = []
    finding = Finding()
    sight: Sight | None = None
    for by, value in parts_of(step.locators[0].value):
        pending.append((by, value))
        words = " >>> ".join(f"{kind}={what}" for kind, what in pending)
        is_chain = len(pending) > 1
        one = Locator.model_validate(
            {"by": "chain" if is_chain else by, "value": words if is_chain else value}
        )
        sight, finding = seek(step.model_copy(update={"locators": (one,)}), page, (), "switch to")
        if sight.tag in FRAMES:
            _enter(page, sight)
            pending.clear()
    if pending and sight is not None:
        raise _no_frame(sight)
    return finding


def _no_frame(sight: Sight) -> StepFailed:
    return StepFailed(
        f"{sight.words} is not a frame, so steps cannot be played in it. Its elements are in the "
        "same document: no “Switch frame” is needed for them.",
        "a frame",
        sight.words,
    )


def _enter(page: Page, sight: Sight) -> None:
    if sight.tag not in FRAMES:
        raise _no_frame(sight)
    started = page.patience.left

    def enter() -> bool:
        page.enter_frame(sight)
        return True

    def is_loaded() -> bool:
        try:
            return page.frame_is_loaded()
        except Moved:
            return False

    poll(page, enter, bool)
    poll(page, is_loaded, lambda yes: yes or started - page.patience.left > LOAD_SECONDS)
