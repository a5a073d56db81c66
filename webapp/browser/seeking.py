"""Wait for the element of a step, and say in plain words why it could not be used."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from webapp.browser.actions.registry import Finding
from webapp.browser.errors import StepFailed
from webapp.browser.locators import Locator
from webapp.browser.page import Look, Moved, Need, Page, Sight, Want

if TYPE_CHECKING:
    from webapp.browser.steps import Step

POLL_SECONDS = 0.05
# How long the first candidate is looked for alone: so many seconds, but no more than this share
# of the step's time; in a page that goes on loading, longer.
CHANCE_SECONDS = 1.0
CHANCE_SHARE = 1 / 3
PATIENT_SHARE = 1 / 2
T = TypeVar("T")
NEED_WORDS: dict[Need, str] = {
    "visible": "visible",
    "enabled": "enabled",
    "editable": "editable",
    "still": "still",
    "uncovered": "not covered",
}


class Unfit(StepFailed):
    """A step failed at its element; `finding` says what each candidate matched."""

    def __init__(
        self, message: str, expected: str | None, found: str | None, finding: Finding
    ) -> None:
        super().__init__(message, expected, found)
        self.finding = finding


@dataclass(frozen=True)
class Judgement:
    """Whether a look is what the step waits for."""

    holds: bool
    expected: str = ""
    found: str = ""
    message: str = ""


def seek(
    step: Step,
    page: Page,
    needs: Sequence[Need],
    verb: str,
    offset: tuple[float, float] | None = None,
) -> tuple[Sight, Finding]:
    """The first candidate with a match that meets every need, as soon as there is one.

    With an `offset` it is used there, counted from its top left, instead of in its middle.
    """
    locators = step.candidates
    chance = _Chance(page, len(locators))
    want = Want(needs=tuple(needs), offset=offset)

    def look() -> Look:
        return chance.seen(page.look(locators, replace(want, first_only=not chance.is_over)))

    seen = _poll(page, look, lambda one: one.winner is not None)
    if seen.winner is None and chance.is_open:
        seen = page.look(locators, want)  # its time is over, however short its chance was
    finding = finding_of(locators, seen)
    winner = seen.winner
    if winner is None:
        raise _unfit(step, page, seen, needs, verb, finding)
    return winner, replace(
        finding, healed=_healed(locators, seen, winner), notes=_passed_over(finding, winner)
    )


def act(
    step: Step,
    page: Page,
    needs: Sequence[Need],
    verb: str,
    do: Callable[[Sight], object],
    offset: tuple[float, float] | None = None,
) -> Finding:
    """Find the element and do something with it; again where it went away in between."""
    while True:
        sight, finding = seek(step, page, needs, verb, offset)
        try:
            do(sight)
        except Moved:
            if page.patience.is_over:
                raise StepFailed(
                    f"Could not {verb} {step.target}: it was replaced again and again, each time "
                    "before it could be used.",
                    f"an element {step.target} that stays",
                    "one that goes on being replaced",
                ) from None
            page.patience.pause(POLL_SECONDS)
        else:
            return finding


def hold(step: Step, page: Page, want: Want, judge: Callable[[Look], Judgement]) -> Finding:
    """Wait until the judgement over the elements holds; Unfit says what was there instead.

    What wants no match at all to be visible is asked of every candidate.
    """
    locators = step.locators if want.all_visible else step.candidates
    chance = _Chance(page, len(locators))

    def is_done(seen: Look) -> bool:
        return judge(seen).holds and (chance.is_over or _stand_in(seen, want) is None)

    look = _poll(page, lambda: chance.seen(page.look(locators, want)), is_done)
    finding = finding_of(locators, look)
    judgement = judge(look)
    if judgement.holds:
        other = _stand_in(look, want)
        return replace(
            finding,
            expected=judgement.expected,
            found=judgement.found,
            healed="" if other is None else _healed(locators, look, other),
        )
    message = _with_trouble(page, judgement.message) + _matched(finding, look, "the first counts")
    raise Unfit(message, judgement.expected, judgement.found, finding)


class _Chance:
    """The time in which the first candidate alone may find the element.

    A page that is still coming, or that was replaced, has not shown yet what is in it.
    """

    def __init__(self, page: Page, candidates: int) -> None:
        self._patience = page.patience
        self._is_alone = candidates < 2
        self._seconds = min(CHANCE_SECONDS, page.patience.seconds * CHANCE_SHARE)
        self._since = page.patience.began
        self._look: Look | None = None
        self.is_open = False  # whether the last look was taken while it lasted

    def seen(self, look: Look) -> Look:
        if self._look is not None and look.origin != self._look.origin:
            self._since = time.monotonic()
        self.is_open = not self.is_over
        self._look = look
        return look

    @property
    def is_over(self) -> bool:
        if self._is_alone or self._patience.is_over:
            return True
        now = time.monotonic()
        if self._look is None or now - self._since < self._seconds:
            return False
        loaded = self._look.ready == "complete"
        return loaded or now - self._patience.began >= self._patience.seconds * PATIENT_SHARE


def _stand_in(look: Look, want: Want) -> Sight | None:
    """The element, where it was not the first candidate that found it."""
    best = look.best
    if best is None or best.candidate == 0 or (want.all_visible and not best.visible):
        return None
    return best


def _healed(locators: Sequence[Locator], look: Look, winner: Sight) -> str:
    """Which candidate found the element, and why each before it did not; empty for the first."""
    if winner.candidate == 0:
        return ""
    why = {sight.candidate: sight.why for sight in look.sights}
    missed = [
        f"{locator.named}: {why.get(at) or _absent(locator, look)}"
        for at, locator in enumerate(locators[: winner.candidate])
    ]
    return f"Found by {locators[winner.candidate].named}. {'; '.join(missed)}."


def _absent(locator: Locator, look: Look) -> str:
    unreadable = any(words.startswith(f"{locator.value}: ") for words in look.problems)
    return "the browser cannot use it" if unreadable else "no such element"


def _passed_over(finding: Finding, winner: Sight) -> tuple[str, ...]:
    if winner.place == 1:
        return ()
    before = "The first match" if winner.place == 2 else f"The first {winner.place - 1} matches"
    count = _elements(finding.match_count or winner.place)
    return (f"{before} of {count} could not be used; number {winner.place} was.",)


def poll(page: Page, ask: Callable[[], T], is_done: Callable[[T], bool]) -> T:
    return _poll(page, ask, is_done)


def finding_of(locators: Sequence[Locator], look: Look) -> Finding:
    matches = tuple(zip(locators, look.counts, strict=False))
    best = look.best
    if best is None:
        return Finding(match_count=0 if matches else None, matches=matches)
    return Finding(locators[best.candidate], look.counts[best.candidate], matches)


def waited(page: Page) -> str:
    return f"{page.patience.seconds:g} s"


def _poll(page: Page, ask: Callable[[], T], is_done: Callable[[T], bool]) -> T:
    """Ask until it is done or the step's time is over; the last answer, at least one."""
    answers: list[T] = []  # the last one; an answer may be None
    while True:
        try:
            answers[:] = [ask()]
        except Moved:
            if page.patience.is_over and not answers:
                raise StepFailed(
                    f"The page was replaced again and again for {waited(page)}, so nothing in it "
                    "could be looked at.",
                    "a page that stays",
                    "a page that goes on being replaced",
                ) from None
        else:
            if is_done(answers[0]):
                return answers[0]
        if page.patience.is_over and answers:
            page.patience.check()
            return answers[0]
        page.patience.pause(POLL_SECONDS)


