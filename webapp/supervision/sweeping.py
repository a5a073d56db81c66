"""Find and end the processes that a Lamplighter of this data folder began."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

# Every process that the supervisor starts, and all that these start, carry this in their
# environment; its value is the data folder.
MARK = "LAMPLIGHTER_SUPERVISED"


def sweep(var: str, patience_seconds: float = 1.0) -> int:
    """End every process that carries our mark, and the sessions they lead; the number ended.

    Browsers live in sessions of their own, and hide their environment: the session tells.
    """
    found: set[int] = set()
    deadline = time.monotonic() + patience_seconds
    end = deadline + 10
    while (ours := set(_marked(var))) and time.monotonic() < end:
        gentle = time.monotonic() < deadline
        for pid in ours if not gentle else ours - found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM if gentle else signal.SIGKILL)
        found |= ours
        time.sleep(0.05)
    return len(found)


def _marked(var: str) -> Iterator[int]:
    entry = os.fsencode(f"{MARK}={var}")
    sessions: dict[int, list[int]] = {}
    marked: set[int] = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            state, session = _state_and_session(folder)
            if state in "ZX":
                continue
            sessions.setdefault(session, []).append(int(folder.name))
            if entry in (folder / "environ").read_bytes().split(b"\0"):
                marked.add(int(folder.name))
    led = (pid for leader in marked for pid in sessions.get(leader, []))
    yield from marked.union(led)


def _state_and_session(folder: Path) -> tuple[str, int]:
    fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
    state, _parent, _group, session = fields.split()[:4]
    return state, int(session)
