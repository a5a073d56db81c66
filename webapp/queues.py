"""Put work on a queue, but only once the rows it needs are committed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, cast

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.extensions import db

log = logging.getLogger(__name__)

# What plays runs, the more urgent first, and what light workers do: upkeep is short, and must not
# wait behind mails and reports for closing lost runs.
RUN_QUEUES = ("urgent", "runs")
LIGHT_QUEUES = ("upkeep", "notify", "reports")
PENDING = "jobs waiting for commit"
KEEP_FAILED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Waiting:
    """A job that is sent by the commit of the transaction it belongs to."""

    job: Callable[..., Any] | str
    args: tuple[int | str, ...]
    queue: str
    timeout_seconds: int
    job_id: str | None


def enqueue(
    job: Callable[..., Any] | str,
    *args: int | str,
    queue: str,
    timeout_seconds: int = 180,
    job_id: str | None = None,
) -> None:
    """Queue `job` when the current transaction commits; forget it if it rolls back.

    A job goes by its dotted name where what it does may ask for itself again.
    Redis being away is no error here: the row that the job would read is committed, and upkeep
    queues it again.
    """
    waiting = db.session().info.setdefault(PENDING, [])
    waiting.append(Waiting(job, args, queue, timeout_seconds, job_id))


@event.listens_for(Session, "after_commit")
def send(session: Session) -> None:
    by_queue: dict[str, list[Waiting]] = {}
    for waiting in session.info.pop(PENDING, []):
        by_queue.setdefault(waiting.queue, []).append(waiting)
    for queue, jobs in by_queue.items():
        try:
            _send(queue, jobs)
        except RedisError as error:
            names = ", ".join(f"{_name_of(one.job)}{one.args}" for one in jobs[:3])
            log.warning("%d jobs (%s …) wait for upkeep: %s", len(jobs), names, error)


def _name_of(job: Callable[..., Any] | str) -> str:
    return job.rpartition(".")[2] if isinstance(job, str) else job.__name__


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    session.info.pop(PENDING, None)


def send_now(
    job: Callable[..., Any],
    *args: int | str,
    queue: str,
    timeout_seconds: int = 180,
    job_id: str | None = None,
) -> None:
    """Queue `job` at once; raises RedisError. For rows that are committed already."""
    _send(queue, [Waiting(job, args, queue, timeout_seconds, job_id)])


def _send(queue: str, jobs: Sequence[Waiting]) -> None:
    """All in one round trip: 500 flows that are due together take 50 ms instead of 350."""
    wanted = [
        Queue.prepare_data(
            cast("Callable[..., Any]", one.job),  # RQ takes names as well
            args=one.args,
            timeout=one.timeout_seconds,
            result_ttl=0,
            failure_ttl=KEEP_FAILED_SECONDS,
            job_id=one.job_id,
        )
        for one in jobs
    ]
    current_app.extensions["queues"][queue].enqueue_many(wanted)


def open_queues(connection: Redis) -> dict[str, Queue]:
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
