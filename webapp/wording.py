"""Instants and durations in words, in the reader's time zone, for every page and mail."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_login import current_user

from webapp import clock

UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3600),
    ("minute", 60),
)
A_MOMENT = 10  # seconds


def readers_zone() -> ZoneInfo:
    """The zone that the person who reads this page has chosen; UTC for nobody in particular."""
    return ZoneInfo(getattr(current_user, "time_zone", None) or "UTC")


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """20 Nov 2026, 14:05:03 CET"""
    local = at.astimezone(zone or readers_zone())
    return f"{local.day} {local:%b %Y, %H:%M:%S} {local.tzname()}"


def short_moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Today 14:05, tomorrow 14:05, yesterday 14:05, Fri 27 Nov 14:05, or 3 Jan 2027 14:05."""
    zone = zone or readers_zone()
    local, now = at.astimezone(zone), clock.now().astimezone(zone)
    days = (local.date() - now.date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if near:
        return f"{near} {local:%H:%M}"
    if local.year == now.year or abs(days) < 60:
        return f"{local:%a} {local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y %H:%M}"


def ago(at: datetime) -> str:
    """5 minutes ago, in 3 hours, yesterday: as the browser's Intl.RelativeTimeFormat says it."""
    seconds = (at - clock.now()).total_seconds()
    size = abs(seconds)
    if size < A_MOMENT:
        return "in a moment" if seconds > 0 else "just now"
    unit, length = next(((u, n) for u, n in UNITS if size >= n), ("second", 1))
    count = int(size // length)
    if unit == "day" and count == 1:
        return "tomorrow" if seconds > 0 else "yesterday"
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def span(milliseconds: float) -> str:
    """340 ms, 1.24 s, 2 min 05 s, 1 h 02 min"""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 59.995:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """1 run, 2 runs, 1,204 runs"""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def init_app(app: Flask) -> None:
    for words in (moment, short_moment, ago, span, counted):
        app.add_template_filter(words)
