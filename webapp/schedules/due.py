"""What a schedule says at a moment: which run to play now, what was missed, when to look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cron

# A moment that is older than this was missed: a run that plays it now would claim what it cannot.
GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class Missed:
    """Moments in a row at which nobody looked."""

    first: datetime
    last: datetime
    count: int


@dataclass(frozen=True)
class Due:
    """`present` is played now; `next_at` is None when the schedule never comes again."""

    present: datetime | None
    missed: Missed | None
    next_at: datetime | None


def look(expression: str, time_zone: str, next_at: datetime, now: datetime) -> Due:
    """Sort the moments from `next_at` up to `now`: the newest is played, unless it is too old.

    Raises CronInvalid or ZoneUnknown when the schedule cannot be computed.
    """
    last = newest = next_at
    count, coming = 1, None
    for moment in cron.moments(expression, time_zone, next_at):
        if moment > now:
            coming = moment
            break
        last, newest = newest, moment
        count += 1
    if now - newest > GRACE:
        return Due(None, Missed(next_at, newest, count), coming)
    missed = Missed(next_at, last, count - 1) if count > 1 else None
    return Due(newest, missed, coming)
