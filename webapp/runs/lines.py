"""One step of a run as pages, reports and mails show it, and all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.browser.actions.registry import ACTIONS, Block
from webapp.runs.models import StepResult
from webapp.runs.rounds import Fold
from webapp.runs.states import BROKEN, StepState

# What a failure did to the run, where it did not end it.
TOLERATED = {
    "soft": "The run went on, and ends as failed.",
    "degraded": "The run went on: this alone makes it degraded, not failed.",
    "optional": "The run went on: this step is optional.",
}


@dataclass(frozen=True)
class Line:
    """One step of a run, in one round. `result` is None as long as it has not been played."""

    run_id: int
    html_id: str
    place: str
    name: str
    action: str
    state: str  # a StepState, or waiting, running, not_played
    depth: int = 0
    round_words: str = ""
    earlier: str = ""  # while the run is on: what rounds before came to
    result: StepResult | None = None

    @property
    def action_label(self) -> str:
        known = ACTIONS.get(self.action)
        return known.label if known else self.action

    @property
    def icon(self) -> str:
        known = ACTIONS.get(self.action)
        return known.icon if known else "help-circle"

    @property
    def is_block(self) -> bool:
        known = ACTIONS.get(self.action)
        return known is not None and issubclass(known, Block)

    @property
    def was_played(self) -> bool:
        return self.result is not None and self.result.state != StepState.SKIPPED

    @property
    def is_broken(self) -> bool:
        return self.state in BROKEN

    @property
    def is_tolerated(self) -> bool:
        """Failed, and the run went on."""
        return bool(self.tolerated)

    @property
    def tolerated(self) -> str:
        if self.result is None or self.result.state != StepState.FAILED:
            return ""
        return TOLERATED.get(self.result.on_failure, "")

    @property
    def skipped_because(self) -> str:
        """Why it was not played: `its condition did not hold`."""
        if self.result is None or self.result.state != StepState.SKIPPED:
            return ""
        return (self.result.screenshot_note or "").removeprefix("not taken: ")

    @property
    def label(self) -> str:
        """`Step 3.2, round 4` as one says it."""
        return f"Step {self.place}{f', {self.round_words}' if self.round_words else ''}"

    @property
    def picture(self) -> str:
        """What its picture shows, in words."""
        return f"{self.label}: {self.name}"


@dataclass(frozen=True)
class Log:
    """Everything that a page, a report or a mail says of the steps of a run."""

    items: Sequence[Line | Fold]
    steps: int  # as they are written
    played: int  # of these
    times: int  # how often steps were played; loops play some many times
    broken: Line | None = None  # the one to blame
    also: Sequence[Line] = field(default=())  # other failures, the first of them
    also_count: int = 0

    @property
    def lines(self) -> list[Line]:
        return [item for item in self.items if isinstance(item, Line)]
