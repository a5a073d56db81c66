"""What a keyboard can do, and lists of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keys import UnknownKey, chord
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import KEYBOARD, Chosen, Page
from webapp.browser.seeking import poll, seek, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class TypeOptions(Options):
    append: bool = Option(
        False, title="Add to what is there", description="Otherwise it is replaced."
    )


class SelectOptions(Options):
    by: Literal["label", "value", "index"] = Option(
        "label",
        title="Choose by",
        description="The text that is shown, the value attribute, or the place counted from 0.",
    )


class Type(
    Action, name="type", label="Type", group="Keyboard", icon="keyboard", aliases=("tapping",)
):
    """Type a text into a field; what was in it is replaced."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field(
        "content", "Text", kind="textarea", required=True, placeholder="alice@example.org"
    )
    can_be_secret: ClassVar[bool] = True
    Options: ClassVar[type[Options]] = TypeOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        for at, character in enumerate(content, 1):
            if "\ue000" <= character <= "\uf8ff":
                return (
                    f"The character at position {at} is one that drivers take for a key. "
                    "Use the action “press” for keys."
                )
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        if step.secret or step.content is None:
            return f"Type a secret into {step.target}"
        return f"{super().summary(step).removesuffix(f' in {step.target}')} into {step.target}"

    def run(self, step: Step, page: Page) -> Finding:
        if step.content is None:
            raise StepFailed(
                f"The secret text for {step.target} is not known here, so it cannot be typed.",
                "a secret that is stored",
                "no secret",
            )
        sight, finding = seek(step, page, KEYBOARD, "type into")
        page.type(sight, step.content, bool(step.options.get("append")), step.secret)
        return finding


class Clear(Action, name="clear", label="Clear", group="Keyboard", icon="eraser"):
    """Empty a field."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        sight, finding = seek(step, page, KEYBOARD, "clear")
        page.clear(sight)
        return finding


class Press(Action, name="press", label="Press", group="Keyboard", icon="command"):
    """Press a key or a chord, in an element or where the focus is."""

    locators: ClassVar[Target] = "optional"
    content: ClassVar[Field | None] = Field(
        "content",
        "Key",
        required=True,
        placeholder="Enter",
        help="A key like Enter, Tab, Escape, ArrowDown, or a chord like Control+a.",
    )

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        try:
            chord(content)
        except UnknownKey as error:
            return str(error)
        return ""

    def run(self, step: Step, page: Page) -> Finding:
        keys = chord(step.content or "")
        if not step.locators:
            page.press(keys, None)
            return Finding()
        sight, finding = seek(step, page, ("visible", "enabled"), "press a key in")
        page.press(keys, sight)
        return finding


class Select(Action, name="select", label="Choose", group="Keyboard", icon="select"):
    """Choose in a list of choices. Where several may be chosen, the choice is added."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field(
        "content", "Choice", required=True, placeholder="Express delivery"
    )
    Options: ClassVar[type[Options]] = SelectOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if options.get("by") == "index" and not (content.isascii() and content.isdigit()):
            return f"“{content[:60]}” is not a place in the list. Places are 0, 1, 2 and so on."
        return ""

    def run(self, step: Step, page: Page) -> Finding:
        by, content = str(step.options.get("by", "label")), step.content or ""
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
            return page.choose(sight, by, content)

        chosen = poll(page, choose, lambda answer: answer.label is not None)
        if chosen.label is None:
            raise StepFailed(*_not_chosen(step, page, by, content, chosen))
        return finding


def _not_chosen(
    step: Step, page: Page, by: str, content: str, chosen: Chosen
) -> tuple[str, str, str]:
    there = ", ".join(f"“{choice}”" for choice in chosen.choices) or "no choices at all"
    if chosen.problem == "disabled":
        found = "a choice that is disabled"
        message = f"Could not choose “{content}” in {step.target}: that choice is disabled"
    else:
        found = there
        message = f"Could not choose in {step.target}: no {by} “{content}”. It has {there}"
    return f"{message} (waited {waited(page)}).", f"the {by} “{content}”", found
