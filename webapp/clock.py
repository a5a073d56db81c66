"""The only place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Aware UTC, cut to milliseconds: the precision in which instants are stored and shown."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def wire(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as all programs get it: 2026-11-20T21:30:15.123Z"""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
