"""Play the steps of a flow, one after the other, and tell what became of each."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from webapp import clock
from webapp.browser.actions import ACTIONS, Finding
from webapp.browser.errors import BrowserLost, RunStopped, StepFailed
from webapp.browser.locators import Locator
from webapp.browser.page import Moved, Page, PageState, PictureRefused
from webapp.browser.secrets import Secrets
from webapp.browser.seeking import Unfit
from webapp.browser.steps import Step
from webapp.browser.stopping import Patience, Stop
from webapp.egress import EgressRefused, check_url

log = logging.getLogger(__name__)
State = Literal["passed", "failed", "errored", "skipped"]
LONGEST_TOLD = 2000
# Before a picture, give the page this long to finish loading what belongs to it.
SETTLE_SECONDS = 1.0


@dataclass(frozen=True)
class Plan:
    """What is to be played. `run_deadline` is an aware UTC instant."""

    url: str
    steps: tuple[Step, ...]
    step_timeout_seconds: float = 10.0
    run_deadline: datetime | None = None
    allow_private: bool = False
    own_addresses: tuple[str, ...] = ()  # services of ours, never to be visited
    pictures: bool = True

    @property
    def playlist(self) -> tuple[tuple[int, Step], ...]:
        """The steps with their ordinals; step 0 opens the flow's address, unless a step does."""
        first = next((step for step in self.steps if step.enabled), None)
        numbered = tuple(enumerate(self.steps, start=1))
        if first is not None and first.action == "open":
            return numbered
        opening = Step(number=0, action="open", content=self.url, options={"status": None})
        return ((0, opening), *numbered)


@dataclass(frozen=True)
class Began:
    """A step starts now."""

    ordinal: int
    step: Step
    total: int


@dataclass(frozen=True)
class Outcome:
    """What became of a step. `step` carries no secret: its content is None when it is one."""

    ordinal: int
    step: Step
    state: State
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_ms: int | None = None
    error: str | None = None
    expected: str | None = None
    found: str | None = None
    page_url: str | None = None
    page_title: str | None = None
    locator: Locator | None = None
    match_count: int | None = None
    matches: tuple[tuple[Locator, int], ...] = ()
    screenshot: bytes | None = None
    screenshot_note: str | None = None
    notes: tuple[str, ...] = field(default=())


def play(plan: Plan, page: Page, stop: Stop) -> Iterator[Began | Outcome]:
    """Yield Began and Outcome for every step.

    After a failure the rest is skipped. RunStopped and BrowserLost are raised after the outcome of
    the step they struck; the steps behind it are then the caller's to mark.
    """
    playing = _Playing(plan, page, stop)
    total = len(plan.playlist)
    broken: Step | None = None
    for ordinal, step in plan.playlist:
        if not step.enabled or broken is not None:
            why = "switched off" if not step.enabled else f"step {broken and broken.number} failed"
            yield Outcome(
                ordinal, playing.told(step), "skipped", screenshot_note=f"not taken: {why}"
            )
            continue
        stop.check()
        yield Began(ordinal, playing.told(step), total)
        outcome = playing.play(ordinal, step)
        yield outcome
        if playing.ended is not None:
            raise playing.ended
        broken = None if outcome.state == "passed" else step


