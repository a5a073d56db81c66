"""The dialogs that a page opens: alert, confirm and prompt."""

import contextlib
from typing import Any

from selenium.common import exceptions as thrown
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webdriver import WebDriver

from webapp.browser.errors import StepFailed

LONGEST_TEXT = 2_000


class Dialogs:
    """The dialog that is open in the tab that the driver is in."""

    def __init__(self, driver: WebDriver) -> None:
        self._driver = driver

    def text(self) -> str | None:
        """What it says, empty if nothing; None when no dialog is open."""
        with contextlib.suppress(thrown.NoAlertPresentException):
            text = str(self._ask(Command.W3C_GET_ALERT_TEXT) or "")
            return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
        return None

    def answer(self, accept: bool) -> None:
        """Press OK or Cancel; nothing happens when the dialog went away by itself."""
        with contextlib.suppress(thrown.NoAlertPresentException):
            self._ask(Command.W3C_ACCEPT_ALERT if accept else Command.W3C_DISMISS_ALERT)

    def fill(self, text: str) -> None:
        """Write into the field of a prompt; other dialogs have none."""
        try:
            # The first is what drivers read, the second what those of old did.
            self._ask(Command.W3C_SET_ALERT_VALUE, text=text, value=list(text))
        except thrown.ElementNotInteractableException as error:
            raise StepFailed(
                "The dialog takes no answer: it is no prompt with a field to write in.",
                "a prompt",
                "a dialog without a field",
            ) from error

    def _ask(self, command: str, **words: Any) -> Any:
        return self._driver.execute(command, words)["value"]
