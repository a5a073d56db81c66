"""Fill in and send the forms of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from webapp.browser.actions.choices import choose_in
from webapp.browser.actions.fields import Field
from webapp.browser.actions.keyboard import known_content
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import KEYBOARD, POINTER, Page, Sight, Want
from webapp.browser.seeking import Judgement, act, hold, seek

if TYPE_CHECKING:
    from webapp.browser.steps import Step

TEXTS = frozenset({"text", "url", "tel", "search", "password", "number", "email"})
TICKS = frozenset({"checkbox", "radio"})
YES = frozenset({"true", "on", "yes", "1", "checked"})
NO = frozenset({"false", "off", "no", "0", "unchecked", ""})


class _Tick(Action):
    """What check and uncheck share."""

    locators: ClassVar[Target] = "required"
    wanted: ClassVar[bool]
    verb: ClassVar[str]

    def run(self, step: Step, page: Page) -> Finding:
        return tick(step, page, self.wanted, self.verb)


class Check(_Tick, name="check", label="Check", group="Forms", icon="checkbox"):
    """Check a checkbox or choose a radio button; nothing happens if it is checked already."""

    imports: ClassVar[tuple[str, ...]] = ("side:check",)
    wanted: ClassVar[bool] = True
    verb: ClassVar[str] = "check"


class Uncheck(_Tick, name="uncheck", label="Uncheck", group="Forms", icon="square"):
    """Uncheck a checkbox; nothing happens if it is not checked."""

    imports: ClassVar[tuple[str, ...]] = ("side:uncheck",)
    wanted: ClassVar[bool] = False
    verb: ClassVar[str] = "uncheck"


class Change(Action, name="change", label="Fill in", group="Forms", icon="pencil"):
    """Give a field its value, in the way that suits it: choose in a list by value, type into a
    text field (only what is missing, if the text begins with what is there), check a checkbox by
    true or false, and set dates, times, colours and ranges."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field("content", "Value", kind="textarea", required=True)
    can_be_secret: ClassVar[bool] = True
    imports: ClassVar[tuple[str, ...]] = ("recorder:change",)

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return True

    @classmethod
    def summary(cls, step: Step) -> str:
        if step.secret or step.content is None:
            return f"Fill a secret into {step.target}"
        return super().summary(step)

    def run(self, step: Step, page: Page) -> Finding:
        content = known_content(step)
        sight, _ = seek(step, page, ("visible", "enabled"), "fill in")
        if sight.tag == "select":
            return choose_in(step, page, "value", content)
        if sight.type in TICKS:
            return tick(step, page, _is_yes(step, sight, content), "fill in")
        if sight.type == "file":
            raise StepFailed(
                f"Could not fill in {step.target}: {sight.words} is a field for files, which the "
                "action “upload” fills with files that are stored with the flow.",
                "a field that takes a value",
                sight.words,
            )
        if sight.tag == "input" and sight.type not in TEXTS:
            return act(step, page, KEYBOARD, "fill in", lambda one: page.set_value(one, content))
        return act(step, page, KEYBOARD, "fill in", lambda one: _complete(step, page, one, content))


class SetValue(Action, name="set_value", label="Set value", group="Forms", icon="adjustments"):
    """Put a value into a field at once, as the pickers of dates, times, colours and ranges do."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field(
        "content",
        "Value",
        required=True,
        placeholder="2027-01-31",
        help="As HTML writes it: 2027-01-31, 14:30, 2027-01-31T14:30, #ff8800, 42.",
    )

    def run(self, step: Step, page: Page) -> Finding:
        content = step.content or ""

        def put(sight: Sight) -> None:
            if sight.tag not in ("input", "textarea"):
                raise StepFailed(
                    f"Could not set the value of {step.target}: {sight.words} is no field.",
                    "an <input> or a <textarea>",
                    sight.words,
                )
            page.set_value(sight, content)

        return act(step, page, KEYBOARD, "set the value of", put)


class SetRichText(
    Action, name="set_rich_text", label="Set rich text", group="Forms", icon="typography"
):
    """Replace what stands in an editor of formatted text (an element with contenteditable)."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field("content", "Text", kind="textarea", required=True)
    imports: ClassVar[tuple[str, ...]] = ("side:editContent",)

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return True

    def run(self, step: Step, page: Page) -> Finding:
        def put(sight: Sight) -> None:
            if not page.set_rich_text(sight, step.content or ""):
                raise StepFailed(
                    f"Could not set the text of {step.target}: {sight.words} is no editor of "
                    "formatted text (it has no contenteditable). Fields take the action “type”.",
                    "an element that can be edited",
                    sight.words,
                )

        return act(step, page, ("visible", "enabled"), "set the text of", put)


class Submit(Action, name="submit", label="Send form", group="Forms", icon="arrow-right"):
    """Send a form, given itself or anything in it, as its own button would."""

    locators: ClassVar[Target] = "required"
    imports: ClassVar[tuple[str, ...]] = ("side:submit",)

    def run(self, step: Step, page: Page) -> Finding:
        return act(step, page, (), "send the form of", lambda sight: _submit(step, page, sight))


def tick(step: Step, page: Page, wanted: bool, verb: str) -> Finding:
    """Have a checkbox or a radio button checked, or not, by a click where it is not so already."""
    sight, finding = seek(step, page, (), verb)
    if sight.checked is None:
        raise StepFailed(
            f"Could not {verb} {step.target}: {sight.words} is neither a checkbox nor a "
            "radio button.",
            "a checkbox or a radio button",
            sight.words,
        )
    if sight.checked is wanted:
        return finding
    finding = act(step, page, POINTER, verb, page.click)
    hold(
        step,
        page,
        Want(),
        lambda look: _ticked(step, wanted, look.best.checked if look.best else None),
    )
    return finding


def _ticked(step: Step, wanted: bool, checked: bool | None) -> Judgement:
    words = {True: "checked", False: "not checked", None: "gone"}
    return Judgement(
        checked is wanted,
        words[wanted],
        words[checked],
        f"Expected {step.target} to be {words[wanted]} after the click but it was "
        f"{words[checked]}.",
    )


def _is_yes(step: Step, sight: Sight, content: str) -> bool:
    word = content.strip().lower()
    if word in YES or word in NO:
        return word in YES
    raise StepFailed(
        f"Could not fill in {step.target}: {sight.words} is checked by “true” and unchecked by "
        f"“false”, not by “{content[:60]}”.",
        "true or false",
        content,
    )


def _complete(step: Step, page: Page, sight: Sight, content: str) -> None:
    """Type what is missing behind what is there, or all of it anew."""
    there = page.field_text(sight)
    if not content:
        page.clear(sight)
    elif not content.startswith(there):
        page.type(sight, content, False, step.secret)
    elif missing := content.removeprefix(there):
        page.type(sight, missing, True, step.secret)


def _submit(step: Step, page: Page, sight: Sight) -> None:
    sent = page.submit(sight)
    if sent.problem == "no form":
        raise StepFailed(
            f"Could not send the form of {step.target}: {sight.words} is no form, and is in none.",
            "a form",
            sight.words,
        )
    if sent.problem:
        raise StepFailed(
            f"Could not send the form of {step.target}: its field “{sent.name}” is not filled in "
            f"as the page wants it ({sent.why.rstrip('.')}).",
            "a form that is filled in",
            f"“{sent.name}”: {sent.why}",
        )