def _unfit(
    step: Step, page: Page, look: Look, needs: Sequence[Need], verb: str, finding: Finding
) -> Unfit:
    words = [NEED_WORDS[need] for need in needs]
    expected = f"an element {step.target}"
    if words:
        last = f" and {words[-1]}" if len(words) > 1 else words[-1]
        expected += f" that is {', '.join(words[:-1])}{last}"
    best = look.best
    if best is None:
        message = (
            f"Could not {verb} {step.target}: no such element was on the page within "
            f"{waited(page)}."
        )
        return Unfit(
            _with_trouble(page, message) + _matched(finding, look, ""),
            expected,
            "no such element",
            finding,
        )
    target = step.candidates[best.candidate]
    message = f"Could not {verb} {target}: {best.why} (waited {waited(page)})."
    message = _with_trouble(page, message) + _matched(finding, look, "this is the first of them")
    return Unfit(message, expected, f"{best.words}: {best.why}", finding)


def _with_trouble(page: Page, message: str) -> str:
    """A page that never came explains more than what is missing in it."""
    trouble = page.trouble()
    return f"{message} {trouble}" if trouble else message


def _matched(finding: Finding, look: Look, which: str) -> str:
    """How many elements each candidate matched, where that says something."""
    said = ""
    if look.problems:
        said += f" The browser cannot use {'; '.join(look.problems)}."
    if len(finding.matches) > 1:
        counts = ", ".join(f"{locator} {_elements(count)}" for locator, count in finding.matches)
        said += f" Matched: {counts}."
    elif finding.match_count is not None and finding.match_count > 1:
        said += f" {finding.locator} matches {finding.match_count} elements; {which}."
    return said


def _elements(count: int) -> str:
    return "1 element" if count == 1 else f"{count} elements"
