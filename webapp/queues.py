"""Put work on a queue, but only once the rows it needs are committed."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.extensions import db

log = logging.getLogger(__name__)

# What plays runs, the more urgent first, and what the light worker does.
RUN_QUEUES = ("urgent", "runs")
LIGHT_QUEUES = ("notify", "reports", "upkeep")
PENDING = "jobs waiting for commit"
KEEP_FAILED_SECONDS = 24 * 3600


def enqueue(
    job: Callable[..., Any], *args: int | str, queue: str, timeout_seconds: int = 180
) -> None:
    """Queue `job` when the current transaction commits; forget it if it rolls back.

    Redis being away is no error here: the row that the job would read is committed, and upkeep
    queues it again.
    """
    waiting = db.session().info.setdefault(PENDING, [])
    waiting.append((queue, job, args, timeout_seconds))


@event.listens_for(Session, "after_commit")
def send(session: Session) -> None:
    for queue, job, args, timeout_seconds in session.info.pop(PENDING, []):
        try:
            send_now(job, *args, queue=queue, timeout_seconds=timeout_seconds)
        except RedisError as error:
            log.warning("job %s%r waits for upkeep: %s", job.__name__, args, error)


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    session.info.pop(PENDING, None)


def send_now(
    job: Callable[..., Any], *args: int | str, queue: str, timeout_seconds: int = 180
) -> None:
    """Queue `job` at once; raises RedisError. For rows that are committed already."""
    current_app.extensions["queues"][queue].enqueue(
        job,
        args=args,
        job_timeout=timeout_seconds,
        result_ttl=0,
        failure_ttl=KEEP_FAILED_SECONDS,
    )


def open_queues(connection: "Redis[bytes]") -> dict[str, Queue]:
    return {name: Queue(name, connection=connection) for name in (*RUN_QUEUES, *LIGHT_QUEUES)}


P = ParamSpec("P")


def job(function: Callable[P, None]) -> Callable[P, None]:
    """A job gets an app context, and so a database session, of its own, closed when it ends.

    The worker process stands in an outer context, which its forked work horses inherit.
    """

    @wraps(function)
    def in_own_context(*args: P.args, **kwargs: P.kwargs) -> None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        with app.app_context():
            function(*args, **kwargs)

    return in_own_context
