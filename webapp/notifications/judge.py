"""Decide which ends of runs open or resolve an incident: one notice each, not one per run."""

import logging
from typing import Any

from sqlalchemy import func, select, update

from webapp import clock
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.live import bus
from webapp.notifications import notices, refusals
from webapp.notifications.models import Delivery, DeliveryKind, Incident
from webapp.runs.models import Run, RunChange
from webapp.runs.states import State

log = logging.getLogger(__name__)

# What a run says about the site. `errored` says nothing about it, and tells nobody; but for a
# refusal by our egress rule, which only the flow's owner or the operator can end.
BROKEN = (State.FAILED, State.TIMED_OUT)
SPEAKS = (State.PASSED, *BROKEN)


def judge_changes() -> int:
    """Judge every end that nobody was told of yet; the number of flows. Commits flow by flow.

    One flow that cannot be judged does not hold up the others, and is tried again.
    """
    failures: list[Exception] = []
    flow_ids = _flows_to_judge()
    for flow_id in flow_ids:
        try:
            _judge_flow(flow_id)
            db.session.commit()
        except Exception as error:
            db.session.rollback()
            log.exception("the runs of flow %d cannot be judged, and will be tried again", flow_id)
            failures.append(error)
    if failures:
        raise failures[0]
    return len(flow_ids)


def _flows_to_judge() -> list[int]:
    untold = (
        select(Run.flow_id)
        .join(RunChange, RunChange.run_id == Run.id)
        .where(RunChange.told_at.is_(None))
        .group_by(Run.flow_id)
        .order_by(func.min(RunChange.id))
    )
    flow_ids = list(db.session.scalars(untold))
    db.session.commit()
    return flow_ids


def _judge_flow(flow_id: int) -> None:
    """In the order in which the runs ended; the lock makes two judges of one flow take turns."""
    # Runs of the flow may be entered meanwhile, by whoever has the turn of events that we come to.
    mine = select(Flow).where(Flow.id == flow_id).with_for_update(key_share=True)
    flow = db.session.scalar(mine)
    if flow is None:
        return  # deleted meanwhile, with its runs and changes
    changes = (
        select(RunChange, Run)
        .join(Run, RunChange.run_id == Run.id)
        .where(Run.flow_id == flow_id, RunChange.told_at.is_(None))
        .order_by(RunChange.id)
    )
    for change, run in db.session.execute(changes).all():
        if change.new in SPEAKS and not _is_overtaken(run):
            if change.new == State.PASSED:
                _resolve(flow, run)
            else:
                _open(flow, run)
        elif change.new == State.ERRORED and not _is_overtaken(run):
            _tell_of_refusal(flow, run)
        change.told_at = clock.now()


def _is_overtaken(run: Run) -> bool:
    """A newer run was judged already: what an older one says at last is history."""
    newer = (
        select(RunChange.id)
        .join(Run, RunChange.run_id == Run.id)
        .where(
            Run.flow_id == run.flow_id,
            Run.id > run.id,
            RunChange.new.in_(SPEAKS),
            RunChange.told_at.is_not(None),
        )
        .limit(1)
    )
    return db.session.scalar(newer) is not None


def _open(flow: Flow, run: Run) -> None:
    if open_incident(flow.id) is not None:
        return
    since = run.ended_at or clock.now()
    incident = Incident(
        project_id=flow.project_id, flow_id=flow.id, opened_by_id=run.id, opened_at=since
    )
    incident.flow, incident.opened_by = flow, run
    db.session.add(incident)
    db.session.flush()  # the delivery refers to it
    _deliver(incident, DeliveryKind.BROKEN)
    _record("incident.opened", incident, run, downtime=None)


def _tell_of_refusal(flow: Flow, run: Run) -> None:
    """It is no incident: the site may work. So it has no delivery, and its mail stands alone."""
    step = refusals.refused_step(run)
    if step is not None and not refusals.is_known(run):
        notices.write_refusal(flow, run, step)


def _resolve(flow: Flow, run: Run) -> None:
    incident = open_incident(flow.id)
    if incident is None:
        return
    at = run.ended_at or clock.now()
    db.session.execute(
        update(Incident)
        .where(Incident.id == incident.id)
        .values(resolved_at=at, resolved_by_id=run.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(incident)
    _deliver(incident, DeliveryKind.RECOVERED)
    _record("incident.resolved", incident, incident.opened_by, downtime=at - incident.opened_at)


def open_incident(flow_id: int) -> Incident | None:
    """What the flow suffers from now."""
    return db.session.scalar(
        select(Incident).where(Incident.flow_id == flow_id, Incident.resolved_at.is_(None))
    )


def _deliver(incident: Incident, kind: DeliveryKind) -> None:
    """The notice as a row; its mail is sent by the commit, and tried again until it is gone."""
    mail = notices.write(incident, kind)
    db.session.add(
        Delivery(
            project_id=incident.project_id, incident_id=incident.id, kind=kind, mail_id=mail.id
        )
    )


def _record(event: str, incident: Incident, broken: Run | None, downtime: Any) -> None:
    """The live event, last of all: on PostgreSQL it takes the turn of all writers of events."""
    failed = None
    if broken is not None and broken.failed_step_number is not None:
        failed = {"number": broken.failed_step_number, "name": broken.failed_step_name}
    facts = {
        "flow": incident.flow.name,
        "since": clock.wire(incident.opened_at),
        "failedStep": failed,
        "downtime": None if downtime is None else round(downtime.total_seconds() * 1000),
    }
    run_id = incident.resolved_by_id or incident.opened_by_id
    bus.record(event, incident.project_id, facts, run_id=run_id, flow_id=incident.flow_id)
