"""The only place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Aware UTC, cut to milliseconds: the precision in which instants are stored and shown."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
