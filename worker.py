"""Play runs; or with --light send mail and make reports; or with --clock keep time."""

import argparse
import ctypes
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

import rq
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq.job import Job

from webapp import create_app
from webapp.browser.driver import reap_orphans
from webapp.config import Config, ConfigError
from webapp.extensions import db
from webapp.notifications.jobs import judge
from webapp.queues import LIGHT_QUEUES, RUN_QUEUES, open_queues
from webapp.reports.upkeep import mend
from webapp.runs.watchdog import orders
from webapp.schedules.jobs import (
    collect,
    end_orphans,
    forget,
    forget_imports,
    forget_old_mails,
    send_mails,
    tend,
)
from webapp.schedules.metronome import Entry, keep_time

log = logging.getLogger("worker")

# A worker that is silent for so long does not count as one any more.
WORKER_TTL_SECONDS = 60
PR_SET_PDEATHSIG = 1
RECURRING = (
    Entry("tend-runs", tend, 5, "upkeep"),
    Entry("send-mails", send_mails, 15, "notify"),
    Entry("judge", judge, 60, "notify"),
    Entry("mend-reports", mend, 60, "reports"),
    Entry("end-orphans", end_orphans, 60, "upkeep"),
    Entry("forget-events", forget, 600, "upkeep"),
    Entry("forget-mails", forget_old_mails, 3600, "upkeep"),
    Entry("forget-imports", forget_imports, 3600, "upkeep"),
    Entry("collect", collect, 3600, "upkeep"),
)


class Worker(rq.Worker):
    """RQ's worker; its work horses end with it, and share no database connection with it."""

    def setup_work_horse_signals(self) -> None:
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGTERM, _obey)
        # Horses lead a process group of their own, so nothing else would end them.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.pid:
            os._exit(1)  # the worker was gone before we asked
        db.engine.dispose(close=False)

    def handle_warm_shutdown_request(self) -> None:
        """Tell the run that is on: after a moment it closes itself, and asks to be repeated."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGTERM)

    def maintain_heartbeats(self, job: Job) -> None:
        """A Redis that is away for a while does not end the worker, and with it the run."""
        try:
            super().maintain_heartbeats(job)
        except RedisError as error:
            log.warning("Redis does not answer while job %s is on: %s", job.id, error)


def _obey(_number: int, _frame: object) -> None:
    orders.worker_stops = True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--light", action="store_true", help="mail, reports, upkeep")
    kind.add_argument("--clock", action="store_true", help="make what is due")
    choice = parser.parse_args()
    try:
        app = create_app()
    except ConfigError as error:
        sys.exit(f"Lamplighter cannot start: {error}")
    if choice.clock:
        keep_time(app, RECURRING)
    else:
        work(app, LIGHT_QUEUES if choice.light else RUN_QUEUES)
    return 0


def work(app: Flask, names: Sequence[str]) -> None:
    """Take jobs until SIGTERM, which gives a run a moment to end; a second one does not."""
    config: Config = app.config["LAMPLIGHTER"]
    reap_orphans(config.var / "browsers")
    # A connection of its own: RQ lets it wait for minutes, which jobs must not do.
    queues = open_queues(Redis.from_url(config.redis_url, socket_connect_timeout=2))
    worker = Worker(
        [queues[name] for name in names],
        name=worker_name(),
        connection=queues[names[0]].connection,
        worker_ttl=WORKER_TTL_SECONDS,
    )
    with app.app_context():
        worker.work(logging_level="WARNING")


def worker_name() -> str:
    """Process ids come again, after a restart of a container even the same one."""
    return f"{socket.gethostname().replace('.', '-')}-{os.getpid()}-{secrets.token_hex(2)}"


if __name__ == "__main__":
    sys.exit(main())
