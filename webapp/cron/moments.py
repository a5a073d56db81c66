"""The instants at which a plan comes due in a time zone, also on the days when clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from webapp.cron.plan import Plan


def moments_after(plan: Plan, where: ZoneInfo, moment: datetime) -> Iterator[datetime]:
    last = moment
    for day in plan.days_from(moment.astimezone(where).date()):
        for instant in _instants(plan, where, day, after=last):
            if instant > last:
                yield (last := instant)


def _instants(plan: Plan, where: ZoneInfo, day: date, after: datetime) -> Iterator[datetime]:
    """The moments of a local day, in order; those up to `after` may be left out."""
    midnight = datetime.combine(day, time())
    offset = _offset(midnight, where)
    if not _clocks_change(day, where):
        local = (after + offset).replace(tzinfo=None)
        start = local.hour if local.date() == day else 0
        for hour in plan.hours:
            if hour >= start:
                base = (midnight + timedelta(hours=hour) - offset).replace(tzinfo=UTC)
                yield from (base + timedelta(minutes=minute) for minute in plan.minutes)
    else:
        yield from _instants_of_a_change(plan, where, day)


@lru_cache(maxsize=512)
def _instants_of_a_change(plan: Plan, where: ZoneInfo, day: date) -> tuple[datetime, ...]:
    midnight = datetime.combine(day, time())
    walls = (
        midnight + timedelta(hours=hour, minutes=minute)
        for hour in plan.hours
        for minute in plan.minutes
    )
    read = _once if plan.fixed_hours else _each_time
    return tuple(sorted({instant for wall in walls for instant in read(wall, where)}))


@lru_cache(maxsize=4096)
def _clocks_change(day: date, where: ZoneInfo) -> bool:
    """Whether the zone's offset changes on that local day, its two midnights included."""
    midnight = datetime.combine(day, time())
    walls = [midnight + timedelta(hours=hour) for hour in range(25)]
    return len({_offset(wall, where, fold) for wall in walls for fold in (0, 1)}) > 1


def _offset(wall: datetime, where: ZoneInfo, fold: int = 0) -> timedelta:
    offset = where.utcoffset(wall.replace(fold=fold))
    assert offset is not None  # a ZoneInfo knows the offset of every full datetime
    return offset


def _utc(wall: datetime, where: ZoneInfo, fold: int = 0) -> datetime:
    return (wall - _offset(wall, where, fold)).replace(tzinfo=UTC)


def _exists(wall: datetime, where: ZoneInfo, fold: int = 0) -> bool:
    return _utc(wall, where, fold).astimezone(where).replace(tzinfo=None) == wall


def _each_time(wall: datetime, where: ZoneInfo) -> set[datetime]:
    """Both instants of a repeated wall time, none in a gap."""
    return {_utc(wall, where, fold) for fold in (0, 1) if _exists(wall, where, fold)}


def _once(wall: datetime, where: ZoneInfo) -> set[datetime]:
    """The first instant of a repeated wall time, the end of the gap for one that is skipped."""
    if _exists(wall, where):
        return {_utc(wall, where)}
    # In a gap fold 1 lies before the change and fold 0 after it: close in on it, to the second.
    before, after = _utc(wall, where, fold=1), _utc(wall, where, fold=0)
    old = before.astimezone(where).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(where).utcoffset() == old:
            before = middle
        else:
            after = middle
    return {after}
