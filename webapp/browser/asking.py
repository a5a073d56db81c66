"""Ask a browser's driver, with the time of the step as the limit, and note what happens beside."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver

from webapp import clock
from webapp.browser import trouble
from webapp.browser.calls import (
    LEAST_SECONDS,
    DialogOpen,
    DriverSilent,
    PageCrashed,
    Unresponsive,
    WindowClosed,
    call,
)
from webapp.browser.errors import BrowserLost, StepFailed
from webapp.browser.page import Moved, PageState
from webapp.browser.secrets import Secrets
from webapp.browser.stopping import Patience, Stop
from webapp.browser.variables import Variables

T = TypeVar("T")
SCRIPTS = Path(__file__).parent / "scripts"
MOST_NOTES = 20
STATE_FACTS = ("url", "title", "ready", "content_type", "origin", "status", "is_blank")
# Some calls have no limit in the driver: a click into a script without end never comes back.
CALL_MARGIN_SECONDS = 5.0


@cache
def script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


class Asking:
    """A driver, and the manners of talking to it."""

    def __init__(self, driver: WebDriver, is_chromium: bool) -> None:
        self.patience = Patience(10, Stop())
        self.secrets = Secrets()
        self.base_url = ""
        self.allow_private = False
        self.own_addresses: tuple[str, ...] = ()
        self.variables = Variables(self.secrets)
        self.files: Mapping[str, Path] = {}
        self.began_at = clock.now()
        self.taken: set[str] = set()
        self.leave_dialog = False
        self.open_dialog: str | None = None
        self._driver = driver
        self._is_chromium = is_chromium
        self._timeouts: dict[str, int] = {}
        self._notes: list[str] = []
        self._arrivals: list[str] = []
        self._asked_for = ""
        self._no_picture = ""
        self._picture_of: Any = None
        self._is_deaf = False
        self._client = cast(RemoteConnection, driver.command_executor).client_config
        self._window = str(driver.current_window_handle)
        if is_chromium:
            self._on_every_document("on_every_document")

    def _on_every_document(self, name: str) -> None:
        params = {"source": script(name)}
        command = {"cmd": "Page.addScriptToEvaluateOnNewDocument", "params": params}
        self._driver.execute("executeCdpCommand", command)

    def begin(self, patience: Patience) -> None:
        self.patience = patience
        self._picture_of = None
        self._set_timeouts(max(patience.seconds, LEAST_SECONDS))

    def _set_timeouts(self, page_seconds: float) -> None:
        """How long a page may load, and how long one of our scripts may take in it."""
        script_seconds = max(self.patience.seconds, LEAST_SECONDS)
        timeouts = {"pageLoad": int(page_seconds * 1000), "script": int(script_seconds * 1000)}
        if timeouts != self._timeouts:
            self._ask(lambda: self._driver.execute("setTimeouts", dict(timeouts)))
            self._timeouts = timeouts

    def _ask(self, what: Callable[[], T]) -> T:
        """Call the driver; dialogs that stand in the way are answered, noted, and asked again."""
        while True:
            try:
                return self._call(what)
            except DialogOpen as dialog:
                self._note_dialog(dialog)
                if self.patience.is_over:
                    raise StepFailed(
                        f"The page goes on showing dialogs, the last one with “{dialog}”.",
                        "a page without a dialog",
                        f"a dialog with “{dialog}”",
                    ) from None
            except (PageCrashed, Unresponsive) as error:
                crashed = isinstance(error, PageCrashed)
                self._no_picture = "the page crashed" if crashed else "the page does not answer"
                raise
            except WindowClosed:
                self._use_another_window()
                raise

    def _call(self, what: Callable[[], T]) -> T:
        if self._is_deaf:
            self.patience.stop.check()
            raise Unresponsive.of(self.patience)
        self._client.timeout = math.ceil(self.patience.left + CALL_MARGIN_SECONDS)
        try:
            return call(what, self.patience)
        except DriverSilent:
            # The driver takes no second call while the first one hangs: this browser is lost, but
            # the step is not, since we know that its page is what hangs.
            self._is_deaf = True
            raise

    def _run(self, name: str, *words: Any) -> Any:
        return self._ask(lambda: self._driver.execute_script(script(name), *words))

    def _facts(self, name: str, *words: Any) -> dict[str, Any]:
        """What a script of ours says of the page; Moved when it was broken off.

        A dialog that opens while the script is on ends it: the driver answers the dialog, and
        gives nothing for the script.
        """
        said = self._run(name, *words)
        if not isinstance(said, dict):
            raise Moved(f"the page broke off the script “{name}”")
        return said

    def _note(self, text: str) -> None:
        if len(self._notes) < MOST_NOTES and text not in self._notes:
            self._notes.append(text)

    def _note_dialog(self, dialog: DialogOpen) -> None:
        words = f": “{dialog}”" if str(dialog) else " (its text is not known)"
        self._note(f"The page showed a dialog, answered with OK{words}")

    def _use_another_window(self) -> None:
        """After a page closed its window, go on in one that is left, if any is."""
        handles = self._call(lambda: self._driver.window_handles)
        if not handles:
            raise BrowserLost("The page closed the last window of the browser.")
        self._call(lambda: self._driver.switch_to.window(handles[0]))
        self._window = str(handles[0])

    def state(self, blank: bool = False) -> PageState:
        seen = self._facts("state", blank)
        # A page that extends Object.prototype adds its own to every answer.
        state = PageState(**{name: seen[name] for name in STATE_FACTS})
        if not trouble.is_error_page(seen["document_url"]):
            return state
        address = str(self._ask(lambda: self._driver.current_url))
        return PageState(
            url=trouble.wanted_address(address),
            origin=state.origin,
            is_error=True,
            error=trouble.net_error(seen["document_url"]),
        )

    def notes(self) -> list[str]:
        notes, self._notes = self._notes, []
        return notes
