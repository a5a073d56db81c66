"""What a report says about a run, as plain values that can cross into another process."""

import re
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from webapp.wording import counted

LONGEST_TEXT = 2000  # characters of one error or value; the run page has the rest
LONGEST_NAME = 300
MOST_PICTURED = 150  # steps; more would need more memory than a report may take
CHAPTER = 50  # steps
# What no font draws and PDF text cannot hold: controls, halves of surrogate pairs, non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class StepSummary:
    key: str  # as an address within the document
    ordinal: int | None  # None: it has no result
    place: str
    name: str
    action: str
    state: str  # a StepState, or not_played, or folded
    duration_ms: int | None = None
    error: str | None = None
    expected: str | None = None
    found: str | None = None
    page_url: str | None = None
    locator: str | None = None  # the one that was used, or the first that was tried
    picture: str | None = None  # sha256 of the stored file
    picture_note: str | None = None  # why there is no picture
    round_words: str = ""  # in a loop: round 3
    depth: int = 0  # blocks around it
    is_block: bool = False
    tolerated: str = ""  # failed, and the run went on: what that meant for it
    healed: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"Step {self.place}{f', {self.round_words}' if self.round_words else ''}"

    @property
    def title(self) -> str:
        return f"{self.label}: {self.name}"


@dataclass(frozen=True)
class RunSummary:
    run_id: int
    flow: str
    version: int
    url: str
    state: str
    verdict: str | None  # None: not judged
    trigger: str
    browser: str | None
    worker: str | None
    time_zone: str
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    duration_ms: int | None
    error: str | None
    made_at: datetime
    steps: tuple[StepSummary, ...]
    is_degraded: bool = False
    blamed: int | None = None  # the ordinal of the result that is to blame
    played: int = 0  # steps as they are written
    written: int = 0

    @property
    def shown_state(self) -> str:
        return "degraded" if self.is_degraded and self.state == "passed" else self.state

    @property
    def failed(self) -> StepSummary | None:
        """The step that is to blame."""
        if self.blamed is None:
            return None
        return next((step for step in self.steps if step.ordinal == self.blamed), None)

    @property
    def tolerated(self) -> list[StepSummary]:
        """What failed and did not end the run."""
        return [step for step in self.steps if step.tolerated and step.ordinal != self.blamed]

    @property
    def headline(self) -> str:
        """The run in one line."""
        if self.failed:
            return self.failed.title
        if self.shown_state == "degraded":
            return f"Passed, although {self.tolerated[0].title} failed"
        if self.state == "passed" and not self.tolerated:
            return f"All {counted(self.played, 'step')} passed"
        return f"{self.played} of {counted(self.written, 'step')} played"

    @property
    def is_long(self) -> bool:
        """Too long for a picture of every step: its steps are listed in chapters instead."""
        return len(self.steps) > MOST_PICTURED

    @property
    def chapters(self) -> list[tuple[StepSummary, ...]]:
        starts = range(0, len(self.steps), CHAPTER)
        return [self.steps[start : start + CHAPTER] for start in starts]

    @property
    def pictures(self) -> list[str]:
        """The stored pictures that the report shows, each once, in order."""
        shown = [self.failed] if self.is_long else self.steps
        return list(dict.fromkeys(step.picture for step in shown if step and step.picture))


SUMMARY = TypeAdapter(RunSummary)


def cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text, LONGEST_TEXT)


def clean(text: str, longest: int) -> str:
    """Printable, and no longer than a page of a report can bear."""
    if len(text) > longest:
        text = f"{text[:longest]} … ({len(text) - longest:,} more characters)"
    return UNPRINTABLE.sub("�", text)
