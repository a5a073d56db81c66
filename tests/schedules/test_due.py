"""What a schedule says at a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.cron import CronInvalid, ZoneUnknown
from webapp.cron.plan import LAST_YEAR
from webapp.schedules.due import GRACE, Due, Missed, look

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_what_is_due_now_is_played():
    assert look("0 * * * *", "UTC", NOON, NOON) == Due(NOON, None, NOON + HOUR)


def test_a_clock_that_is_some_seconds_late_still_plays():
    assert look("0 * * * *", "UTC", NOON, NOON + GRACE) == Due(NOON, None, NOON + HOUR)


def test_a_moment_that_is_too_old_was_missed():
    now = NOON + GRACE + SECOND
    assert look("0 * * * *", "UTC", NOON, now) == Due(None, Missed(NOON, NOON, 1), NOON + HOUR)


def test_a_gap_is_one_miss_with_its_count_and_the_present_is_played():
    now = NOON + 10 * MINUTE + SECOND
    last = NOON + 9 * MINUTE
    due = look("* * * * *", "UTC", NOON, now)
    assert due == Due(NOON + 10 * MINUTE, Missed(NOON, last, 10), NOON + 11 * MINUTE)


def test_a_gap_that_ended_long_ago_plays_nothing():
    due = look("0 * * * *", "UTC", NOON, NOON + 3 * HOUR + 5 * MINUTE)
    assert due == Due(None, Missed(NOON, NOON + 3 * HOUR, 4), NOON + 4 * HOUR)


def test_of_two_moments_within_the_grace_the_newest_is_played():
    due = look("* * * * *", "UTC", NOON, NOON + MINUTE)
    assert due == Due(NOON + MINUTE, Missed(NOON, NOON, 1), NOON + 2 * MINUTE)


def test_a_gap_over_a_change_of_clocks_counts_what_would_have_been_played():
    before = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)  # 02:30 in Berlin; clocks change on the 25th
    now = before + timedelta(days=3)
    due = look("30 2 * * *", "Europe/Berlin", before, now)
    assert due.missed == Missed(before, datetime(2026, 10, 26, 1, 30, tzinfo=UTC), 3)


def test_a_schedule_that_never_comes_again_has_no_next_moment():
    end = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
    assert look("0 0 31 12 *", "UTC", end, end) == Due(end, None, None)


@pytest.mark.parametrize(
    ("expression", "zone", "error"),
    [("not cron", "UTC", CronInvalid), ("* * * * *", "Mars/Olympus", ZoneUnknown)],
)
def test_what_cannot_be_computed_is_an_error(expression, zone, error):
    with pytest.raises(error):
        look(expression, zone, NOON, NOON)
