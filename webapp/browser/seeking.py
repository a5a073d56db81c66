"""Wait for the element of a step, and say in plain words why it could not be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from webapp.browser.actions.registry import Finding
from webapp.browser.errors import StepFailed
from webapp.browser.locators import Locator
from webapp.browser.page import Look, Moved, Need, Page, Sight, Want

if TYPE_CHECKING:
    from webapp.browser.steps import Step

POLL_SECONDS = 0.05
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


def seek(step: Step, page: Page, needs: Sequence[Need], verb: str) -> tuple[Sight, Finding]:
    """The first candidate whose first match meets every need, as soon as there is one."""
    want = Want(needs=tuple(needs))
    look = _poll(page, lambda: page.look(step.locators, want), lambda seen: seen.winner is not None)
    finding = finding_of(step.locators, look)
    if look.winner is not None:
        return look.winner, finding
    raise _unfit(step, page, look, needs, verb, finding)


def hold(step: Step, page: Page, want: Want, judge: Callable[[Look], Judgement]) -> Finding:
    """Wait until the judgement over the elements holds; Unfit says what was there instead."""
    look = _poll(page, lambda: page.look(step.locators, want), lambda seen: judge(seen).holds)
    finding = finding_of(step.locators, look)
    judgement = judge(look)
    if judgement.holds:
        return Finding(
            finding.locator,
            finding.match_count,
            finding.matches,
            judgement.expected,
            judgement.found,
        )
    message = _with_trouble(page, judgement.message) + _matched(finding, look)
    raise Unfit(message, judgement.expected, judgement.found, finding)


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
    answer: T | None = None
    while True:
        try:
            answer = ask()
        except Moved:
            if page.patience.is_over and answer is None:
                raise StepFailed(
                    f"The page was replaced again and again for {waited(page)}, so nothing in it "
                    "could be looked at.",
                    "a page that stays",
                    "a page that goes on being replaced",
                ) from None
        else:
            if is_done(answer):
                return answer
        if page.patience.is_over and answer is not None:
            page.patience.check()
            return answer
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
            _with_trouble(page, message) + _matched(finding, look),
            expected,
            "no such element",
            finding,
        )
    target = step.locators[best.candidate]
    message = f"Could not {verb} {target}: {best.why} (waited {waited(page)})."
    found = f"{best.words}: {best.why}"
    return Unfit(_with_trouble(page, message) + _matched(finding, look), expected, found, finding)


def _with_trouble(page: Page, message: str) -> str:
    """A page that never came explains more than what is missing in it."""
    trouble = page.trouble()
    return f"{message} {trouble}" if trouble else message


def _matched(finding: Finding, look: Look) -> str:
    """How many elements each candidate matched, where that says something."""
    said = ""
    if look.problems:
        said += f" The browser cannot use {'; '.join(look.problems)}."
    if len(finding.matches) > 1:
        counts = ", ".join(f"{locator} {_elements(count)}" for locator, count in finding.matches)
        said += f" Matched: {counts}."
    elif finding.match_count is not None and finding.match_count > 1:
        said += f" {finding.locator} matches {finding.match_count} elements; the first counts."
    return said


def _elements(count: int) -> str:
    return "1 element" if count == 1 else f"{count} elements"
