"""Ask a browser's driver, with the time of the step as the limit, and note what happens beside."""

import contextlib
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
    DidNotLoad,
    DriverSilent,
    PageCrashed,
    TabGone,
    Unloaded,
    Unresponsive,
    WindowClosed,
    call,
)
from webapp.browser.dialogs import Dialogs
from webapp.browser.errors import BrowserLost, DialogLeft, StepFailed
from webapp.browser.page import Moved, PageState
from webapp.browser.secrets import Secrets
from webapp.browser.stopping import Patience, Stop
from webapp.browser.tabs import Tabs
from webapp.browser.variables import Variables

T = TypeVar("T")
SCRIPTS = Path(__file__).parent / "scripts"
# These only look, or make ready: a step whose script was another one has acted on the page.
HARMLESS = frozenset(
    (
        "conceal",
        "conceal_one",
        "frame_at",
        "frame_depth",
        "frame_place",
        "history_place",
        "look",
        "look_by_name",
        "page_text",
        "stored",
        "next_frames",
        "reveal",
        "select_text",
        "state",
        "window_size",
    )
)
MOST_NOTES = 20
STATE_FACTS = ("url", "title", "ready", "content_type", "origin", "status", "is_blank")
# A script that a dialog breaks off ends when the dialog is answered; its answer waits in the page.
ANSWERED = """const said = (function () {{ {script}
}}).apply(null, arguments);
window[Symbol.for('lamplighter said')] = said;
return said;"""
ANSWER = """const kept = Symbol.for('lamplighter said'), said = window[kept];
delete window[kept];
return said;"""
# Some calls have no limit in the driver: a click into a script without end never comes back.
CALL_MARGIN_SECONDS = 5.0


# Scripts of several files, each of which calls those before it. What asks for no role and no label
# does without the names, which are half of it: 2 ms a look in Firefox.
FILES = {
    "look": ("drawn", "finding", "facts", "look"),
    "look_by_name": ("drawn", "names", "finding", "facts", "look"),
}


@cache
def script(name: str) -> str:
    files = [SCRIPTS / f"{one}.js" for one in FILES.get(name, (name,))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


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
        self._driver = driver
        self._is_chromium = is_chromium
        self._timeouts: dict[str, int] = {}
        self._notes: list[str] = []
        self._arrivals: list[str] = []
        self._asked_for = ""
        self._no_picture = ""
        self._picture_of: Any = None
        self._is_deaf = False
        self._has_acted = False  # whether this step has done to the page what it is about
        self._dialogs = Dialogs(driver)
        self._client = cast(RemoteConnection, driver.command_executor).client_config
        self._window = str(driver.current_window_handle)
        self._tabs = Tabs(self._window)
        self._scripts_of_documents: list[str] = []
        if is_chromium:
            self._on_every_document("on_every_document")

    def _on_every_document(self, name: str) -> None:
        """Run a script in every document that loads from now on, in every tab that is gone to."""
        self._scripts_of_documents.append(name)
        self._add_to_documents(name)

    def _add_to_documents(self, name: str) -> None:
        self._devtools("Page.addScriptToEvaluateOnNewDocument", source=script(name))

    def _devtools(self, command: str, **params: Any) -> Any:
        """Ask a Chromium by its DevTools protocol."""
        asked = {"cmd": command, "params": params}
        return self._driver.execute("executeCdpCommand", asked)["value"]

    def begin(self, patience: Patience) -> None:
        self.patience = patience
        self._picture_of = None
        self._has_acted = False
        self._set_timeouts(max(patience.seconds, LEAST_SECONDS))

    def _set_timeouts(self, page_seconds: float) -> None:
        """How long a page may load, and how long one of our scripts may take in it."""
        script_seconds = max(self.patience.seconds, LEAST_SECONDS)
        timeouts = {"pageLoad": int(page_seconds * 1000), "script": int(script_seconds * 1000)}
        if timeouts != self._timeouts:
            self._ask(lambda: self._driver.execute("setTimeouts", dict(timeouts)))
            self._timeouts = timeouts

    def _ask(self, what: Callable[[], T]) -> T:
        """Call the driver; dialogs that stand in the way are answered, noted, and asked again.

        A driver refuses to begin anything under a dialog, and reports what a dialog broke off as
        done: asking again never does a thing twice.
        """
        while True:
            try:
                return self._call(what)
            except DialogOpen:
                self._meet_dialog()
            except (PageCrashed, Unresponsive) as error:
                crashed = isinstance(error, PageCrashed)
                self._no_picture = "the page crashed" if crashed else "the page does not answer"
                raise
            except WindowClosed:
                self._lose_window()
                raise TabGone("the tab closed itself") from None

    def _meet_dialog(self) -> None:
        """Answer the dialog that is open as a visitor who goes on would, or leave it to a step."""
        text = self.dialog_text()
        if text is None:
            return
        if self.leave_dialog:
            raise DialogLeft(text, self._has_acted)
        self._call(lambda: self._dialogs.answer(True))
        words = f": “{text}”" if text else " (it has no text)"
        self._note(f"The page showed a dialog, answered with OK{words}")
        if self.patience.is_over:
            raise StepFailed(
                f"The page goes on showing dialogs, the last one with “{text}”.",
                "a page without a dialog",
                f"a dialog with “{text}”",
            )

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
        """Run a script of ours in the page; what it says, also when a dialog broke it off."""
        if name in HARMLESS:
            return self._ask(lambda: self._driver.execute_script(script(name), *words))
        kept = ANSWERED.format(script=script(name))
        said = self._ask(lambda: self._driver.execute_script(kept, *words))
        self._has_acted = True
        if said is None and self.dialog_text() is not None:
            self._meet_dialog()
            said = self._ask(lambda: self._driver.execute_script(ANSWER))
        return said

    def _do(self, what: Callable[[], Any]) -> None:
        """Act once. That it led away, or closed the tab, is found by who looks next."""
        with contextlib.suppress(DidNotLoad, Unloaded, TabGone):
            self._ask(what)
        self._has_acted = True

    def _facts(self, name: str, *words: Any) -> dict[str, Any]:
        """What a script of ours says of the page; Moved when it was broken off.

        A dialog that opens while the script is on ends it: the driver answers the dialog, and
        gives nothing for the script.
        """
        said = self._run(name, *words)
        if not isinstance(said, dict):
            raise Moved(f"the page broke off the script “{name}”")
        return said

    def in_window(self, point: tuple[float, float]) -> tuple[float, float]:
        """A point of the document that the run is in, as the pointer wants it."""
        return point

    def _note(self, text: str) -> None:
        if len(self._notes) < MOST_NOTES and text not in self._notes:
            self._notes.append(text)

    def _lose_window(self) -> None:
        """After a page closed its tab, go on in the one that opened it, or in the last one."""
        handles = self._call(lambda: self._driver.window_handles)
        following = self._tabs.follower(self._window, [str(one) for one in handles])
        if not following:
            raise BrowserLost("The page closed the last window of the browser.")
        self._call(lambda: self._driver.switch_to.window(following))
        self._window = following
        self._note(f"The tab closed itself; the run goes on in tab {self._tabs.number(following)}")

    @property
    def open_dialog(self) -> str | None:
        """The text of the dialog that was left open for the next step; None if there is none."""
        return self.dialog_text() if self.leave_dialog else None

    def dialog_text(self) -> str | None:
        return self._call(self._dialogs.text)

    def answer_dialog(self, accept: bool, text: str | None = None) -> None:
        if text is not None:
            self._call(lambda: self._dialogs.fill(text))
        self._call(lambda: self._dialogs.answer(accept))

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
