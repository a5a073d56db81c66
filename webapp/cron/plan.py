"""A parsed cron expression: which minutes, hours and days match."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LAST_YEAR = 9998


@dataclass(frozen=True)
class Plan:
    """A parsed expression: which minutes, hours, days and months match."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 is Sunday
    fixed_hours: bool  # hours named one by one or by range, without “*” and without a step
    either_day: bool  # day of month and day of week are both restricted: one of them suffices
    fields: tuple[str, ...]

    def includes(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_month or by_week if self.either_day else by_month and by_week

    def days_from(self, day: date) -> Iterator[date]:
        """Matching dates in order; whole months are skipped, so that rare dates cost little."""
        year, month, first = day.year, day.month, day.day
        while year <= LAST_YEAR:
            if month in self.months:
                for number in range(first, _length(year, month) + 1):
                    if self.includes(candidate := date(year, month, number)):
                        yield candidate
            year, month, first = (year + 1, 1, 1) if month == 12 else (year, month + 1, 1)


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return DAYS_IN[month - 1] if month != 2 or leap else 28
