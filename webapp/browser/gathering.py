"""After a step: where the page is, how it looks, and whether that undoes what the step found."""

import time
from dataclasses import dataclass

from webapp.browser.actions import ACTIONS, Finding
from webapp.browser.errors import BrowserLost, RunStopped, StepFailed
from webapp.browser.page import Moved, Page, PageState, PictureRefused
from webapp.browser.plan import Plan, State
from webapp.browser.steps import Step
from webapp.browser.stopping import Stop
from webapp.egress import EgressRefused, check_url

# Before a picture, give the page this long to finish loading what belongs to it.
SETTLE_SECONDS = 1.0


@dataclass(frozen=True)
class Result:
    """What the action of a step came to."""

    state: State
    finding: Finding
    error: str | None = None
    expected: str | None = None
    found: str | None = None
    refused: bool = False  # our own rule forbids the address


@dataclass(frozen=True)
class Evidence:
    url: str | None = None
    title: str | None = None
    picture: bytes | None = None
    note: str | None = None


class Gathering:
    """Looks at the page when a step is over; `ended` is what struck the browser meanwhile."""

    def __init__(self, plan: Plan, page: Page, stop: Stop) -> None:
        self.plan = plan
        self.page = page
        self.stop = stop
        self.ended: BaseException | None = None

    def gather(self, step: Step, result: Result) -> tuple[Evidence, Result]:
        """Where the page is and how it looks; only a browser that is gone undoes what passed."""
        if not ACTIONS[step.action].touches_page:
            return Evidence(note="not taken: this step does not touch the page"), result
        try:
            if (dialog := self.page.open_dialog) is not None:
                return Evidence(note=f"not taken: a dialog is open, with “{dialog}”"), result
            state = self._settled()
        except BrowserLost as error:
            return Evidence(note=f"not taken: {error}"), self._lost(error, result)
        except (StepFailed, Moved) as error:
            return Evidence(note=f"not taken: {error or 'the page is being replaced'}"), result
        except RunStopped:
            return Evidence(note="not taken: the run was ended"), result
        refused = self._refusal(state)
        if refused:
            if result.state != "errored":
                result = Result("errored", result.finding, refused, found=state.url, refused=True)
            note = "not taken: the page is at an address that is refused"
            return Evidence(state.url, state.title, note=note), result
        if state.is_error and result.state in ("passed", "healed"):
            words = self._trouble()
            result = Result("failed", result.finding, words, "a page", "an error page")
        try:
            picture, why = self._picture(step)
        except BrowserLost as error:
            picture, why = None, f"not taken: {error}"
            result = self._lost(error, result)
        return Evidence(state.url, state.title, picture, why), result

    def _lost(self, error: BrowserLost, result: Result) -> Result:
        """What a step did in a browser that died under it, as under `wait`, nobody can tell."""
        if result.state not in ("passed", "healed"):
            return result
        self.ended = error
        return Result("errored", result.finding, str(error))

    def _trouble(self) -> str:
        try:
            return self.page.trouble() or "The page did not load."
        except (BrowserLost, RunStopped):
            return "The page did not load."

    def _settled(self) -> PageState:
        ends = time.monotonic() + SETTLE_SECONDS
        while True:
            try:
                state = self.page.state()
                if state.ready == "complete" or time.monotonic() > ends:
                    return state
            except Moved:
                if time.monotonic() > ends:
                    raise
            self.stop.wait(0.03)

    def _refusal(self, state: PageState) -> str:
        """Redirects and links can lead where `open` would not go."""
        if not state.url.startswith(("http:", "https:", "file:", "ftp:")):
            return ""
        try:
            check_url(state.url, self.plan.allow_private, self.plan.own_addresses)
        except EgressRefused as error:
            return f"The page went to an address that is refused. {error}"
        return ""

    def _picture(self, step: Step) -> tuple[bytes | None, str | None]:
        if not self.plan.pictures or not step.picture:
            return None, "not taken: pictures are switched off"
        try:
            return self.page.picture(), None
        except PictureRefused as error:
            return None, str(error)
        except RunStopped:
            return None, "not taken: the run was ended"
        except (StepFailed, Moved) as error:
            return None, f"not taken: {error or 'the page is being replaced'}"
        except BrowserLost as error:
            if self._is_gone():
                raise
            return None, f"not taken: {error}"

    def _is_gone(self) -> bool:
        """Drivers have many reasons to refuse a picture; a browser that answers is still there."""
        try:
            self.page.state()
        except BrowserLost:
            return True
        except (StepFailed, Moved, RunStopped):
            return False
        return False
