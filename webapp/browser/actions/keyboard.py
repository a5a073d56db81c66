"""What a keyboard can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keys import UnknownKey, chord, parts, single
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import KEYBOARD, Need, Page, Sight
from webapp.browser.seeking import act

if TYPE_CHECKING:
    from webapp.browser.steps import Step

USABLE: tuple[Need, ...] = ("visible", "enabled")


class TypeOptions(Options):
    append: bool = Option(
        False, title="Add to what is there", description="Otherwise it is replaced."
    )
    keys: bool = Option(
        False,
        title="With keys in braces",
        description=r"{Enter} or {Control+a} in the text is a key or a chord; \{ is a brace.",
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
    imports: ClassVar[tuple[str, ...]] = ("side:type", "side:sendKeys")
    Options: ClassVar[type[Options]] = TypeOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        for at, character in enumerate(content, 1):
            if "\ue000" <= character <= "\uf8ff":
                return (
                    f"The character at position {at} is one that drivers take for a key. "
                    "Use the action “press” for keys."
                )
        return _key_error(content, parts) if options.get("keys") else ""

    @classmethod
    def summary(cls, step: Step) -> str:
        if step.secret or step.content is None:
            return f"Type a secret into {step.target}"
        return f"{super().summary(step).removesuffix(f' in {step.target}')} into {step.target}"

    def run(self, step: Step, page: Page) -> Finding:
        content = known_content(step)
        append = bool(step.options.get("append"))

        def type_it(sight: Sight) -> None:
            if step.options.get("keys"):
                page.type_keys(sight, parts(content), append, step.secret)
            else:
                page.type(sight, content, append, step.secret)

        return act(step, page, KEYBOARD, "type into", type_it)


class Clear(Action, name="clear", label="Clear", group="Keyboard", icon="eraser"):
    """Empty a field."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        return act(step, page, KEYBOARD, "clear", page.clear)


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
        return _key_error(content, chord)

    def run(self, step: Step, page: Page) -> Finding:
        keys = chord(step.content or "")
        if not step.locators:
            page.press(keys, None)
            return Finding()
        return act(step, page, USABLE, "press a key in", lambda sight: page.press(keys, sight))


class _OneKey(Action):
    """What pressing and releasing a key share."""

    content: ClassVar[Field | None] = Field(
        "content",
        "Key",
        required=True,
        placeholder="Shift",
        help="One key, like Control, Shift, Enter or a.",
    )

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        return _key_error(content, single)


class KeyDown(
    _OneKey, name="key_down", label="Hold a key", group="Keyboard", icon="arrow-narrow-down"
):
    """Press a key where the focus is; it stays down until it is released."""

    imports: ClassVar[tuple[str, ...]] = ("recorder:keyDown",)

    def run(self, step: Step, page: Page) -> Finding:
        page.key_down(single(step.content or ""))
        return Finding()


class KeyUp(
    _OneKey, name="key_up", label="Release a key", group="Keyboard", icon="arrow-narrow-up"
):
    """Release a key that is held."""

    imports: ClassVar[tuple[str, ...]] = ("recorder:keyUp",)

    def run(self, step: Step, page: Page) -> Finding:
        page.key_up(single(step.content or ""))
        return Finding()


def known_content(step: Step) -> str:
    """The content of a step that may be secret; StepFailed when it is stored elsewhere."""
    if step.content is None:
        raise StepFailed(
            f"The secret text for {step.target} is not known here, so it cannot be typed.",
            "a secret that is stored",
            "no secret",
        )
    return step.content


def _key_error(content: str, read: Any) -> str:
    try:
        read(content)
    except UnknownKey as error:
        return str(error)
    return ""
