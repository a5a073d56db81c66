"""Lists of choices: choose in them, add a choice, take one back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import Chosen, Page, Sight
from webapp.browser.seeking import poll, seek, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step

Choose = Callable[[Sight, str, str], Chosen]


class SelectOptions(Options):
    by: Literal["label", "value", "index", "id"] = Option(
        "label",
        title="Choose by",
        description="The text that is shown, the value attribute, the place counted from 0, or "
        "the id attribute.",
    )


class _Choosing(Action):
    """What choosing and taking back share."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field(
        "content", "Choice", required=True, placeholder="Express delivery"
    )
    Options: ClassVar[type[Options]] = SelectOptions

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return options.get("by") == "value"  # as “Please choose” often has it

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if options.get("by") == "index" and not (content.isascii() and content.isdigit()):
            return f"“{content[:60]}” is not a place in the list. Places are 0, 1, 2 and so on."
        return ""


class Select(_Choosing, name="select", label="Choose", group="Forms", icon="select"):
    """Choose in a list of choices. Where several may be chosen, the choice is added."""

    imports: ClassVar[tuple[str, ...]] = ("side:select",)

    def run(self, step: Step, page: Page) -> Finding:
        return choose_in(step, page, str(step.options.get("by", "label")), step.content or "")


class AddSelection(
    _Choosing, name="add_selection", label="Add a choice", group="Forms", icon="list-check"
):
    """Choose one more in a list where several may be chosen; the others stay chosen."""

    imports: ClassVar[tuple[str, ...]] = ("side:addSelection",)

    def run(self, step: Step, page: Page) -> Finding:
        return choose_in(step, page, str(step.options.get("by", "label")), step.content or "")


class RemoveSelection(
    _Choosing, name="remove_selection", label="Take a choice back", group="Forms", icon="square-x"
):
    """Take one choice back in a list where several may be chosen."""

    imports: ClassVar[tuple[str, ...]] = ("side:removeSelection",)

    def run(self, step: Step, page: Page) -> Finding:
        by, content = str(step.options.get("by", "label")), step.content or ""
        return _choose(step, page, by, content, page.unchoose)


def choose_in(step: Step, page: Page, by: str, content: str) -> Finding:
    """Choose in the step's list, as soon as the choice is there."""
    return _choose(step, page, by, content, page.choose)


def _choose(step: Step, page: Page, by: str, content: str, how: Choose) -> Finding:
    finding = Finding()

    def choose() -> Chosen:
        nonlocal finding
        sight, finding = seek(step, page, ("visible", "enabled"), "choose in")
        if sight.tag != "select":
            raise StepFailed(
                f"Could not choose in {step.target}: {sight.words} is no list of choices. "
                "Lists that a page draws itself are worked with “click”.",
                "a <select>",
                sight.words,
            )
        return how(sight, by, content)

    chosen = poll(page, choose, lambda answer: answer.label is not None)
    if chosen.label is None:
        raise StepFailed(*_not_chosen(step, page, by, content, chosen))
    return finding


def _not_chosen(
    step: Step, page: Page, by: str, content: str, chosen: Chosen
) -> tuple[str, str, str]:
    if chosen.problem == "single":
        return (
            f"Could not take “{content}” back in {step.target}: in this list one choice is always "
            "chosen. Choose another one instead.",
            "a list where several may be chosen",
            "a list of one choice",
        )
    there = ", ".join(f"“{choice}”" for choice in chosen.choices) or "no choices at all"
    if chosen.problem == "disabled":
        found = "a choice that is disabled"
        message = f"Could not choose “{content}” in {step.target}: that choice is disabled"
    else:
        found = there
        message = f"Could not choose in {step.target}: no {by} “{content}”. It has {there}"
    return f"{message} (waited {waited(page)}).", f"the {by} “{content}”", found
