"""The clock: every second it asks the database what is due, then moves its own delayed jobs."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq_scheduler import Scheduler
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.schedules.tick import play_due

log = logging.getLogger(__name__)

# Where the clock leaves the instant of its last turn, for whoever wants to know that it lives.
SIGN_OF_LIFE = "clock:tick"
# A clock that ended without a word is replaced after this; a longer turn only lets two act.
LOCK_SECONDS = 3
ASSERT_EVERY_SECONDS = 60
ENTRY_PREFIX = "every-"
MOST_SECONDS_OF_AN_ENTRY = 300


@dataclass(frozen=True)
class Entry:
    """A job that the clock queues again and again."""

    name: str
    job: Callable[[], None]
    seconds: int
    queue: str

    @property
    def job_id(self) -> str:
        return f"{ENTRY_PREFIX}{self.name}"


class Trouble:
    """Something that does not answer: said once when it begins, once when it is over."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_on = False

    def begins(self, error: Exception) -> None:
        if not self.is_on:
            log.error("%s does not answer; the clock goes on trying: %s", self.name, error)
        self.is_on = True

    def is_over(self) -> bool:
        """True the first time after it began."""
        was_on, self.is_on = self.is_on, False
        if was_on:
            log.warning("%s answers again.", self.name)
        return was_on


class Metronome(Scheduler):  # type: ignore[misc]
    """rq-scheduler with a turn of our own: one acts, others stand by, and it is safe if two act.

    Without Redis it goes on making rows, which upkeep sends to the workers later; without the
    database it waits for it.
    """

    def __init__(
        self,
        app: Flask,
        connection: "Redis",
        entries: Sequence[Entry] = (),
        interval: float = 1.0,
    ) -> None:
        super().__init__("upkeep", connection=connection, interval=interval)
        self.app = app
        self.entries = entries
        self._stopping = threading.Event()
        self._redis = Trouble("Redis")
        self._database = Trouble("The database")
        self._faults: set[str] = set()
        self._asserted_at = -float(ASSERT_EVERY_SECONDS)

    def run(self, burst: bool = False) -> None:
        """Turn after turn until SIGTERM or SIGINT, each at the beginning of a second."""
        self._install_signal_handlers()
        while not self._stopping.is_set():
            self.turn()
            if burst:
                break
            self._stopping.wait(self._interval - time.time() % self._interval + 0.002)
        self._leave()

    def turn(self) -> None:
        """What is due becomes runs; then, when Redis answers, the delayed jobs are moved.

        A fault of ours in one of them stops neither the other nor the clock. It is told once, and
        there is no sign of life as long as it lasts.
        """
        if not self._is_acting():
            return
        faults = {self._try(self._play_due), self._try(self._tend_entries)} - {""}
        if self._faults and not faults:
            log.warning("The turns of the clock go well again.")
        self._faults = faults
        if not faults and not self._redis.is_on:
            self._try(self._leave_sign_of_life)

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        self._stopping.set()

    def enqueue_job(self, job: Job) -> None:
        """Queue a recurring job, unless its last round still waits: no worker, no pile."""
        queue = self.get_queue_for_job(job)
        if queue.get_job_position(job) is None:
            super().enqueue_job(job)
        else:
            again = time.time() + int(job.meta["interval"])
            self.connection.zadd(self.scheduled_jobs_key, {job.id: again})

    def assert_entries(self) -> None:
        """Every entry is scheduled as it is defined, and nothing that is not defined any more.

        An entry vanishes without a word when its job does: Redis was emptied, or restarted.
        """
        defined = {entry.job_id for entry in self.entries}
        for raw in self.connection.zrange(self.scheduled_jobs_key, 0, -1):
            name = raw.decode()
            if name.startswith(ENTRY_PREFIX) and name not in defined:
                self.cancel(name)
        for entry in self.entries:
            if not self._is_scheduled(entry):
                self.schedule(
                    datetime.now(UTC),
                    entry.job,
                    interval=entry.seconds,
                    id=entry.job_id,
                    queue_name=entry.queue,
                    timeout=MOST_SECONDS_OF_AN_ENTRY,
                )

    def _is_scheduled(self, entry: Entry) -> bool:
        if entry.job_id not in self:
            return False
        try:
            job = Job.fetch(entry.job_id, connection=self.connection)
        except NoSuchJobError:
            return False
        wanted = (f"{entry.job.__module__}.{entry.job.__name__}", entry.queue, entry.seconds)
        return (job.func_name, job.origin, job.meta.get("interval")) == wanted

    def _is_acting(self) -> bool:
        """Take or keep the lock; without Redis everybody acts."""
        try:
            taken = self.acquire_lock()
        except RedisError as error:
            self._redis.begins(error)
            return True
        if self._redis.is_over():
            self._asserted_at = -float(ASSERT_EVERY_SECONDS)
        return taken

    def acquire_lock(self) -> bool:
        key, mine = self.scheduler_lock_key, self.name.encode()
        if not self.connection.set(key, mine, nx=True, ex=LOCK_SECONDS):
            if self.connection.get(key) != mine:
                return False
            self.connection.expire(key, LOCK_SECONDS)
        return True

    def remove_lock(self) -> None:
        if self.connection.get(self.scheduler_lock_key) == self.name.encode():
            self.connection.delete(self.scheduler_lock_key)

    def _try(self, part: Callable[[], None]) -> str:
        """The kind of fault that it met, or nothing."""
        try:
            part()
        except RedisError as error:
            self._redis.begins(error)
        except Exception as error:
            kind = f"{part.__name__}: {type(error).__name__}"
            if kind not in self._faults:
                log.exception("The clock met a fault of ours, and goes on")
            return kind
        return ""

    def _play_due(self) -> None:
        try:
            with self.app.app_context():
                play_due(clock.now(), self._stopping.is_set)
        except SQLAlchemyError as error:
            self._database.begins(error)
        else:
            self._database.is_over()

    def _tend_entries(self) -> None:
        if self._redis.is_on:
            return
        if time.monotonic() - self._asserted_at >= ASSERT_EVERY_SECONDS:
            self.assert_entries()
            self._asserted_at = time.monotonic()
        self.enqueue_jobs()

    def _leave_sign_of_life(self) -> None:
        self.connection.set(SIGN_OF_LIFE, clock.now().isoformat(timespec="milliseconds"))

    def _leave(self) -> None:
        try:
            self.remove_lock()
        except RedisError as error:
            self._redis.begins(error)

    def _install_signal_handlers(self) -> None:
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)


def keep_time(app: Flask, entries: Sequence[Entry]) -> None:
    """Be the clock of this installation until SIGTERM."""
    url = app.config["LAMPLIGHTER"].redis_url
    connection: Any = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    Metronome(app, connection, entries).run()
