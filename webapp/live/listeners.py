"""An event on its way out, and the bounded queue of one client that listens."""

import json
from collections import deque
from dataclasses import dataclass
from functools import cached_property
from threading import Condition
from typing import Any

# Some seconds of a busy project. Who is further behind reads the rest from the table.
MOST_WAITING = 1000
# Events after which there is nothing more to say of a run.
LAST_WORDS = frozenset({"test.completed", "run.cancelled"})


@dataclass(frozen=True)
class Message:
    """One event for everybody who may see it. Best-effort ones have no row and no id."""

    project_id: int
    row_id: int | None
    envelope: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.envelope["type"])

    @property
    def run_id(self) -> int | None:
        run_id: int | None = self.envelope["runId"]
        return run_id

    @property
    def ends_its_run(self) -> bool:
        return self.type in LAST_WORDS

    @cached_property
    def json(self) -> str:
        """Written once, however many clients get it."""
        return json.dumps(self.envelope, ensure_ascii=False, separators=(",", ":"))


class Listener:
    """What one client has not been sent yet. The hub puts in, the client's thread takes out."""

    def __init__(self, user_id: int, project_id: int, run_id: int | None) -> None:
        self.user_id = user_id
        self.project_id = project_id
        self.run_id = run_id  # None: every run of the project
        self.has_lagged = False
        self.is_cut = False
        self._waiting: deque[Message] = deque()
        self._changed = Condition()

    def wants(self, message: Message) -> bool:
        return self.run_id is None or self.run_id == message.run_id

    def offer(self, message: Message) -> None:
        """Never waits: a client that is too slow loses its place instead."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self.has_lagged = True
                self._waiting.clear()
            if not self.has_lagged:
                self._waiting.append(message)
            self._changed.notify()

    def take(self, seconds: float) -> list[Message]:
        """Everything that waits; waits for it at most this long."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._waiting or self.has_lagged or self.is_cut, timeout=seconds
            )
            taken = list(self._waiting)
            self._waiting.clear()
            return taken

    def forget(self) -> None:
        """Start afresh: the rows that came until now are going to be read from the table."""
        with self._changed:
            self._waiting = deque(m for m in self._waiting if m.row_id is None)
            self.has_lagged = False

    def cut(self) -> None:
        """Let the client's thread end its stream."""
        with self._changed:
            self.is_cut = True
            self._changed.notify()
