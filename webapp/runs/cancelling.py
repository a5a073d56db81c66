"""End a run because a person wants it to end."""

from sqlalchemy import update

from webapp import clock
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.states import AT_WORK, State, look_again, move

WAITING = frozenset({State.QUEUED})


def cancel(run: Run, by: str) -> bool:
    """Cancel a waiting run at once, ask the worker of one that is on; False if it is over.

    Does not commit. Asking twice is asking once. The watchdog of the run sees it within a second;
    until then `error` says who asked.
    """
    reason = f"Cancelled by {by}."
    if move(run, State.CANCELLED, reason, only_from=WAITING, error=reason):
        return True
    at = clock.now()
    asked = db.session.scalar(
        update(Run)
        .where(Run.id == run.id, Run.state.in_(AT_WORK), Run.cancel_requested_at.is_(None))
        .values(cancel_requested_at=at, error=reason, updated_at=at)
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    )
    return look_again(run) and (asked is not None or run.state in AT_WORK)
