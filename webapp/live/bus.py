"""Record durable events as rows, and wake those who wait for them once they are committed."""

import json
import logging
from datetime import datetime
from typing import Any

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from webapp import clock
from webapp.extensions import db
from webapp.live.models import LiveEvent

log = logging.getLogger(__name__)

WAKE_CHANNEL = "live:wake"  # "there are new rows"
FLEETING_CHANNEL = "live:fleeting"  # best-effort envelopes, nowhere else kept
WOKEN = "live events waiting for commit"
ORDER_LOCK = 7_105_116  # any number of our own: the key of PostgreSQL's advisory lock


def record(
    event_type: str,
    project_id: int,
    data: dict[str, Any],
    *,
    run_id: int | None = None,
    flow_id: int | None = None,
) -> None:
    """Write a durable event into the current transaction; readers are woken after the commit.

    Ids must become visible in the order of their numbers, or a reader that saw 6 would never ask
    for 5 again. SQLite has one writer at a time anyway; on PostgreSQL writers of events take
    turns from here to their commit. So take every row lock before the first event: whoever holds
    the turn must wait for nobody.
    """
    pending = db.session().info
    if db.engine.dialect.name == "postgresql" and not pending.get(WOKEN):
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ORDER_LOCK})
    row = LiveEvent(
        project_id=project_id, type=event_type, run_id=run_id, flow_id=flow_id, data=data
    )
    db.session.add(row)  # its id is drawn by a flush, at the latest by the commit's
    pending[WOKEN] = True


def tell(
    event_type: str,
    project_id: int,
    data: dict[str, Any],
    *,
    run_id: int | None = None,
    flow_id: int | None = None,
) -> None:
    """Send a best-effort event (progress, output, metrics) to whoever listens now."""
    message = envelope(None, event_type, clock.now(), run_id, flow_id, data)
    wire = json.dumps({"project": project_id, "envelope": message})
    _publish(FLEETING_CHANNEL, wire)


def envelope(
    event_id: str | None,
    event_type: str,
    at: datetime,
    run_id: int | None,
    flow_id: int | None,
    data: dict[str, Any],
) -> dict[str, Any]:
    return {
        "id": event_id,
        "type": event_type,
        "timestamp": clock.wire(at),
        "runId": run_id,
        "flowId": flow_id,
        "suiteRunId": None,
        "data": data,
    }


@event.listens_for(Session, "after_commit")
def wake(session: Session) -> None:
    if session.info.pop(WOKEN, False):
        _publish(WAKE_CHANNEL, "1")


@event.listens_for(Session, "after_rollback")
def sleep_on(session: Session) -> None:
    session.info.pop(WOKEN, None)


def _publish(channel: str, message: str) -> None:
    redis: Redis = current_app.extensions["redis"]
    try:
        redis.publish(channel, message)
    except RedisError as error:
        # Readers look into the table by themselves every few seconds.
        log.warning("live events are late, Redis does not answer: %s", error)
