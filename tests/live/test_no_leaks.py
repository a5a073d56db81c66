"""Whatever breaks on the way, a stream that did not open takes nobody's place."""

import pytest
from sqlalchemy.exc import OperationalError

from webapp.live import hub as hubs
from webapp.live import stream as streams


def database_is_down(*_args):
    raise OperationalError("SELECT", {}, Exception("the server closed the connection"))


def test_a_join_that_cannot_ask_the_database_leaves_no_listener(hub, monkeypatch):
    monkeypatch.setattr(hubs, "newest_id", database_is_down)
    with pytest.raises(OperationalError):
        hub.join(1, 1, None)
    assert not hub.counts()
    assert hub._thread is None


def test_a_stream_that_cannot_ask_the_database_leaves_the_hub(as_alice, hub, monkeypatch):
    monkeypatch.setattr(streams, "newest_id", database_is_down)
    with pytest.raises(OperationalError):
        as_alice.get("/events")
    assert not hub.counts()


def test_a_transaction_that_cannot_end_leaves_the_hub_too(as_alice, hub, monkeypatch):
    as_alice.get("/flows/")  # the session is known
    monkeypatch.setattr(streams.db.session, "commit", database_is_down)
    with pytest.raises(OperationalError):
        as_alice.get("/events")
    monkeypatch.undo()
    assert not hub.counts()


class LockWithAGap:
    """Lets something happen at the first moment at which the lock is free again."""

    def __init__(self, lock, in_the_gap):
        self.lock, self.in_the_gap = lock, in_the_gap

    def __enter__(self):
        self.lock.acquire()

    def __exit__(self, *_error):
        self.lock.release()
        in_the_gap, self.in_the_gap = self.in_the_gap, None
        if in_the_gap is not None:
            in_the_gap()


def test_who_joins_while_the_reader_gives_up_is_cut_or_served(database, hub):
    joined = []
    hub._thread = object()  # the reader that is about to give up
    hub._lock = LockWithAGap(hub._lock, lambda: joined.append(hub.join(1, 1, None)))
    hub._give_up()
    [listener] = joined
    assert listener.is_cut or hub._thread is not None
