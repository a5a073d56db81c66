"""The next moments: properties over many expressions, and the rules of the two day fields."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from webapp.cron import CronInvalid, ZoneUnknown, check, in_words, next_after, next_moments
from webapp.cron.parsing import FIELDS, parse

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
SECOND = timedelta(seconds=1)
moments = st.datetimes(
    datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC), allow_imaginary=False
)
# An hour on either side of many clock changes, where mistakes would be.
near_changes = st.builds(
    lambda day, minutes: datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from([(2026, 3, 8), (2026, 3, 29), (2026, 4, 4), (2026, 10, 3), (2026, 10, 25)]),
    st.integers(-60, 60 * 24),
)


@st.composite
def texts(draw, field):
    """One cron field."""
    high = 6 if field.high == 7 else field.high
    values = st.integers(field.low, high)
    low, top = sorted(draw(st.lists(values, min_size=2, max_size=2, unique=True)))
    step = draw(st.integers(1, high))
    forms = ["*", f"*/{step}", f"{low}", f"{low}-{top}", f"{low}-{top}/{step}", f"{low},{top}"]
    return draw(st.sampled_from(forms))


expressions = st.tuples(*[texts(field) for field in FIELDS]).map(" ".join)


def comes(expression):
    try:
        check(expression)
    except CronInvalid:
        return False
    return True


expressions = expressions.filter(comes)


@given(expressions, st.sampled_from(ZONES), moments | near_changes)
def test_moments_increase_and_asking_just_before_one_gives_it_again(expression, zone, moment):
    found = next_moments(expression, zone, moment, count=4)
    assert [moment, *found] == sorted({moment, *found})
    assert next_after(expression, zone, found[1] - SECOND / 1000) == found[1]
    assert next_after(expression, zone, found[0]) == found[1]


@given(expressions, st.sampled_from(ZONES), moments | near_changes)
def test_a_moment_shows_a_match_on_the_local_clock_unless_it_ends_a_gap(expression, zone, moment):
    where, plan = ZoneInfo(zone), parse(expression)
    for found in next_moments(expression, zone, moment, count=4):
        local = found.astimezone(where)
        before = (found - SECOND).astimezone(where)
        assert found.second == found.microsecond == 0
        matches = (
            plan.includes(local.date())
            and local.hour in plan.hours
            and local.minute in plan.minutes
        )
        assert matches or local.utcoffset() > before.utcoffset()


@given(expressions.filter(lambda text: parse(text).fixed_hours), near_changes)
def test_a_fixed_hour_never_shows_the_same_local_time_twice(expression, moment):
    found = next_moments(expression, "Europe/Berlin", moment, count=40)
    walls = [at.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) for at in found]
    assert len(set(walls)) == len(walls)


@given(expressions.filter(lambda text: "*" in text.split()[2::2]), moments)
def test_in_utc_it_agrees_with_croniter(expression, moment):
    other = croniter(expression, moment)
    assert next_moments(expression, "UTC", moment, 3) == [
        other.get_next(datetime) for _ in range(3)
    ]


@given(expressions)
def test_every_expression_can_be_said_in_words(expression):
    words = in_words(expression)
    assert words[0].isupper() and "None" not in words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("30 */2 * * *", "At 30 minutes past the hour, every 2 hours"),
        ("*/5 * * * *", "Every 5 minutes"),
        ("@daily", "At 00:00"),
        ("0 18 * * mon-fri", "At 18:00, Monday through Friday"),
        ("0 0 13 * 5", "At 00:00, on day 13 of the month, or on Friday"),
        ("0 0 */2 * 1", "At 00:00, every 2 days, only on Monday"),
    ],
)
def test_it_says_in_words(expression, words):
    assert in_words(expression) == words


def days(expression, count):
    found = next_moments(expression, "UTC", datetime(2026, 11, 1, tzinfo=UTC), count)
    return [f"{at:%a %d}" for at in found]


def test_two_restricted_day_fields_are_an_or():
    assert days("0 0 13 * fri", 4) == ["Fri 06", "Fri 13", "Fri 20", "Fri 27"]
    assert days("0 0 12 * fri", 3) == ["Fri 06", "Thu 12", "Fri 13"]


def test_a_day_field_that_begins_with_a_star_is_an_and():
    assert days("0 0 */2 * mon", 3) == ["Mon 09", "Mon 23", "Mon 07"]


def test_seven_is_sunday_and_so_is_the_end_of_sat_sun():
    assert days("0 0 * * 7", 2) == days("0 0 * * 0", 2) == days("0 0 * * sun", 2)
    assert days("0 0 * * sat-sun", 3) == ["Sat 07", "Sun 08", "Sat 14"]


def test_a_leap_day_skips_the_years_between():
    due = next_after("0 0 29 2 *", "Europe/Berlin", datetime(2096, 3, 1, tzinfo=UTC))
    assert due == datetime(2104, 2, 28, 23, tzinfo=UTC)


def test_the_last_years_of_the_calendar_end_with_a_sentence():
    with pytest.raises(OverflowError, match="does not come 5 times before"):
        next_moments("0 0 29 2 *", "UTC", datetime(9990, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "/etc/passwd", "../UTC", "Europe", "a" * 999])
def test_an_unknown_zone_is_named(name):
    with pytest.raises(ZoneUnknown, match=r"There is no time zone “.*write one such as"):
        next_after("@daily", name, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="must be aware UTC"):
        next_after("@daily", "UTC", datetime(2026, 1, 1))
