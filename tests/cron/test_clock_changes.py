"""What a schedule does on the two days of a year when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from webapp.cron import next_after, next_moments

# zone, local day of the spring change, local day of the autumn change
CHANGES = [
    ("Europe/Berlin", (2026, 3, 29), (2026, 10, 25)),
    ("America/New_York", (2026, 3, 8), (2026, 11, 1)),
    ("Australia/Lord_Howe", (2026, 10, 4), (2026, 4, 5)),
]
ZONES = [zone for zone, _, _ in CHANGES]
HALF_HOUR = timedelta(minutes=30)


def start_of(zone, day):
    return datetime(*day, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(seconds=1)


def shown(zone, moments):
    return [moment.astimezone(ZoneInfo(zone)).strftime("%d %H:%M %z") for moment in moments]


def of_the_day(expression, zone, day):
    """Everything that comes due on a local day, as the clock on the wall shows it."""
    moments = next_moments(expression, zone, start_of(zone, day), count=60)
    return shown(zone, [at for at in moments if at.astimezone(ZoneInfo(zone)).date() == date(*day)])


@pytest.mark.parametrize("change", [0, 1], ids=["spring", "autumn"])
@pytest.mark.parametrize(("zone", "spring", "autumn"), CHANGES, ids=ZONES)
def test_every_half_hour_goes_on_every_thirty_elapsed_minutes(zone, spring, autumn, change):
    moments = next_moments("*/30 * * * *", zone, start_of(zone, (spring, autumn)[change]), 100)
    assert {after - before for before, after in pairwise(moments)} == {HALF_HOUR}


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("Europe/Berlin", (2026, 3, 29), "29 03:00 +0200"),
        ("America/New_York", (2026, 3, 8), "08 03:00 -0400"),
        ("Australia/Lord_Howe", (2026, 10, 4), "04 02:30 +1100"),
    ],
)
def test_a_fixed_time_in_the_gap_runs_once_at_the_next_valid_moment(zone, day, due):
    assert of_the_day("10,20 2 * * *", zone, day) == [due]


@pytest.mark.parametrize(
    ("zone", "day", "expression", "due"),
    [
        ("Europe/Berlin", (2026, 10, 25), "30 2 * * *", "25 02:30 +0200"),
        ("America/New_York", (2026, 11, 1), "30 1 * * *", "01 01:30 -0400"),
        ("Australia/Lord_Howe", (2026, 4, 5), "45 1 * * *", "05 01:45 +1100"),
    ],
)
def test_a_fixed_time_that_comes_twice_runs_the_first_time_only(zone, day, expression, due):
    assert of_the_day(expression, zone, day) == [due]


def test_asked_between_the_two_a_fixed_time_waits_for_the_next_day():
    second_half_past_two = datetime(2026, 10, 25, 1, 20, tzinfo=UTC)
    due = next_after("30 2 * * *", "Europe/Berlin", second_half_past_two)
    assert due == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_stepped_hour_plays_both_times_the_clock_shows_it():
    assert of_the_day("0 */2 * * *", "Europe/Berlin", (2026, 10, 25))[:4] == [
        "25 00:00 +0200",
        "25 02:00 +0200",
        "25 02:00 +0100",
        "25 04:00 +0100",
    ]


def test_every_hour_is_every_elapsed_hour_in_spring_too():
    assert of_the_day("15 * * * *", "America/New_York", (2026, 3, 8))[:3] == [
        "08 00:15 -0500",
        "08 01:15 -0500",
        "08 03:15 -0400",
    ]


def test_hours_by_range_are_fixed_and_meet_at_the_end_of_the_gap():
    assert of_the_day("0 1-3 * * *", "Europe/Berlin", (2026, 3, 29)) == [
        "29 01:00 +0100",
        "29 03:00 +0200",
    ]


def test_all_hours_by_number_are_the_same_as_a_star():
    day = start_of("Europe/Berlin", (2026, 10, 25))
    assert next_moments("7 0-23 * * *", "Europe/Berlin", day, 30) == next_moments(
        "7 * * * *", "Europe/Berlin", day, 30
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Tokyo"])
def test_a_zone_without_changes_has_a_day_every_24_hours(zone):
    moments = next_moments("30 2 * * *", zone, datetime(2026, 1, 1, tzinfo=UTC), 366)
    assert {after - before for before, after in pairwise(moments)} == {timedelta(days=1)}


def test_a_gap_at_midnight_moves_to_one_o_clock():
    # Beirut's clocks go from Saturday 23:59:59 to Sunday 01:00.
    assert of_the_day("30 0 * * *", "Asia/Beirut", (2026, 3, 29)) == ["29 01:00 +0300"]


def test_a_day_that_a_zone_left_out_counts_at_its_end():
    # Samoa went from 29 to 31 December 2011.
    moments = next_moments("0 12 * * *", "Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC), 3)
    assert shown("Pacific/Apia", moments) == ["29 12:00 -1000", "31 00:00 +1400", "31 12:00 +1400"]
