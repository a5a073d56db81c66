"""Delete live events that nobody can ask for any more."""

from datetime import timedelta

from sqlalchemy import delete, select

from webapp import clock
from webapp.extensions import db
from webapp.live.models import LiveEvent

# Replay is promised for 24 h; the hour is for clients whose clock or cursor is a little behind.
KEPT = timedelta(hours=25)
BATCH = 2000


def forget_events() -> int:
    """In small transactions, so that runs get their turn to write; gives the number deleted."""
    cutoff = clock.now() - KEPT
    count = 0
    while True:
        old = select(LiveEvent.id).where(LiveEvent.at < cutoff).limit(BATCH)
        gone = db.session.execute(
            delete(LiveEvent).where(LiveEvent.id.in_(old)).returning(LiveEvent.id),
            execution_options={"synchronize_session": False},
        ).all()
        db.session.commit()
        count += len(gone)
        if len(gone) < BATCH:
            return count