class _Playing:
    """One run of a plan."""

    def __init__(self, plan: Plan, page: Page, stop: Stop) -> None:
        self.plan = plan
        self.page = page
        self.stop = stop
        self.ended: BaseException | None = None
        self.secrets = Secrets(step.content for step in plan.steps if step.secret and step.content)
        page.secrets = self.secrets
        page.base_url = plan.url
        page.allow_private = plan.allow_private
        page.own_addresses = plan.own_addresses
        self.run_ends = None
        if plan.run_deadline is not None:
            left = (plan.run_deadline - clock.now()).total_seconds()
            self.run_ends = time.monotonic() + left

    def told(self, step: Step) -> Step:
        """The step as it may be told: no secret in its name, content or locators."""
        return step.model_copy(
            update={
                "name": self.secrets.mask(step.name),
                "content": None if step.secret else self.secrets.maybe(step.content),
                "locators": tuple(self._masked(locator) for locator in step.locators),
            }
        )

    def _masked(self, locator: Locator) -> Locator:
        return locator.model_copy(update={"value": self.secrets.mask(locator.value)})

    def play(self, ordinal: int, step: Step) -> Outcome:
        seconds = step.timeout_seconds or self.plan.step_timeout_seconds
        started_at, start = clock.now(), time.monotonic()
        result = self._judge(step, Patience(seconds, self.stop, self.run_ends))
        duration_ms = round((time.monotonic() - start) * 1000)
        ended_at = clock.now()
        evidence = _Evidence(note="not taken: the run was ended")
        if self.ended is None:
            evidence, result = self._gather(result)
        mask = self.secrets.maybe
        finding = result.finding
        return Outcome(
            ordinal=ordinal,
            step=self.told(step),
            state=result.state,
            started_at=started_at,
            ended_at=ended_at,
            duration_ms=duration_ms,
            error=_cut(mask(result.error)),
            expected=_cut(mask(result.expected or finding.expected)),
            found=_cut(mask(result.found or finding.found)),
            page_url=_cut(mask(evidence.url)),
            page_title=_cut(mask(evidence.title)),
            locator=finding.locator and self._masked(finding.locator),
            match_count=finding.match_count,
            matches=tuple((self._masked(one), count) for one, count in finding.matches),
            screenshot=evidence.picture,
            screenshot_note=evidence.note,
            notes=tuple(self.secrets.mask(note) for note in (*finding.notes, *self.page.notes())),
        )

    def _judge(self, step: Step, patience: Patience) -> "_Result":
        """Run the action; every end of it has its state, and none of them is silent."""
        try:
            finding = self._run(step, patience)
            patience.check()
            return _Result("passed", finding)
        except Unfit as error:
            return self._failed(error, error.finding)
        except StepFailed as error:
            return self._failed(error, Finding())
        except EgressRefused as error:
            return _Result("errored", Finding(), str(error), found=str(error))
        except BrowserLost as error:
            self.ended = error
            return _Result("errored", Finding(), str(error))
        except RunStopped as error:
            self.ended = error
            return _Result("errored", Finding(), f"stopped: {error.reason}")
        except Exception as error:
            log.exception("Step %s (%s) met a fault of our own", step.number, step.action)
            said = str(error).partition("\n")[0]  # behind it, a database tells its statement
            words = f"A fault of Lamplighter itself: {type(error).__name__}: {said}"
            return _Result("errored", Finding(), words)

    def _run(self, step: Step, patience: Patience) -> Finding:
        self.page.begin(patience)
        return ACTIONS[step.action]().run(step, self.page)

    def _failed(self, error: StepFailed, finding: Finding) -> "_Result":
        reason = self.stop.reason
        if reason is None and self.run_ends is not None and time.monotonic() >= self.run_ends:
            self.stop.request("timed_out")
            reason = self.stop.reason
        if reason is not None:
            self.ended = RunStopped(reason)
            return _Result("errored", finding, f"stopped: {reason}")
        return _Result("failed", finding, error.message, error.expected, error.found)

    def _gather(self, result: "_Result") -> tuple["_Evidence", "_Result"]:
        """Where the page is and how it looks; only a browser that is gone undoes what passed."""
        try:
            state = self._settled()
        except BrowserLost as error:
            return _Evidence(note=f"not taken: {error}"), self._lost(error, result)
        except (StepFailed, Moved) as error:
            return _Evidence(note=f"not taken: {error or 'the page is being replaced'}"), result
        except RunStopped:
            return _Evidence(note="not taken: the run was ended"), result
        refused = self._refusal(state)
        if refused:
            if result.state != "errored":
                result = _Result("errored", result.finding, refused, found=state.url)
            note = "not taken: the page is at an address that is refused"
            return _Evidence(state.url, state.title, note=note), result
        if state.is_error and result.state == "passed":
            words = self._trouble()
            result = _Result("failed", result.finding, words, "a page", "an error page")
        try:
            picture, why = self._picture()
        except BrowserLost as error:
            picture, why = None, f"not taken: {error}"
            result = self._lost(error, result)
        return _Evidence(state.url, state.title, picture, why), result

    def _lost(self, error: BrowserLost, result: "_Result") -> "_Result":
        """What a step did in a browser that died under it, as under `wait`, nobody can tell."""
        if result.state != "passed":
            return result
        self.ended = error
        return _Result("errored", result.finding, str(error))

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

    def _picture(self) -> tuple[bytes | None, str | None]:
        if not self.plan.pictures:
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


@dataclass(frozen=True)
class _Result:
    state: State
    finding: Finding
    error: str | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True)
class _Evidence:
    url: str | None = None
    title: str | None = None
    picture: bytes | None = None
    note: str | None = None


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST_TOLD:
        return text
    return f"{text[: LONGEST_TOLD - 1]}…"
