"""The life of a run, and the only function that may change `Run.state`."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import InvalidRequestError

from webapp import clock
from webapp.extensions import db
from webapp.live import bus
from webapp.runs.models import Run, RunChange, StepResult
from webapp.runs.signals import run_ended


class State(StrEnum):
    QUEUED = "queued"
    STARTING = "starting"  # a worker has it and opens a browser
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"  # the site did not do what the flow expects
    ERRORED = "errored"  # we could not tell: browser, worker, a bug of ours
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    MISSED = "missed"  # its moment passed and nobody could play it
    SKIPPED = "skipped"  # deliberately not played (overlap, maintenance)


class StepState(StrEnum):
    PASSED = "passed"
    HEALED = "healed"  # passed, by another candidate than the first
    FAILED = "failed"
    ERRORED = "errored"
    REFUSED = "refused"  # our own rule forbids where it wanted to go
    CANCELLED = "cancelled"  # somebody stopped the run while it was on
    SKIPPED = "skipped"


class Trigger(StrEnum):
    SCHEDULE = "schedule"
    MANUAL = "manual"
    API = "api"
    CLI = "cli"


HELD = frozenset({StepState.PASSED, StepState.HEALED})
BROKEN = frozenset({StepState.FAILED, StepState.ERRORED, StepState.REFUSED})
AT_WORK = (State.STARTING, State.RUNNING)  # a worker has it
LIVE = frozenset({State.QUEUED, *AT_WORK})
FINAL = frozenset(State) - LIVE
COMES_FROM: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset(),
    State.STARTING: frozenset({State.QUEUED}),
    State.RUNNING: frozenset({State.STARTING}),
    State.PASSED: frozenset({State.RUNNING}),
    State.FAILED: frozenset({State.RUNNING}),
    State.ERRORED: LIVE,
    State.TIMED_OUT: frozenset({State.STARTING, State.RUNNING}),
    State.CANCELLED: LIVE,
    State.MISSED: frozenset({State.QUEUED}),
    State.SKIPPED: frozenset(),
}
# Ends that notifications look at. The others tell nobody, and their changes are born told.
JUDGED = frozenset({State.PASSED, State.FAILED, State.TIMED_OUT, State.ERRORED})


def move(
    run: Run, to: State, reason: str = "", *, only_from: frozenset[State] = LIVE, **facts: Any
) -> bool:
    """Move a run and record the change; False if it was not, or no longer, there to be moved.

    `facts` are columns of the run that become true with the move (`worker`, `failed_step_number`
    …). Does not commit. `starting` and `running` also count as a heartbeat. After False the run
    is as the database has it now, or detached because its row is gone.
    """
    allowed = COMES_FROM[to] & only_from
    while run.state in allowed or (look_again(run) and run.state in allowed):
        old, at = run.state, clock.now()
        if _claim(run, to, at, facts):
            db.session.refresh(run)
            record_change(run, old, reason, at)
            return True
        if not look_again(run):
            return False
    return False  # forbidden, or somebody else moved it: losing is an answer


def _claim(run: Run, to: State, at: datetime, facts: dict[str, Any]) -> bool:
    wanted = (
        update(Run)
        .where(Run.id == run.id, Run.state == run.state)
        .values(state=to, updated_at=at, **{**_stamps(run, to, at), **facts})
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(wanted) is not None


def look_again(run: Run) -> bool:
    """Read the run afresh; False, and the object detached, when its row is gone."""
    try:
        db.session.refresh(run)
    except InvalidRequestError:  # deleted with its flow
        db.session.expunge(run)
        return False
    return True


def record_change(run: Run, old: str | None, reason: str, at: datetime) -> None:
    """The change as a row, and the live event that tells it, in the transaction of the change."""
    told_at = None if run.state in JUDGED else at
    db.session.add(
        RunChange(
            project_id=run.project_id,
            run_id=run.id,
            old=old,
            new=run.state,
            at=at,
            reason=reason,
            told_at=told_at,
        )
    )
    if told_at is None:
        run_ended.send(run)
    if event := _EVENTS.get(State(run.state)):
        bus.record(event, run.project_id, _facts(run), run_id=run.id, flow_id=run.flow_id)


_EVENTS = {
    State.QUEUED: "run.queued",
    State.RUNNING: "test.started",
    State.PASSED: "test.completed",
    State.FAILED: "test.completed",
    State.ERRORED: "test.completed",
    State.TIMED_OUT: "test.completed",
    State.MISSED: "test.completed",
    State.SKIPPED: "test.completed",
    State.CANCELLED: "run.cancelled",
}


def framework_of(browser: str) -> str:
    """The engine's name in live events: `selenium-chrome`, `selenium-firefox`, `selenium-edge`."""
    return f"selenium-{browser.split('-')[0]}"


def _stamps(run: Run, to: State, at: datetime) -> dict[str, Any]:
    if to in {State.STARTING, State.RUNNING}:
        return {"heartbeat_at": at, **({"started_at": at} if to is State.STARTING else {})}
    if to in FINAL:
        began = run.started_at
        spent = None if began is None else round((at - began).total_seconds() * 1000)
        return {"ended_at": at, "duration_ms": spent, "current_ordinal": None}
    return {}


def _facts(run: Run) -> dict[str, Any]:
    """`data` of the run's events, as the wire contract names its fields."""
    state = State(run.state)
    if state is State.QUEUED:
        return {"flow": run.flow.name, "trigger": run.trigger, "position": None}
    framework = framework_of(run.flow.browser)
    if state is State.RUNNING:
        options = {"video": False, "coverage": False, "profiling": False, "device": None}
        return {
            "framework": framework,
            "totalTests": run.steps_total,
            "testFiles": [run.flow.name],
            "options": options,
        }
    return {"framework": framework, "status": state.value, **_summary(run)}


def _summary(run: Run) -> dict[str, Any]:
    counts = _step_counts(run)
    left_out = (StepState.SKIPPED, StepState.CANCELLED)
    summary = {
        "total": max(run.steps_total, sum(counts.values())),  # loops play a step many times
        "passed": sum(counts.get(state, 0) for state in HELD),
        "failed": sum(counts.get(state, 0) for state in BROKEN),
        "skipped": sum(counts.get(state, 0) for state in left_out),
        "duration": run.duration_ms,
        "success": run.state == State.PASSED,
        "degraded": run.is_degraded,
    }
    return {"flow": run.flow.name, "summary": summary, "coverage": None, "report": None}


def _step_counts(run: Run) -> dict[str, int]:
    by_state = (
        select(StepResult.state, func.count())
        .where(StepResult.run_id == run.id)
        .group_by(StepResult.state)
    )
    return {state: count for state, count in db.session.execute(by_state)}
