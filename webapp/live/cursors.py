"""Event ids on the wire: when an event was recorded and the number of its row, `<ms>-<id>`."""

import re
from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp import clock
from webapp.extensions import db
from webapp.live.models import LiveEvent

# Upkeep may delete what is older; a cursor from before that cannot be replayed from.
KEPT = timedelta(hours=24)
AHEAD = timedelta(minutes=5)  # clocks of two hosts differ, but not by more
FORM = re.compile(r"(\d{1,15})-(\d{1,18})")


def wire_id(at: datetime, row_id: int) -> str:
    return f"{round(at.timestamp() * 1000)}-{row_id}"


def newest_id() -> int:
    """The number of the newest event of all; 0 when there is none."""
    return db.session.scalar(select(func.max(LiveEvent.id))) or 0


def cursor_now() -> str:
    """The cursor of a page: read it before the page's own query, or events fall in between."""
    return wire_id(clock.now(), newest_id())


def row_id_of(cursor: str) -> int | None:
    """The row after which to go on; None if the cursor is unknown or older than what is kept."""
    match = FORM.fullmatch(cursor.strip())
    if match is None:
        return None
    made_at, row_id = int(match[1]) / 1000, int(match[2])
    age = clock.now().timestamp() - made_at
    if not -AHEAD.total_seconds() <= age < KEPT.total_seconds():
        return None
    return row_id if row_id <= newest_id() else None
