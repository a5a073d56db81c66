"""Cron expressions: check them, say them in words, find the next moments.

The iteration is ours and not croniter's, which plays a fixed hour twice when clocks fall back.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cron_descriptor import DescriptionTypeEnum, ExpressionDescriptor, Options

from webapp.cron.moments import moments_after
from webapp.cron.parsing import CronInvalid, parse, quoted
from webapp.cron.plan import LAST_YEAR

__all__ = [
    "CronInvalid",
    "ZoneUnknown",
    "check",
    "in_words",
    "moments",
    "next_after",
    "next_moments",
    "zone",
]


class ZoneUnknown(ValueError):
    """There is no time zone of that name."""


def check(expression: str) -> None:
    """Raise CronInvalid with a sentence for the person who typed the expression."""
    parse(expression)


def in_words(expression: str) -> str:
    """What the expression means, in plain English with 24-hour times."""
    plan = parse(expression)
    options = Options()
    options.use_24hour_time_format = True
    words: str = ExpressionDescriptor(" ".join(plan.fields), options).get_description(
        DescriptionTypeEnum.FULL
    )
    return words if plan.either_day else words.replace(", or on ", ", only on ")


def next_after(expression: str, time_zone: str, moment: datetime) -> datetime:
    """The first moment strictly after `moment`, both aware UTC.

    A fixed hour plays once a day: the first time when clocks fall back, and in a gap at its end.
    A wildcard or stepped hour follows elapsed time: it plays whenever the clock shows a match.
    """
    return next_moments(expression, time_zone, moment, count=1)[0]


def next_moments(
    expression: str, time_zone: str, moment: datetime, count: int = 5
) -> list[datetime]:
    if moment.tzinfo is None:
        raise ValueError(
            f"The moment must be aware UTC; found {moment.isoformat()} without a zone."
        )
    found = list(islice(moments(expression, time_zone, moment), count))
    if len(found) < count:
        raise OverflowError(f"“{expression}” does not come {count} times before {LAST_YEAR}.")
    return found


def moments(expression: str, time_zone: str, moment: datetime) -> Iterator[datetime]:
    """All moments after `moment`, in order, up to the last year that is computed."""
    return moments_after(parse(expression), zone(time_zone), moment.astimezone(UTC))


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown(
            f"There is no time zone “{quoted(name)}”; write one such as Europe/Berlin or UTC."
        ) from None
