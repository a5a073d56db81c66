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
    ordinal: int
    number: int
    name: str
    action: str
    state: str  # a StepState, or not_played
    duration_ms: int | None
    error: str | None
    expected: str | None
    found: str | None
    page_url: str | None
    locator: str | None  # the one that was used, or the first that was tried
    picture: str | None  # sha256 of the stored file
    picture_note: str | None  # why there is no picture

    @property
    def title(self) -> str:
        return f"Step {self.number}: {self.name}"


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

    @property
    def failed(self) -> StepSummary | None:
        return next((step for step in self.steps if step.state in {"failed", "errored"}), None)

    @property
    def headline(self) -> str:
        """The run in one line."""
        if self.failed:
            return self.failed.title
        played = sum(step.state == "passed" for step in self.steps)
        if self.state == "passed":
            return f"All {counted(played, 'step')} passed"
        return f"{played} of {counted(len(self.steps), 'step')} passed"

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
