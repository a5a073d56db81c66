"""Waiting on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.page import Look, Page, Want
from webapp.browser.seeking import Judgement, hold, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step

LONGEST_WAIT = 3600.0


STATES: dict[str, str] = {
    "visible": "visible",
    "hidden": "hidden",
    "gone": "gone",
    "present": "in the page",
    "enabled": "enabled",
    "disabled": "disabled",
    "editable": "editable",
    "not_editable": "not editable",
    "checked": "checked",
    "unchecked": "not checked",
}


class WaitForOptions(Options):
    state: Literal[
        "visible",
        "hidden",
        "gone",
        "present",
        "enabled",
        "disabled",
        "editable",
        "not_editable",
        "checked",
        "unchecked",
    ] = Option(
        "visible",
        title="Until it is",
        description="hidden: no match is visible; gone: no match is in the page; present: one is, "
        "visible or not; editable: neither disabled nor read-only.",
    )


class WaitFor(Action, name="wait_for", label="Wait for", group="Waiting", icon="hourglass"):
    """Wait until an element has appeared, has gone, or is in another state."""

    locators: ClassVar[Target] = "required"
    changes_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = (
        "side:waitForElementVisible",
        "side:waitForElementNotVisible",
        "side:waitForElementPresent",
        "side:waitForElementNotPresent",
        "side:waitForElementEditable",
        "side:waitForElementNotEditable",
        "side:waitForVisible",
        "side:waitForEditable",
    )
    Options: ClassVar[type[Options]] = WaitForOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait until {step.target} is {STATES[str(step.options.get('state', 'visible'))]}"

    def run(self, step: Step, page: Page) -> Finding:
        state = str(step.options.get("state", "visible"))
        want = Want(
            needs=("visible", "enabled") if state == "enabled" else (),
            all_visible=state in ("visible", "hidden"),
            facts=state in ("editable", "not_editable"),
        )
        return hold(step, page, want, lambda look: self._judge(step, page, state, look))

    def _judge(self, step: Step, page: Page, state: str, look: Look) -> Judgement:
        found = _found(state, look)
        words = STATES[state]
        message = f"Waited {waited(page)} for {step.target} to be {words} but {found}."
        return Judgement(_holds(state, look), f"{step.target} is {words}", found, message)


def _holds(state: str, look: Look) -> bool:
    if state == "visible":
        return is_first_visible(look)
    if state == "hidden":
        return not any(look.visible_counts) and not look.problems
    if state == "gone":
        return not any(look.counts) and not look.problems
    if state == "enabled":
        return look.winner is not None
    best = look.best
    if best is None:
        return False
    return {
        "present": True,
        "disabled": not best.enabled,
        "editable": best.enabled and not best.facts.fixed,
        "not_editable": not best.enabled or bool(best.facts.fixed),
        "checked": best.checked is True,
        "unchecked": best.checked is False,
    }[state]


def _found(state: str, look: Look) -> str:
    best = look.best
    if best is None or state in ("visible", "hidden", "gone", "present", "enabled"):
        return state_words(look)
    if state == "disabled":
        return f"{best.words} was {'enabled' if best.enabled else 'disabled'}"
    if state in ("editable", "not_editable"):
        why = "it can be edited" if best.enabled else "it is disabled"
        return f"{best.words}: {best.facts.fixed or why}"
    if best.checked is None:
        return f"{best.words} is neither a checkbox nor a radio button"
    return f"{best.words} was {'checked' if best.checked else 'not checked'}"


class Wait(Action, name="wait", label="Wait", group="Waiting", icon="clock-pause"):
    """Do nothing for some seconds. Waiting for an element is faster and safer."""

    content: ClassVar[Field | None] = Field(
        "content", "Seconds", kind="number", required=True, placeholder="2"
    )
    changes_page: ClassVar[bool] = False
    minds_dialogs: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("side:pause",)

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        try:
            seconds = float(content)
        except ValueError:
            seconds = -1
        if not 0 <= seconds <= LONGEST_WAIT:
            return f"“{content[:60]}” is not a number of seconds from 0 to {LONGEST_WAIT:g}."
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait {step.content} s"

    def run(self, step: Step, page: Page) -> Finding:
        page.patience.sleep(float(step.content or 0))
        return Finding()


def is_first_visible(look: Look) -> bool:
    return any(sight.visible for sight in look.sights)


def state_words(look: Look) -> str:
    """What the elements were like, for a sentence."""
    best = next((sight for sight in look.sights if sight.visible), look.best)
    if best is None:
        return "there was no such element"
    if best.visible and any(look.visible_counts) and not look.visible_counts[best.candidate]:
        return "another match was visible"
    if best.visible:
        return f"{best.words} was visible" + (f", and {best.why}" if best.why else "")
    if any(look.visible_counts):
        return "another match was visible"
    return f"{best.words} was hidden: {best.why}"
