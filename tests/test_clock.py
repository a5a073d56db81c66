"""Instants as every program gets them."""

from datetime import UTC, datetime, timedelta, timezone

from webapp import clock
from webapp.api import answers
from webapp.live.bus import envelope

AT = datetime(2026, 11, 20, 21, 30, 15, 123_000, UTC)


def test_an_instant_has_one_wire_form():
    assert clock.wire(AT) == "2026-11-20T21:30:15.123Z"
    assert clock.wire(AT.astimezone(timezone(timedelta(hours=5)))) == clock.wire(AT)


def test_events_and_answers_write_instants_alike(monkeypatch):
    later = AT.astimezone(timezone(timedelta(hours=5)))
    assert envelope(None, "flow.updated", later, None, None, {})["timestamp"] == clock.wire(AT)
    assert answers.Instant.__metadata__[0].func is clock.wire
