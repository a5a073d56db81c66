"""What a mouse can do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from webapp.browser.actions.fields import Options
from webapp.browser.actions.keys import modifiers
from webapp.browser.actions.places import (
    ClickOptions,
    DragOptions,
    PlaceOptions,
    ScrollOptions,
    place,
    targets,
)
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import POINTER, Need, Page, Press, Sight, Want
from webapp.browser.seeking import act, seek

if TYPE_CHECKING:
    from webapp.browser.steps import Step

# The element is under the pointer, whether it can be used or not.
REACHED: tuple[Need, ...] = ("visible", "still", "uncovered")


class Click(Action, name="click", label="Click", group="Mouse", icon="pointer"):
    """Wait until the element is visible, enabled, still and not covered, and click its middle."""

    locators: ClassVar[Target] = "required"
    imports: ClassVar[tuple[str, ...]] = ("side:click", "side:clickAt", "recorder:click")
    Options: ClassVar[type[Options]] = ClickOptions

    def run(self, step: Step, page: Page) -> Finding:
        offset, how = place(step), _press(step)
        return act(step, page, POINTER, "click", lambda sight: page.click(sight, how), offset)

    @classmethod
    def summary(cls, step: Step) -> str:
        button = step.options.get("button", "left")
        verb = "Click" if button == "left" else f"{button.capitalize()}-click"
        held, times = step.options.get("modifiers"), step.options.get("clicks", 1)
        words = f"{held}+{verb.lower()}" if held else verb
        return f"{words} {step.target}" + (f" {times} times" if times != 1 else "")


class _Pointing(Action):
    """What the actions at a place of an element share."""

    locators: ClassVar[Target] = "required"
    Options: ClassVar[type[Options]] = PlaceOptions
    needs: ClassVar[tuple[Need, ...]] = REACHED
    verb: ClassVar[str]

    def run(self, step: Step, page: Page) -> Finding:
        return act(
            step, page, self.needs, self.verb, lambda sight: self.do(page, sight), place(step)
        )

    def do(self, page: Page, sight: Sight) -> None:
        raise NotImplementedError(f"{type(self).__name__} does not say what it does.")


class DoubleClick(
    _Pointing, name="double_click", label="Double-click", group="Mouse", icon="hand-click"
):
    """Click twice, as one gesture."""

    imports: ClassVar[tuple[str, ...]] = (
        "side:doubleClick",
        "side:doubleClickAt",
        "recorder:doubleClick",
    )
    needs: ClassVar[tuple[Need, ...]] = POINTER
    verb: ClassVar[str] = "double-click"

    def do(self, page: Page, sight: Sight) -> None:
        page.click(sight, Press(times=2))


class Hover(_Pointing, name="hover", label="Point at", group="Mouse", icon="hand-finger"):
    """Move the pointer onto the element, as for a menu that opens by itself."""

    imports: ClassVar[tuple[str, ...]] = ("side:mouseOver", "side:mouseMoveAt", "recorder:hover")
    verb: ClassVar[str] = "point at"

    def do(self, page: Page, sight: Sight) -> None:
        page.hover(sight)


class MouseDown(
    _Pointing, name="mouse_down", label="Press the button", group="Mouse", icon="arrow-down"
):
    """Press the left button on the element; it stays down until it is released."""

    imports: ClassVar[tuple[str, ...]] = ("side:mouseDown", "side:mouseDownAt")
    verb: ClassVar[str] = "press the button on"

    def do(self, page: Page, sight: Sight) -> None:
        page.press_pointer(sight)


class MouseUp(
    _Pointing, name="mouse_up", label="Release the button", group="Mouse", icon="arrow-up"
):
    """Move the pointer onto the element, and release the left button there."""

    imports: ClassVar[tuple[str, ...]] = ("side:mouseUp", "side:mouseUpAt")
    verb: ClassVar[str] = "release the button on"

    def do(self, page: Page, sight: Sight) -> None:
        page.release_pointer(sight)


class MouseOut(Action, name="mouse_out", label="Point away", group="Mouse", icon="logout"):
    """Move the pointer to a place just outside the element."""

    locators: ClassVar[Target] = "required"
    imports: ClassVar[tuple[str, ...]] = ("side:mouseOut",)

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Point away from {step.target}"

    def run(self, step: Step, page: Page) -> Finding:
        return act(
            step, page, ("visible",), "point away from", lambda sight: _leave(step, page, sight)
        )


class Drag(Action, name="drag", label="Drag", group="Mouse", icon="hand-move"):
    """Drag the element onto another one, or by a distance, and drop it there."""

    locators: ClassVar[Target] = "required"
    imports: ClassVar[tuple[str, ...]] = ("side:dragAndDropToObject",)
    Options: ClassVar[type[Options]] = DragOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        onto = targets(str(step.options.get("target", "")))
        return f"Drag {step.target} " + (f"onto {onto[0]}" if onto else _distance(step))

    def run(self, step: Step, page: Page) -> Finding:
        x, y = step.options.get("offset_x") or 0, step.options.get("offset_y") or 0
        onto = targets(str(step.options.get("target", "")))
        target_step = step.model_copy(update={"locators": onto})

        def drag(sight: Sight) -> None:
            target = None
            if onto:
                target = seek(target_step, page, ("visible", "still"), "drag onto")[0]
            page.drag(sight, target, (float(x), float(y)))

        return act(step, page, POINTER, "drag", drag)


class Scroll(Action, name="scroll", label="Scroll", group="Mouse", icon="arrows-down"):
    """Scroll the page, or what is inside an element, to a place or by a distance."""

    locators: ClassVar[Target] = "optional"
    imports: ClassVar[tuple[str, ...]] = ("recorder:scroll",)
    Options: ClassVar[type[Options]] = ScrollOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        x, y = step.options.get("x", 0), step.options.get("y", 0)
        return f"Scroll {step.target} {'by' if step.options.get('by') else 'to'} {x:g}, {y:g}"

    def run(self, step: Step, page: Page) -> Finding:
        x, y = float(step.options.get("x", 0)), float(step.options.get("y", 0))
        by = bool(step.options.get("by"))
        came: list[tuple[int, int]] = []

        def scroll(sight: Sight | None) -> None:
            came[:] = [page.scroll(sight, x, y, by)]

        finding = Finding()
        if step.locators:
            finding = act(step, page, ("visible",), "scroll", scroll)
        else:
            scroll(None)
        if by or (abs(came[0][0] - x) <= 1 and abs(came[0][1] - y) <= 1):
            return finding
        note = f"It could be scrolled to {came[0][0]}, {came[0][1]} only, not to {x:g}, {y:g}"
        return replace(finding, notes=(*finding.notes, note))


class ScrollTo(
    Action, name="scroll_to", label="Scroll to", group="Mouse", icon="arrow-bar-to-down"
):
    """Scroll until the element is in the visible part of the page."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        _, finding = seek(step, page, ("visible",), "scroll to")
        page.look(step.locators, Want(needs=("visible",), scroll=True))
        return finding


def _press(step: Step) -> Press:
    return Press(
        button=step.options.get("button", "left"),
        times=int(step.options.get("clicks", 1)),
        hold_seconds=int(step.options.get("hold_ms", 0)) / 1000,
        modifiers=modifiers(str(step.options.get("modifiers", ""))),
        is_exact=place(step) is not None,
    )


def _leave(step: Step, page: Page, sight: Sight) -> None:
    if not page.leave(sight):
        raise StepFailed(
            f"Could not point away from {step.target}: {sight.words} fills the window, so there is "
            "no place beside it.",
            "a place outside the element",
            "none in the window",
        )


def _distance(step: Step) -> str:
    x, y = step.options.get("offset_x") or 0, step.options.get("offset_y") or 0
    return f"by {x:g}, {y:g} px"
