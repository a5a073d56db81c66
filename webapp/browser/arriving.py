"""Go to an address, and find out why its page did not come."""

import time
from collections.abc import Callable

from webapp.browser import trouble
from webapp.browser.calls import DidNotLoad, Unresponsive
from webapp.browser.errors import StepFailed
from webapp.browser.frames import Framing
from webapp.browser.page import Moved, PageState, Way
from webapp.browser.watching import Watching

# After the document is there, wait this long for its pictures and styles before going on.
LOAD_SECONDS = 5.0
# How long a browser that does not tell may take to go back or forward.
MOVE_SECONDS = 1.0
# The first entry of a tab in which nothing was opened yet.
NOWHERE = frozenset({"about:blank", "data:,", "chrome://newtab/", "edge://newtab/"})


class Arriving(Framing, Watching):
    """Navigation, and what became of it."""

    def visit(self, url: str) -> None:
        self.leave_frames()
        before = self.state()
        error = self._go(lambda: self._driver.get(url), url)
        after = self._document()
        if error or after.is_error:
            raise self._did_not_load(url, error, after)
        if after.origin == before.origin and not _is_same_document(before.url, url):
            self._fail_without_document(url)
        self._await_load()

    def travel(self, way: Way) -> bool:
        """Go back, forward, or load the page again; False where there is no page to go to."""
        self.leave_frames()
        before = self._place()
        driver = self._driver
        if way == "reload":
            go, to = driver.refresh, str(before[0])
        else:
            go, to = (driver.back if way == "back" else driver.forward), self._in_history(way)
        if not to:
            return False
        error = self._go(go, to)
        after = self._document()
        if error or after.is_error:
            raise self._did_not_load(to, error, after)
        if way != "reload" and not self._has_moved(before):
            return False
        self._await_load()
        return True

    def _place(self) -> tuple[object, ...]:
        """Where the tab is in its history; equal only when it is in the same place."""
        state = self._document()
        return state.url, state.origin, self._facts("history_place")["key"]

    def _in_history(self, way: Way) -> str:
        """The address of the page before or after this one; empty if there is none."""
        step = -1 if way == "back" else 1
        if not self._is_chromium:
            alone = self._facts("history_place")["length"] < 2
            return "" if alone else f"The page {'before' if way == 'back' else 'after'} this one"
        history = self._ask(lambda: self._devtools("Page.getNavigationHistory"))
        entries, index = history["entries"], history["currentIndex"] + step
        address = str(entries[index]["url"]) if 0 <= index < len(entries) else ""
        return "" if address in NOWHERE and index == 0 else address

    def _has_moved(self, before: tuple[object, ...]) -> bool:
        """Firefox does not say whether there was anywhere to go to."""
        ends = time.monotonic() + min(MOVE_SECONDS, self.patience.left)
        while self._place() == before:
            if self._is_chromium or time.monotonic() > ends:
                return self._is_chromium
            self.patience.pause(0.05)
        return True

    def _go(self, go: Callable[[], object], url: str) -> str:
        """Navigate; the browser's name for what went wrong, empty if nothing did."""
        self._no_picture = ""
        self._asked_for = url
        self._set_timeouts(self.patience.seconds)
        try:
            self._ask(go)
        except Unresponsive:
            raise self._too_late(url) from None
        except DidNotLoad as error:
            return error.name
        self._has_acted = True
        return ""

    def _too_late(self, url: str) -> StepFailed:
        seconds = f"{self.patience.seconds:g} s"
        if not self._is_chromium:
            return StepFailed(
                f"No page came from {url} within {seconds}: its server did not answer, or sent "
                "something that is no page.",
                "a page",
                "no page",
            )
        arrival = self._arrival()
        if arrival.status:
            return StepFailed(
                f"{url} began to answer (status {arrival.status}), but its page was not complete "
                f"within {seconds}.",
                "a complete page",
                "a page that is still loading",
            )
        self._no_picture = "the page did not come"
        return StepFailed(f"{url} did not answer within {seconds}.", "an answer", "no answer")

    def _document(self) -> PageState:
        while True:
            try:
                return self.state()
            except Moved:
                self.patience.pause(0.02)

    def _did_not_load(self, url: str, error: str, after: PageState) -> StepFailed:
        arrival = self._arrival()
        error = error or arrival.error or after.error
        if arrival.status >= 400:
            words = f"it answered with status {arrival.status}, and without a page"
        else:
            words = trouble.sentence(arrival.url or url, error)
        return StepFailed(f"{url} could not be opened: {words}.", "a page", words)

    def _fail_without_document(self, url: str) -> None:
        found, words = trouble.what_instead(self._arrival())
        raise StepFailed(f"{url} is no web page: {words}.", "a web page (HTML)", found)

    def _await_load(self) -> None:
        ends = time.monotonic() + min(LOAD_SECONDS, self.patience.left)
        while self._document().ready != "complete" and time.monotonic() < ends:
            self.patience.pause(0.03)

    def trouble(self) -> str | None:
        try:
            state = self.state()
        except (StepFailed, Moved):
            return None  # the step that failed says more
        if not state.is_error:
            return None
        arrival = self._arrival()
        url = arrival.url if self._is_chromium else state.url
        words = trouble.sentence(url or state.url, arrival.error or state.error)
        return f"The page {url or state.url} did not load: {words}."


def _is_same_document(before: str, url: str) -> bool:
    """Going to another #fragment of the same address loads no new document."""
    return "#" in url and before.partition("#")[0] == url.partition("#")[0]
