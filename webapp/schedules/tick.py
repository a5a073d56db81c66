"""Make the runs that are due, each moment exactly once, whoever else is asking at the same time."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, text, update

from webapp import cron
from webapp.extensions import db, reading, writing
from webapp.flows.models import Flow, FlowVersion
from webapp.runs.models import LIVE_STATES, Run
from webapp.runs.reaping import give_up
from webapp.runs.requesting import draft, enter
from webapp.runs.states import State, Trigger
from webapp.schedules.due import Due, Missed, look

log = logging.getLogger(__name__)

# Flows in one transaction: others get their turn to write in between, and workers can begin.
BATCH = 100
CLOCK_WAS_DOWN = "The clock was not running when this was due."
STILL_ON = "The run before was still on at this moment."
NO_WORKER = "No worker was free to play it before the next moment came."


@dataclass(frozen=True)
class Sight:
    """A flow that is due, as it was read: the claim fails if any of it has changed since."""

    flow_id: int
    next_at: datetime
    cron: str | None
    time_zone: str


def play_due(now: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Make the runs of every flow that is due; commits batch by batch, gives the flows' number.

    `is_over` is asked between batches: the clock may be told to end.

    Safe if two do it at once: moving `next_at` by compare-and-set decides who makes the run.
    """
    count = 0
    while sights := _due(now):
        plans = {sight: _look(sight, now) for sight in sights}
        count += _make(plans)
        db.session.commit()
        if len(sights) < BATCH or is_over():
            break
    return count


def _due(now: datetime) -> list[Sight]:
    reading()
    due = (
        select(Flow.id, Flow.next_at, Flow.cron, Flow.time_zone)
        .where(Flow.next_at <= now, Flow.is_active)
        .order_by(Flow.next_at, Flow.id)
        .limit(BATCH)
    )
    sights = _sights(due)
    writing()
    return sights


def _sights(query: Select[int, datetime | None, str | None, str]) -> list[Sight]:
    return [
        Sight(flow_id, next_at, expression, time_zone)
        for flow_id, next_at, expression, time_zone in db.session.execute(query)
        if next_at is not None
    ]


def _look(sight: Sight, now: datetime) -> Due:
    try:
        return look(sight.cron or "", sight.time_zone, sight.next_at, now)
    except (cron.CronInvalid, cron.ZoneUnknown) as error:
        # Checked when it was saved: a zone was renamed, or somebody wrote into the table.
        log.error("flow %d is not scheduled any more: %s", sight.flow_id, error)
        return Due(None, None, None)


def _make(plans: dict[Sight, Due]) -> int:
    """All rows that others may wait for are taken first: events take a lock of their own."""
    claimed = _claim(plans)
    if not claimed:
        return 0
    live = _live_runs(claimed)
    taken = _moments_taken(claimed)
    newest = (
        select(Flow, FlowVersion)
        .join(FlowVersion, FlowVersion.flow_id == Flow.id)
        .where(Flow.id.in_(claimed), FlowVersion.number == Flow.version_number)
        .order_by(Flow.id)
    )
    runs: list[Run] = []
    for flow, version in db.session.execute(newest):
        plan = claimed[flow.id]
        if plan.missed and (flow.id, plan.missed.first) not in taken:
            runs.append(_missed(flow, version, plan.missed))
        if plan.present and (flow.id, plan.present) not in taken:
            runs.append(_present(flow, version, plan.present, live[flow.id]))
    enter(runs)
    return len(claimed)


def _missed(flow: Flow, version: FlowVersion, missed: Missed) -> Run:
    return draft(
        flow,
        version,
        State.MISSED,
        Trigger.SCHEDULE,
        scheduled_for=missed.first,
        missed_count=missed.count,
        missed_until=missed.last,
        error=CLOCK_WAS_DOWN,
    )


def _present(flow: Flow, version: FlowVersion, moment: datetime, live: list[Run]) -> Run:
    if any(run.state != State.QUEUED for run in live):
        facts = {"scheduled_for": moment, "error": STILL_ON}
        return draft(flow, version, State.SKIPPED, Trigger.SCHEDULE, **facts)
    for run in live:
        give_up(run, NO_WORKER)
    return draft(flow, version, State.QUEUED, Trigger.SCHEDULE, scheduled_for=moment)


def _claim(plans: dict[Sight, Due]) -> dict[int, Due]:
    """Move `next_at` of the flows that are still as they were seen; the others are somebody's."""
    same = (
        select(Flow.id, Flow.next_at, Flow.cron, Flow.time_zone)
        .where(Flow.id.in_([sight.flow_id for sight in plans]), Flow.is_active)
        .order_by(Flow.id)
        .with_for_update(key_share=True)  # runs of the flow may be entered meanwhile
    )
    now = _sights(same)
    ours = {sight.flow_id: plan for sight, plan in plans.items() if sight in now}
    if ours:
        moved = [{"id": flow_id, "next_at": plan.next_at} for flow_id, plan in ours.items()]
        db.session.execute(update(Flow), moved)
    return ours


def _live_runs(flow_ids: Iterable[int]) -> dict[int, list[Run]]:
    runs: dict[int, list[Run]] = defaultdict(list)
    found = (
        select(Run)
        .where(Run.flow_id.in_(flow_ids), text(LIVE_STATES))
        .order_by(Run.id)
        .with_for_update()
    )
    for run in db.session.scalars(found):
        runs[run.flow_id].append(run)
    return runs


def _moments_taken(plans: dict[int, Due]) -> set[tuple[int, datetime]]:
    """Moments that have a row already, as when the web host's clock is a second behind ours."""
    moments = {plan.present for plan in plans.values() if plan.present}
    moments |= {plan.missed.first for plan in plans.values() if plan.missed}
    found = select(Run.flow_id, Run.scheduled_for).where(
        Run.flow_id.in_(plans), Run.scheduled_for.in_(moments)
    )
    return {(flow_id, moment) for flow_id, moment in db.session.execute(found) if moment}
