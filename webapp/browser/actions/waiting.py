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


class WaitForOptions(Options):
    state: Literal["visible", "hidden", "gone", "enabled"] = Option(
        "visible",
        title="Until it is",
        description="hidden: no match is visible; gone: no match is in the page.",
    )


class WaitFor(Action, name="wait_for", label="Wait for", group="Waiting", icon="hourglass"):
    """Wait until an element has appeared, has gone, or can be used."""

    locators: ClassVar[Target] = "required"
    changes_page: ClassVar[bool] = False
    Options: ClassVar[type[Options]] = WaitForOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait until {step.target} is {step.options.get('state', 'visible')}"

    def run(self, step: Step, page: Page) -> Finding:
        state = str(step.options.get("state", "visible"))
        want = Want(
            needs=("visible", "enabled") if state == "enabled" else (),
            all_visible=state in ("visible", "hidden"),
        )
        return hold(step, page, want, lambda look: self._judge(step, page, state, look))

    def _judge(self, step: Step, page: Page, state: str, look: Look) -> Judgement:
        found = state_words(look)
        holds = {
            "visible": is_first_visible(look),
            "hidden": not any(look.visible_counts) and not look.problems,
            "gone": not any(look.counts) and not look.problems,
            "enabled": look.winner is not None,
        }[state]
        message = f"Waited {waited(page)} for {step.target} to be {state} but {found}."
        return Judgement(holds, f"{step.target} is {state}", found, message)


class Wait(Action, name="wait", label="Wait", group="Waiting", icon="clock-pause"):
    """Do nothing for some seconds. Waiting for an element is faster and safer."""

    content: ClassVar[Field | None] = Field(
        "content", "Seconds", kind="number", required=True, placeholder="2"
    )
    changes_page: ClassVar[bool] = False

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
