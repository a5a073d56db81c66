"""Ask for a run: the row first, then, once it is committed, its place in the queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp import clock
from webapp.extensions import db
from webapp.flows.models import Flow, FlowVersion
from webapp.queues import enqueue
from webapp.runs.models import Run
from webapp.runs.planning import count_steps
from webapp.runs.states import State, Trigger, record_change

# By its name: playing a run may ask for another one (see runs.repeating).
PLAY = "webapp.runs.jobs.play"
# What RQ grants beyond the run timeout: the run's own watchdog ends it long before.
MARGIN_SECONDS = 60


def request_run(
    flow: Flow,
    trigger: Trigger,
    *,
    requested_by: str | None = None,
    scheduled_for: datetime | None = None,
) -> Run:
    """A queued run of the flow's newest version; does not commit, is enqueued by the commit."""
    newest = select(FlowVersion).where(
        FlowVersion.flow_id == flow.id, FlowVersion.number == flow.version_number
    )
    version = db.session.scalars(newest).one()
    return queue_run(flow, version, trigger, requested_by=requested_by, scheduled_for=scheduled_for)


def queue_run(
    flow: Flow,
    version: FlowVersion,
    trigger: Trigger,
    *,
    requested_by: str | None = None,
    scheduled_for: datetime | None = None,
    attempt: int = 1,
    attempt_of: Run | None = None,
) -> Run:
    """A queued run of a given version (a repetition, or the newest); does not commit."""
    run = draft(
        flow,
        version,
        State.QUEUED,
        trigger,
        attempt=attempt,
        attempt_of_id=None if attempt_of is None else attempt_of.id,
        scheduled_for=scheduled_for,
        requested_by=requested_by,
    )
    enter([run])
    return run


def draft(flow: Flow, version: FlowVersion, state: State, trigger: Trigger, **values: Any) -> Run:
    """A run that is to be entered, alone or with many others: queued, or never played at all."""
    at = clock.now()
    run = Run(
        project_id=flow.project_id,
        flow_id=flow.id,
        version_id=version.id,
        state=state,
        trigger=trigger,
        queued_at=at,
        ended_at=None if state is State.QUEUED else at,
        heartbeat_at=at,
        updated_at=at,
        steps_total=count_steps(version.body),
        **values,
    )
    run.flow, run.version = flow, version
    return run


def enter(runs: Sequence[Run]) -> None:
    """Rows, changes, events, and the queue for those that are to be played; does not commit."""
    db.session.add_all(runs)
    db.session.flush()  # jobs and events carry their ids
    for run in runs:
        record_change(run, None, run.error or "", run.queued_at)
        if run.state == State.QUEUED:
            send_to_queue(run)


def send_to_queue(run: Run) -> None:
    """Give the run to the workers when this transaction commits; people are served first."""
    queue = "runs" if run.trigger == Trigger.SCHEDULE else "urgent"
    timeout = int(run.version.body["run_timeout_seconds"]) + MARGIN_SECONDS
    enqueue(PLAY, run.id, queue=queue, timeout_seconds=timeout, job_id=job_id_of(run.id))


def job_id_of(run_id: int) -> str:
    """By its name upkeep sees whether a run is in the queue."""
    return f"run-{run_id}"
