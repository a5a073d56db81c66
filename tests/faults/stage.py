"""Real workers, clocks and browsers, and what is left of them after somebody was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from webapp.browser import guard
from webapp.config import Config
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.states import FINAL, State

T = TypeVar("T")
WORKER = Path(__file__).parents[2] / "worker.py"


def wait_for(what: str, look: Callable[[], T | None], seconds: float) -> T:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"after {seconds:g} s there is still no {what}")


class Stage:
    """Starts processes of the product against the tests' database, and ends them by their id."""

    def __init__(self, config: Config, log: Path) -> None:
        self.config = config
        self.log = log
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, **settings: str) -> "subprocess.Popen[bytes]":
        """`worker.py` with these arguments; it says nothing when it is ready."""
        environ = {
            **os.environ,
            "VAR": str(self.config.var),
            "REDIS_URL": self.config.redis_url,
            "DATABASE_URL": self.config.database_url,
            **settings,
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, str(WORKER), *words],
                env=environ,
                cwd=WORKER.parent,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def end(self, process: "subprocess.Popen[bytes]", number: int = signal.SIGKILL) -> None:
        process.send_signal(number)
        process.wait(10)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(10)
        folder = self.config.var / "browsers"
        wait_for("end of all browsers", lambda: not list(folder.glob("*.json")), 10)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


class Remains:
    """The browsers that were seen while a run was on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[str, dict[str, Any]] = {}

    def look(self) -> list[dict[str, Any]]:
        """The records of the browsers that are there now."""
        now = []
        for path in self.folder.glob("*.json"):
            try:
                record = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            if record["session"]:
                now.append(record)
                self.records[record["id"]] = record
        return now

    def alive(self) -> list[int]:
        return [
            pid
            for record in self.records.values()
            for pid in guard.members(record["session"], record["id"], record["start"])
        ]

    def assert_none(self, seconds: float = 6) -> None:
        """No process, no profile and no record of any browser that was seen."""
        assert self.records, "no browser was seen, so nothing is proved"
        wait_for(
            f"end of {self.records}",
            lambda: not self.alive() and not self.look() and not self.profiles(),
            seconds,
        )

    def profiles(self) -> list[str]:
        return [record["home"] for record in self.records.values() if Path(record["home"]).exists()]


def fresh(run_id: int) -> Run:
    """The run as the database has it now; no transaction stays open."""
    db.session.rollback()
    run = db.session.get_one(Run, run_id, populate_existing=True)
    db.session.commit()
    return run


def wait_until_at(run_id: int, ordinal: int, seconds: float = 40) -> Run:
    """The run, once it plays its step with this place."""

    def look() -> Run | None:
        run = fresh(run_id)
        assert State(run.state) not in FINAL, f"{run.state}: {run.error}"
        is_there = run.state == State.RUNNING and run.current_ordinal == ordinal
        return run if is_there else None

    return wait_for(f"run at step {ordinal}", look, seconds)


def wait_until_over(run_id: int, seconds: float = 40) -> Run:
    def look() -> Run | None:
        run = fresh(run_id)
        return run if State(run.state) in FINAL else None

    return wait_for("end of the run", look, seconds)


def horses_of(worker: "subprocess.Popen[bytes]") -> list[int]:
    """The work horses of a worker: its children that are worker.py themselves."""
    return [pid for pid, state, parent, _, _ in guard.processes() if parent == worker.pid
            and state not in "ZX"]  # fmt: skip
