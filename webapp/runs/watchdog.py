"""Beside a run that plays: its heartbeat, its time limit, and whoever wants it to end."""

import json
import logging
import os
import threading
import time
from pathlib import Path
from typing import Protocol

from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.browser import guard
from webapp.browser.errors import StopReason
from webapp.browser.stopping import Stop
from webapp.extensions import db, reading, writing
from webapp.runs.models import LIVE_STATES, Run

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
HEARTBEAT_SECONDS = 2.0
# A run that was told to end may do so by itself; then its browser is ended under it.
PATIENCE_SECONDS = 0.7
# A run that does not even end without its browser hangs in ourselves: the reaper shall see that.
SILENT_AFTER_SECONDS = 20.0


# A run that is on when its worker is told to stop has this long to end by itself. The supervisor
# kills the worker after 10 s.
GRACE_SECONDS = 4.0


class Orders:
    """What this process was told, by signals: plain values, which a signal may set at any time."""

    worker_stops = False


orders = Orders()


class Killable(Protocol):
    def kill(self) -> None: ...


class Watchdog(threading.Thread):
    """A thread with its own context and a session per look, since the run sits in driver calls.

    `browser` is set once it is open. What ends a run: its time is over, somebody asked for it, or
    its row is gone or no longer ours, or its worker is told to stop.
    """

    def __init__(self, app: Flask, run_id: int, stop: Stop, seconds: float, folder: Path) -> None:
        super().__init__(name=f"watchdog of run {run_id}", daemon=True)
        self.app = app
        self.run_id = run_id
        self.stop = stop
        self.ends = time.monotonic() + seconds
        self.folder = folder
        self.browser: Killable | None = None
        self._over = threading.Event()
        self._asked_at: float | None = None
        self._beat_at = time.monotonic()
        self._stopped_at: float | None = None
        self._is_blind = False

    def run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            if time.monotonic() >= self.ends:
                self._ask("timed_out")
            if orders.worker_stops and self._grace_is_over():
                self._ask("worker_stopped")
            try:
                self._look()
                self._is_blind = False
            except SQLAlchemyError as error:
                if not self._is_blind:
                    log.error("run %d goes on, but its row cannot be seen: %s", self.run_id, error)
                self._is_blind = True
            self._insist()

    def close(self) -> None:
        """The run is over; the thread ends after the look that it is at."""
        self._over.set()
        self.join(timeout=5)

    def _grace_is_over(self) -> bool:
        """A run that is nearly over may end; whoever stops the worker does not wait for long."""
        now = time.monotonic()
        self._stopped_at = self._stopped_at or now
        return now - self._stopped_at >= GRACE_SECONDS

    def _look(self) -> None:
        with self.app.app_context():
            reading()
            mine = select(Run.cancel_requested_at).where(Run.id == self.run_id, text(LIVE_STATES))
            row = db.session.execute(mine).one_or_none()
            db.session.rollback()
            if row is None or row.cancel_requested_at is not None:
                self._ask("cancelled")
            if self._wants_to_beat():
                writing()
                self._beat()

    def _wants_to_beat(self) -> bool:
        now = time.monotonic()
        hangs = self._asked_at is not None and now - self._asked_at > SILENT_AFTER_SECONDS
        return now - self._beat_at >= HEARTBEAT_SECONDS and not hangs

    def _beat(self) -> None:
        db.session.execute(
            update(Run)
            .where(Run.id == self.run_id, text(LIVE_STATES))
            .values(heartbeat_at=clock.now())
        )
        db.session.commit()
        self._beat_at = time.monotonic()

    def _ask(self, reason: StopReason) -> None:
        if self.stop.request(reason) and self._asked_at is None:
            log.info("run %d is told to end: %s", self.run_id, reason)
        if self._asked_at is None:
            self._asked_at = time.monotonic()

    def _insist(self) -> None:
        """End the browser under a run that was told to end and is still on."""
        if self._asked_at is None or self._over.wait(PATIENCE_SECONDS):
            return
        if self.browser is not None:
            self.browser.kill()
        else:
            self._end_what_starts()

    def _end_what_starts(self) -> None:
        """A browser that is still being opened is known by its record only."""
        for path in self.folder.glob("*.json"):
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue  # just written or just removed
            if record.get("owner") == os.getpid():
                guard.end_session(record["session"], record["id"], record["start"])
