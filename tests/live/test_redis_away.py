"""A Redis of its own, which the tests stop and start in the middle of a stream."""

import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.factories import make_user, project_of, sign_in
from tests.live.streams import Reader
from tests.servers import redis_binary
from webapp import create_app
from webapp.config import Config
from webapp.extensions import db
from webapp.live import bus
from webapp.live.cursors import cursor_now


class StoppableRedis:
    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        command = [redis_binary(self.socket.parent), "--port", "0", "--save", ""]
        command += ["--unixsocket", str(self.socket)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=self.socket.parent)
        with Redis.from_url(self.url) as redis:
            for _ in range(200):
                try:
                    redis.ping()
                    return
                except RedisError:
                    time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def redis():
    with tempfile.TemporaryDirectory(prefix="lamp-redis-") as folder:
        server = StoppableRedis(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def app(redis, tmp_path, config):
    """The database of all tests, but another Redis."""
    environ = {"VAR": str(tmp_path), "REDIS_URL": redis.url, "RATELIMIT_ENABLED": "no"}
    environ["DATABASE_URL"] = config.database_url
    app = create_app(Config.from_env(environ), TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        db.create_all()
        yield app
        db.session.rollback()
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def alice(app):
    return make_user("alice")


@pytest.fixture
def as_alice(app, alice):
    client = app.test_client()
    sign_in(client, alice)
    return client


@pytest.fixture(autouse=True)
def context():
    """This file's app has a context of its own."""


def record(project_id, number):
    bus.record("flow.updated", project_id, {"number": number})
    db.session.commit()


def numbers_until(reader, last):
    """The numbers of the events as they came, and the other events in between."""
    numbers, others = [], []
    while not numbers or numbers[-1] != last:
        frame = reader.next(15)
        if frame.event == "flow.updated":
            numbers.append(frame.envelope["data"]["number"])
        else:
            others.append(frame.event)
    return numbers, others


def test_no_event_is_lost_or_doubled_while_redis_is_away(as_alice, alice, redis):
    project_id = project_of(alice).id
    with Reader(as_alice, f"/events?after={cursor_now()}") as reader:
        record(project_id, 0)
        record(project_id, 1)
        assert numbers_until(reader, 1) == ([0, 1], [])
        redis.stop()
        for number in range(2, 6):
            record(project_id, number)
        numbers, others = numbers_until(reader, 5)
        assert numbers == [2, 3, 4, 5]
        assert others == ["live.late"]
        redis.start()
        assert reader.next(15).event == "live.prompt"
        record(project_id, 6)
        assert numbers_until(reader, 6) == ([6], [])


def test_a_stream_that_opens_while_redis_is_away_says_so(as_alice, alice, redis):
    redis.stop()
    with Reader(as_alice, f"/events?after={cursor_now()}") as reader:
        assert reader.next(15).event == "live.late"
        with Reader(as_alice, f"/events?after={cursor_now()}") as second:
            assert second.next(15).event == "live.late"
        record(project_of(alice).id, 0)
        assert numbers_until(reader, 0) == ([0], [])


def test_a_commit_does_not_wait_for_a_redis_that_is_away(as_alice, alice, redis):
    redis.stop()
    project_id = project_of(alice).id
    began = time.monotonic()
    record(project_id, 0)
    assert time.monotonic() - began < 2
