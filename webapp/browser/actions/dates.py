"""Dates at a distance from now, as a page wants them written."""

import calendar
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PART = re.compile(r"\s*([+-]?)\s*(\d{1,9})\s*(s|min|h|d|w|mo|y)\b\s*")
# Days and more are counted on the calendar of the zone; hours and less as time that passes.
PASSING = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}
DIRECTIVES = frozenset("aAbBcdfGHIjmMpSsuUVwWxXyYzZ%")
LONGEST_FORMAT = 200


def offset_error(offset: str) -> str:
    """What is wrong with a distance from now; empty if it can be used."""
    if _parts(offset) is not None:
        return ""
    return (
        f"“{offset[:60]}” is not a distance from now like -2 d, +3 h or +1 mo -1 d. Units are s, "
        "min, h, d, w, mo and y."
    )


def format_error(form: str) -> str:
    """What is wrong with a format; empty if it can be used."""
    if len(form) > LONGEST_FORMAT:
        return f"It has {len(form):,} characters; at most {LONGEST_FORMAT} go."
    unknown = [sign for sign in re.findall(r"%(.?)", form) if sign not in DIRECTIVES or not sign]
    if unknown:
        return f"“%{unknown[0]}” means nothing in a format. Write a percent sign as %%."
    return ""


def zone_error(name: str) -> str:
    """What is wrong with the name of a time zone; empty if it can be used."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return f"“{name[:60]}” is not a time zone like Europe/Berlin or UTC."
    return ""


def written(now: datetime, offset: str, form: str, zone: str) -> str:
    """The moment at this distance; OverflowError or ValueError beyond the years 1 to 9999."""
    moment = now.astimezone(ZoneInfo(zone))
    for count, unit in _parts(offset) or []:
        moment = _moved(moment, count, unit)
    pieces = re.split(r"(%.)", form)
    seconds = str(int(moment.timestamp()))
    return "".join(
        seconds if piece == "%s" else moment.strftime(piece) if piece.startswith("%") else piece
        for piece in pieces
    )


def _parts(offset: str) -> list[tuple[int, str]] | None:
    found, at = [], 0
    while at < len(offset):
        part = PART.match(offset, at)
        if part is None:
            return None
        found.append((int(f"{part[1]}{part[2]}"), part[3]))
        at = part.end()
    return found


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    if unit in PASSING:
        zone = moment.tzinfo
        return (moment.astimezone(ZoneInfo("UTC")) + count * PASSING[unit]).astimezone(zone)
    if unit in ("d", "w"):
        return moment + timedelta(days=count * (7 if unit == "w" else 1))
    months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
