"""Streams end with their test: each test has a hub of its own."""

import pytest

from webapp.live import hub as hubs
from webapp.live import stream as streams


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    """Heartbeats at once, so that a reader that closes is noticed within a moment."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr("webapp.live.bell.LOOK_SECONDS", 0.05)


@pytest.fixture(autouse=True)
def hub(app):
    """The hub of this test; its thread has ended when the next test begins."""
    app.extensions.pop("live_hub", None)
    hub = hubs.current_hub()
    yield hub
    hub.cut_all()
    thread = hub._thread
    for listener in list(hub._listeners):
        hub.leave(listener)
    if thread is not None:
        thread.join(10)
        assert not thread.is_alive()
