"""Play once more a run that ended through no fault of the site."""

from datetime import timedelta

from webapp import clock
from webapp.runs.models import Run
from webapp.runs.requesting import queue_run
from webapp.runs.states import Trigger

# A lost run is played again only while its moment is still near.
REPEAT_WITHIN = timedelta(minutes=10)
SAYS_NOTHING = "This says nothing about the site."


def repeat(run: Run) -> bool:
    """Queue it as the next attempt, if it is the first one and still wanted; does not commit."""
    moment = run.scheduled_for or run.queued_at
    is_wanted = run.trigger != Trigger.SCHEDULE or run.flow.is_active
    if not is_wanted or run.attempt > 1 or clock.now() - moment > REPEAT_WITHIN:
        return False
    queue_run(
        run.flow,
        run.version,
        Trigger(run.trigger),
        requested_by=run.requested_by,
        scheduled_for=run.scheduled_for,
        attempt=run.attempt + 1,
        attempt_of=run,
    )
    return True
