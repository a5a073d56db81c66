"""One Lamplighter for each data folder: a lock that ends with the process that holds it."""

import fcntl
import json
import os
from pathlib import Path

from webapp.supervision.places import CannotStart


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
    os.pwrite(lock, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
    return lock


def _is_still(path: Path, lock: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(lock))
    except FileNotFoundError:
        return False


def _who_holds(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        where = f"at {holder['address']} (process {holder['pid']})"
        stop = f"Stop that one first (Ctrl-C there, or kill {holder['pid']})"
    except (OSError, ValueError):  # it has only just started, and has not written it yet
        where, stop = "", "Stop that one first"
    return (
        f"It is running already {where}, with the same data folder. {stop}, or give this "
        "one another folder and port: make run VAR=/some/where PORT=8123"
    ).replace("  ", " ")
