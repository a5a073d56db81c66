"""The dialogs of a page: alert, confirm and prompt.

A step that opens one leaves it open where the step written next is one of these; else it is
answered with OK, and noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.comparing import Comparing
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.matching import Matcher, fold
from webapp.browser.page import Page
from webapp.browser.seeking import poll, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class _OfDialog(Action):
    """What the actions about a dialog share."""

    needs_dialog: ClassVar[bool] = True
    verb: ClassVar[str]

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"{cls.verb[0].upper()}{cls.verb[1:]} the dialog"

    def dialog(self, page: Page) -> str:
        """The text of the dialog, as soon as there is one."""
        text = poll(page, page.dialog_text, lambda seen: seen is not None)
        if text is None:
            raise StepFailed(
                f"Could not {self.verb} a dialog: the page opened none within {waited(page)}.",
                "a dialog",
                "no dialog",
            )
        return text


class AcceptDialog(
    _OfDialog, name="accept_dialog", label="Accept dialog", group="Dialogs", icon="circle-check"
):
    """Wait for a dialog and press OK."""

    verb: ClassVar[str] = "accept"
    imports: ClassVar[tuple[str, ...]] = (
        "side:acceptAlert",
        "side:acceptConfirmation",
        "side:chooseOkOnNextConfirmation",
        "side:webdriverChooseOkOnVisibleConfirmation",
    )

    def run(self, step: Step, page: Page) -> Finding:
        text = self.dialog(page)
        page.answer_dialog(True)
        return Finding(found=fold(text))


class DismissDialog(
    _OfDialog, name="dismiss_dialog", label="Dismiss dialog", group="Dialogs", icon="circle-x"
):
    """Wait for a dialog and press Cancel."""

    verb: ClassVar[str] = "dismiss"
    imports: ClassVar[tuple[str, ...]] = (
        "side:dismissConfirmation",
        "side:dismissPrompt",
        "side:chooseCancelOnNextConfirmation",
        "side:chooseCancelOnNextPrompt",
        "side:webdriverChooseCancelOnVisibleConfirmation",
        "side:webdriverChooseCancelOnVisiblePrompt",
    )

    def run(self, step: Step, page: Page) -> Finding:
        text = self.dialog(page)
        page.answer_dialog(False)
        return Finding(found=fold(text))


class AnswerPrompt(
    _OfDialog, name="answer_prompt", label="Answer prompt", group="Dialogs", icon="message"
):
    """Wait for a dialog that asks for a text, write it and press OK."""

    verb: ClassVar[str] = "answer"
    content: ClassVar[Field | None] = Field(
        "content",
        "Answer",
        placeholder="Alice",
        help="Empty: OK with what the dialog proposes.",
    )
    imports: ClassVar[tuple[str, ...]] = (
        "side:answerPrompt",
        "side:answerOnNextPrompt",
        "side:webdriverAnswerOnVisiblePrompt",
    )

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Answer the dialog with “{step.content or 'OK'}”"

    def run(self, step: Step, page: Page) -> Finding:
        text = self.dialog(page)
        page.answer_dialog(True, step.content or None)
        return Finding(found=fold(text))


class DialogOptions(Options):
    match: Literal["contains", "equals", "matches"] = Option("contains", title="How to compare")
    negate: bool = Option(
        False, title="The opposite", description="Holds when the comparison does not."
    )


class AssertDialog(
    Comparing,
    _OfDialog,
    name="assert_dialog",
    label="Expect dialog",
    group="Dialogs",
    icon="input-search",
):
    """Wait for a dialog and compare its text. Left open for a step about it, else accepted."""

    verb: ClassVar[str] = "look at"
    heals: ClassVar[bool] = False
    content: ClassVar[Field | None] = Field(
        "content", "Expected text", kind="textarea", required=True, placeholder="Delete it?"
    )
    Options: ClassVar[type[Options]] = DialogOptions
    imports: ClassVar[tuple[str, ...]] = (
        "side:assertAlert",
        "side:assertConfirmation",
        "side:assertPrompt",
        "side:verifyAlert",
        "side:verifyConfirmation",
        "side:verifyPrompt",
    )

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect the text of the dialog {_matcher(step).words}"

    def run(self, step: Step, page: Page) -> Finding:
        text = self.dialog(page)
        with _matcher(step) as matcher:
            expected, found = f"the text of the dialog {matcher.words}", fold(text)
            if not matcher.holds(text):
                message = f"Expected {expected} but it was “{found}”."
                raise StepFailed(message, expected, found)
        if page.leave_dialog:
            return Finding(expected=expected, found=found)
        page.answer_dialog(True)
        return Finding(expected=expected, found=found, notes=("The dialog was answered with OK",))


def _matcher(step: Step) -> Matcher:
    match = str(step.options.get("match", "contains"))
    return Matcher(match, step.content or "", bool(step.options.get("negate")))
