from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp import clock, wording

NOW = datetime(2026, 11, 20, 13, 5, 3, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_moment_is_said_in_the_readers_zone():
    assert wording.moment(NOW, BERLIN) == "20 Nov 2026, 14:05:03 CET"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "today 14:05"),
        (-15, "yesterday 23:05"),
        (12, "tomorrow 02:05"),
        (24 * 7, "Fri 27 Nov 14:05"),
        (24 * 200, "8 Jun 2027 15:05"),
    ],
)
def test_near_days_have_names(hours, words):
    assert wording.short_moment(NOW + timedelta(hours=hours), BERLIN) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "just now"),
        (3, "in a moment"),
        (-45, "45 seconds ago"),
        (-60, "1 minute ago"),
        (600, "in 10 minutes"),
        (-86_400, "yesterday"),
        (86_400, "tomorrow"),
        (-86_400 * 3, "3 days ago"),
        (86_400 * 400, "in 1 year"),
    ],
)
def test_distances_in_time(seconds, words):
    assert wording.ago(NOW + timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0 ms"),
        (999, "999 ms"),
        (1240, "1.24 s"),
        (59_990, "60.0 s"),
        (59_996, "1 min 00 s"),
        (125_000, "2 min 05 s"),
        (3_720_000, "1 h 02 min"),
    ],
)
def test_durations(milliseconds, words):
    assert wording.span(milliseconds) == words


def test_counts():
    assert [wording.counted(n, "run") for n in (0, 1, 1204)] == ["0 runs", "1 run", "1,204 runs"]
    assert wording.counted(2, "entry", "entries") == "2 entries"
