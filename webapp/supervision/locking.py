"""One Lamplighter for each data folder: a lock that ends with the process that holds it."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp.supervision.places import CannotStart


@dataclass(frozen=True)
class Holder:
    """The Lamplighter that has the data folder."""

    pid: int
    address: str

    @property
    def is_alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # it is somebody else's
            pass
        return True


def take_lock(path: Path, address: str) -> int:
    """The open lock file; CannotStart with the other's address when another one holds it."""
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise CannotStart(_who_holds(path)) from None
        if _is_still(path, lock):
            break
        os.close(lock)  # the holder before us removed this very file as it ended
    os.truncate(lock, 0)
    os.pwrite(lock, json.dumps(asdict(Holder(os.getpid(), address))).encode(), 0)
    return lock


def _is_still(path: Path, lock: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(lock))
    except FileNotFoundError:
        return False


def holder_of(path: Path) -> Holder | None:
    """Who wrote the lock file; it may have been killed since. None where nobody has (yet)."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # TypeError: it holds something else
        return None


def _who_holds(path: Path) -> str:
    where, stop = "", "Stop that one first"
    if holder := holder_of(path):
        where = f"at {holder.address} (process {holder.pid})"
        stop = f"Stop that one first (Ctrl-C there, or kill {holder.pid})"
    return (
        f"It is running already {where}, with the same data folder. {stop}, or give this "
        "one another folder and port: make run VAR=/some/where PORT=8123"
    ).replace("  ", " ")
