"""Watch what a page does beside what it shows: its requests, and the errors of its scripts."""

import contextlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver

from webapp.browser import performance_log, trouble
from webapp.browser.asking import Asking, script
from webapp.browser.bidi import Bidi
from webapp.browser.console import ScriptError, from_chromium
from webapp.browser.errors import BrowserLost, StepFailed
from webapp.browser.page import Moved, PageTimes, Watched
from webapp.browser.stopping import Patience
from webapp.browser.traffic import Traffic

# As many entries chromedriver gives at once; there may be more behind them.
MOST_ENTRIES = 100_000


class Watching(Asking):
    """Everything here counts from the beginning of the run."""

    def __init__(self, driver: WebDriver, is_chromium: bool) -> None:
        super().__init__(driver, is_chromium)
        # Where Firefox can be listened to while its driver is at work.
        self.bidi_url = ""
        # Where downloads go; None for a browser that runs elsewhere.
        self.downloads_folder: Path | None = None
        self._bidi: Bidi | None = None
        self._watched: frozenset[Watched] = frozenset()
        self._is_run_new = False
        self._traffic = Traffic()
        self._script_errors: list[ScriptError] = []

    def start_run(self, watched: Collection[Watched]) -> None:
        self._watched = frozenset(watched)
        self._is_run_new = True

    def begin(self, patience: Patience) -> None:
        super().begin(patience)
        if self._is_run_new:
            self._forget()
            self._is_run_new = False

    def _forget(self) -> None:
        """Nothing that was before this run counts in it."""
        if self._is_chromium:
            if "requests" in self._watched:
                self._entries("performance")
            if "errors" in self._watched:
                self._entries("browser")
        elif self._watched and self.bidi_url:
            self._listen()
        self._traffic, self._script_errors = Traffic(), []

    def _listen(self) -> None:
        with self._listening() as bidi:
            for what in sorted(self._watched):
                bidi.watch(what)
            bidi.read(Traffic(), [])

    @contextlib.contextmanager
    def _listening(self) -> Iterator[Bidi]:
        """The connection to Firefox; what dies after a stop was requested died of that stop."""
        self.patience.stop.check()
        try:
            yield self._connection()
        except BrowserLost:
            self.patience.stop.check()
            raise

    def _connection(self) -> Bidi:
        if not self.bidi_url:
            raise StepFailed(
                "This Firefox cannot be watched: it was started without WebDriver BiDi.",
                "a Firefox with WebDriver BiDi",
                "one without",
            )
        if self._bidi is None:
            self._bidi = Bidi(self.bidi_url)
        return self._bidi

    def stop_watching(self) -> None:
        """The browser has ended."""
        if self._bidi is not None:
            self._bidi.close()

    def traffic(self) -> Traffic:
        self._read("requests")
        if self._is_chromium and len(self._ask(lambda: self._driver.window_handles)) > 1:
            self._traffic.has_gaps = True  # chromedriver listens to a tab when it has seen it
        return self._traffic

    def script_errors(self) -> list[ScriptError]:
        self._read("errors")
        return self._script_errors

    def _read(self, what: Watched) -> None:
        if what not in self._watched:
            raise RuntimeError(f"The run was started without watching {what}.")
        if not self._is_chromium:
            with self._listening() as bidi:
                bidi.read(self._traffic, self._script_errors)
        elif what == "requests":
            self._read_performance()
        else:
            self._script_errors += from_chromium(self._entries("browser"))

    def _read_performance(self) -> None:
        entries = self._entries("performance")
        performance_log.read((entry["message"] for entry in entries), self._traffic)

    def page_times(self) -> PageTimes:
        seen = self._ask(lambda: self._driver.execute_script(script("page_times")))
        if not isinstance(seen, dict):
            raise Moved("the page broke off the script “page_times”")
        return PageTimes(**seen)

    def _entries(self, log: str) -> list[dict[str, Any]]:
        """What one of chromedriver's logs has that it had not when it was last asked."""
        found: list[dict[str, Any]] = []
        while True:
            some = self._ask(lambda: self._driver.execute("getLog", {"type": log})["value"])
            found += some
            if len(some) < MOST_ENTRIES:
                return found

    def _arrival(self) -> trouble.Arrival:
        """What became of the last document; nothing is known of it in other browsers."""
        document = None
        if self._is_chromium:
            self._read_performance()
            document = self._traffic.take_document(self._window)
        if document is None:
            return trouble.Arrival(url=self._asked_for)
        return trouble.Arrival(document.url, document.error, document.status, document.mime)
