"""What a mouse can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import POINTER, Page, Want
from webapp.browser.seeking import Judgement, hold, seek

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class Click(Action, name="click", label="Click", group="Mouse", icon="pointer"):
    """Wait until the element is visible, enabled, still and not covered, and click its middle."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        sight, finding = seek(step, page, POINTER, "click")
        page.click(sight)
        return finding


class Hover(Action, name="hover", label="Point at", group="Mouse", icon="hand-finger"):
    """Move the pointer onto the element, as for a menu that opens by itself."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        sight, finding = seek(step, page, ("visible", "still", "uncovered"), "point at")
        page.hover(sight)
        return finding


class _Tick(Action):
    """What check and uncheck share."""

    locators: ClassVar[Target] = "required"
    wanted: ClassVar[bool]
    verb: ClassVar[str]

    def run(self, step: Step, page: Page) -> Finding:
        sight, finding = seek(step, page, (), self.verb)
        if sight.checked is None:
            raise StepFailed(
                f"Could not {self.verb} {step.target}: {sight.words} is neither a checkbox nor a "
                "radio button.",
                "a checkbox or a radio button",
                sight.words,
            )
        if sight.checked is self.wanted:
            return finding
        sight, finding = seek(step, page, POINTER, self.verb)
        page.click(sight)
        hold(
            step,
            page,
            Want(),
            lambda look: self._judge(step, look.best.checked if look.best else None),
        )
        return finding

    def _judge(self, step: Step, checked: bool | None) -> Judgement:
        words = {True: "checked", False: "not checked", None: "gone"}
        return Judgement(
            checked is self.wanted,
            words[self.wanted],
            words[checked],
            f"Expected {step.target} to be {words[self.wanted]} after the click but it was "
            f"{words[checked]}.",
        )


class Check(_Tick, name="check", label="Check", group="Mouse", icon="checkbox"):
    """Check a checkbox or choose a radio button; nothing happens if it is checked already."""

    wanted: ClassVar[bool] = True
    verb: ClassVar[str] = "check"


class Uncheck(_Tick, name="uncheck", label="Uncheck", group="Mouse", icon="square"):
    """Uncheck a checkbox; nothing happens if it is not checked."""

    wanted: ClassVar[bool] = False
    verb: ClassVar[str] = "uncheck"


class ScrollTo(
    Action, name="scroll_to", label="Scroll to", group="Mouse", icon="arrow-bar-to-down"
):
    """Scroll until the element is in the visible part of the page."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        _, finding = seek(step, page, ("visible",), "scroll to")
        page.look(step.locators, Want(needs=("visible",), scroll=True))
        return finding
