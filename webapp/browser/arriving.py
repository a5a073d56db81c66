"""Go to an address, and find out why its page did not come."""

import time

from webapp.browser import trouble
from webapp.browser.calls import DialogOpen, DidNotLoad, Unresponsive
from webapp.browser.errors import StepFailed
from webapp.browser.page import Moved, PageState
from webapp.browser.watching import Watching

# After the document is there, wait this long for its pictures and styles before going on.
LOAD_SECONDS = 5.0


class Arriving(Watching):
    """Navigation, and what became of it."""

    def visit(self, url: str) -> None:
        before = self.state()
        self._no_picture = ""
        self._asked_for = url
        self._set_timeouts(self.patience.seconds)
        error = self._get(url)
        after = self._document()
        if error or after.is_error:
            raise self._did_not_load(url, error, after)
        if after.origin == before.origin and not _is_same_document(before.url, url):
            self._fail_without_document(url)
        self._await_load()

    def _get(self, url: str) -> str:
        """Navigate; the browser's name for what went wrong, empty if nothing did."""
        try:
            self._call(lambda: self._driver.get(url))
        except DialogOpen as dialog:
            self._note_dialog(dialog)
        except Unresponsive:
            raise self._too_late(url) from None
        except DidNotLoad as error:
            return error.name
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
