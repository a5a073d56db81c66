"""What the page of one run shows beside its steps: reasons in words, and the runs next to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from webapp import clock
from webapp.browser.programs import KINDS
from webapp.extensions import db
from webapp.runs.lines import Log
from webapp.runs.log import current_line, is_live
from webapp.runs.models import Run, RunChange
from webapp.runs.states import State
from webapp.wording import counted, short_moment

TRIGGERS = {
    "schedule": ("calendar-time", "Schedule"),
    "manual": ("hand-click", "By hand"),
    "api": ("code", "API"),
    "cli": ("keyboard", "Command line"),
}


@dataclass(frozen=True)
class Note:
    """A box above the steps: why the run is as it is."""

    kind: str  # of the macro `alert`
    title: str
    text: str


def show(run: Run, log: Log) -> dict[str, Any]:
    """Everything that the blocks of the run page need."""
    live = is_live(run)
    return {
        "run": run,
        "log": log,
        "is_live": live,
        "current": current_line(run) if live else None,
        "note": None if live or log.broken else _note(run),
        "browser": _browser(run),
        "repeats": _repeats(run) if run.attempt_of_id else None,
        "trigger": TRIGGERS.get(run.trigger, ("help-circle", run.trigger)),
        "elapsed_ms": _elapsed_ms(run) if live else None,
        "again_title": _again_title(run),
        "repeated_by": db.session.scalar(
            select(Run.id).where(Run.attempt_of_id == run.id).order_by(Run.id).limit(1)
        ),
    }


def _browser(run: Run) -> str:
    """What the flow asks for, as the editor calls it."""
    kind = str(run.version.body["browser"])
    known = KINDS.get(kind)
    return known.label if known else kind


def _repeats(run: Run) -> str:
    """Why the run before it is repeated: it was lost, or its worker was told to stop."""
    before = db.session.get(Run, run.attempt_of_id)
    stopped = before is not None and "was told to stop" in (before.error or "")
    return "whose worker was told to stop" if stopped else "which was lost"


def _again_title(run: Run) -> str:
    newest, played = run.flow.version_number, run.version.number
    if newest == played:
        return f"Play version {newest} of the flow once more"
    return f"Play the flow as it is now: version {newest}; this run played version {played}"


def _elapsed_ms(run: Run) -> int | None:
    """The page goes on counting from here, so that its clock need not be ours."""
    if run.started_at is None:
        return None
    return max(0, round((clock.now() - run.started_at).total_seconds() * 1000))


def _note(run: Run) -> Note | None:
    state = State(run.state)
    if state is State.PASSED:
        return None
    return _NOTES[state](run)


def _cancelled(run: Run) -> Note:
    reason = _reason(run) or "Somebody stopped it."
    return Note("info", "This run was cancelled", f"{reason} It says nothing about the site.")


def _missed(run: Run) -> Note:
    if run.missed_count and run.scheduled_for and run.missed_until:
        first, last = short_moment(run.scheduled_for), short_moment(run.missed_until)
        text = f"Lamplighter was not running for {counted(run.missed_count, 'scheduled moment')}: "
        text += f"from {first} to {last}." if run.missed_count > 1 else f"{first}."
    else:
        text = _reason(run) or "No worker was free to play it before its time was over."
    return Note("warning", "This run was missed", f"{text} Nobody looked at the site then.")


def _skipped(run: Run) -> Note:
    text = _reason(run) or "The run before it was still on."
    return Note("info", "This run was left out on purpose", text)


def _errored(run: Run) -> Note:
    text = run.error or _reason(run) or "The browser or the worker was lost."
    return Note(
        "warning",
        "We could not tell whether the site works",
        f"{text} This is a fault on Lamplighter’s side, and does not count against the site.",
    )


def _timed_out(run: Run) -> Note:
    limit = run.version.body["run_timeout_seconds"]
    text = run.error or f"It was not over after {limit:g} seconds."
    return Note("danger", "This run took too long", text)


def _failed(run: Run) -> Note:
    return Note("danger", "This run failed", run.error or _reason(run) or "No step says why.")


_NOTES = {
    State.CANCELLED: _cancelled,
    State.MISSED: _missed,
    State.SKIPPED: _skipped,
    State.ERRORED: _errored,
    State.TIMED_OUT: _timed_out,
    State.FAILED: _failed,
}


def _reason(run: Run) -> str:
    """Why the run was moved where it is, as whoever moved it said."""
    wanted = (
        select(RunChange.reason)
        .where(RunChange.run_id == run.id, RunChange.new == run.state)
        .order_by(RunChange.id.desc())
    )
    return run.error or db.session.scalar(wanted.limit(1)) or ""
