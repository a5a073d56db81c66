"""End the browsers whose owner died together with its guard."""

import json
import logging
import time
from pathlib import Path
from typing import Any

from webapp.browser import guard
from webapp.browser.launching import machine

log = logging.getLogger(__name__)
FOREIGN_SECONDS = 24 * 3600


def reap_orphans(folder: Path) -> int:
    """End every recorded browser whose owner is dead; the number of records that were removed.

    Call it when a worker starts. A browser with a living owner is never touched, nor is one of
    another host that shares the folder; records of others are forgotten after a day.
    """
    here = machine()
    return sum(_reap(path, here) for path in sorted(folder.glob("*.json")))


def _reap(path: Path, here: str) -> bool:
    record = _read(path)
    if record is None:
        return _forget(path)
    if record["machine"] != here:
        return time.time() - path.stat().st_mtime > FOREIGN_SECONDS and _forget(path)
    if record["owner_start"] and guard.started(record["owner"]) == record["owner_start"]:
        return False
    if not guard.end_session(record["session"], record["id"], record["start"]):
        log.error("Processes of the orphaned browser %s cannot be ended.", record["id"])
        return False
    if Path(record["home"]).name.startswith("lamplighter-browser-"):
        guard.remove(record["home"])
    return _forget(path)


def _read(path: Path) -> dict[str, Any] | None:
    """A record; None if it is no record (cut short by a full disk, or written by hand)."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        names = {"id", "home", "machine", "owner", "owner_start", "session", "start"}
        return record if isinstance(record, dict) and names <= record.keys() else None
    except (OSError, ValueError):
        return None


def _forget(path: Path) -> bool:
    """False when another worker was quicker."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
