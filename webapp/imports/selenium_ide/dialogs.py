"""Commands about dialogs of the page."""

from webapp.imports.selenium_ide.building import Building
from webapp.imports.selenium_ide.translating import Translate, without_element


def _answer(b: Building) -> None:
    b.step("answer_prompt", content=b.words.text(b.command.target))


def _arm(action: str) -> Translate:
    """An answer to the next dialog: our step for it stands behind the command that opens it."""

    def translate(b: Building) -> None:
        answer = b.words.text(b.command.target) if action == "answer_prompt" else None
        b.armed.append((b.command, action, answer))
        b.approximate("It stands behind the step that opens the dialog.")

    return translate


COMMANDS: dict[str, Translate] = {
    "acceptAlert": without_element("accept_dialog"),
    "acceptConfirmation": without_element("accept_dialog"),
    "answerPrompt": _answer,
    "dismissConfirmation": without_element("dismiss_dialog"),
    "dismissPrompt": without_element("dismiss_dialog"),
    "webdriverAnswerOnVisiblePrompt": _answer,
    "webdriverChooseCancelOnVisibleConfirmation": without_element("dismiss_dialog"),
    "webdriverChooseCancelOnVisiblePrompt": without_element("dismiss_dialog"),
    "webdriverChooseOkOnVisibleConfirmation": without_element("accept_dialog"),
    "answerOnNextPrompt": _arm("answer_prompt"),
    "chooseCancelOnNextConfirmation": _arm("dismiss_dialog"),
    "chooseCancelOnNextPrompt": _arm("dismiss_dialog"),
    "chooseOkOnNextConfirmation": _arm("accept_dialog"),
}
