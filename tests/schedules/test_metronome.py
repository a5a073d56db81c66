"""The clock process: one acts, others stand by, and it outlives Redis and the database."""

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisGone
from sqlalchemy.exc import OperationalError

from tests.factories import make_flow
from webapp import clock
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.schedules import metronome
from webapp.schedules.jobs import collect, forget, tend
from webapp.schedules.metronome import SIGN_OF_LIFE, Entry, Metronome

TEND = Entry("tend-runs", tend, 5, "upkeep")


@pytest.fixture
def redis(app, config):
    with Redis.from_url(config.redis_url) as connection:
        yield connection


@pytest.fixture
def make_clock(app, redis):
    def make(*entries):
        return Metronome(app, redis, entries)

    return make


@pytest.fixture
def due_flow(alice):
    flow = make_flow(alice, cron="* * * * *")
    flow.is_active = True
    flow.next_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    return flow


def count_runs():
    count = db.session.query(Run).count()
    db.session.commit()
    return count


def test_a_turn_plays_what_is_due_and_leaves_a_sign_of_life(make_clock, due_flow, redis):
    make_clock().turn()
    assert count_runs() == 1
    assert redis.get(SIGN_OF_LIFE).decode().endswith("+00:00")


def test_one_clock_acts_and_the_other_stands_by(make_clock, due_flow):
    first, second = make_clock(), make_clock()
    first.turn()
    db.session.query(Flow).update({"next_at": clock.now() - timedelta(seconds=1)})
    db.session.query(Run).delete()
    db.session.commit()
    second.turn()
    assert count_runs() == 0


def test_the_other_takes_over_when_the_first_has_left(make_clock, due_flow):
    first, second = make_clock(), make_clock()
    assert first.acquire_lock()
    assert not second.acquire_lock()
    first.remove_lock()
    second.turn()
    assert count_runs() == 1


def test_a_clock_keeps_its_lock_and_never_removes_another_ones(make_clock):
    first, second = make_clock(), make_clock()
    assert first.acquire_lock()
    assert first.acquire_lock()
    second.remove_lock()
    assert not second.acquire_lock()


def test_the_lock_of_a_clock_that_was_killed_runs_out(make_clock, redis):
    assert make_clock().acquire_lock()
    assert 0 < redis.ttl(Metronome.scheduler_lock_key) <= 3


def test_an_entry_is_queued_at_once_and_again_after_its_time(make_clock, app, redis):
    one = make_clock(TEND)
    one.turn()
    queue = app.extensions["queues"]["upkeep"]
    assert queue.get_job_ids() == ["every-tend-runs"]
    again = redis.zscore(Metronome.scheduled_jobs_key, "every-tend-runs")
    assert 3 < again - time.time() <= 5.1


def test_an_entry_does_not_pile_up_when_no_worker_takes_it(make_clock, app, redis):
    one = make_clock(TEND)
    for _ in range(3):
        one.turn()
        redis.zadd(Metronome.scheduled_jobs_key, {"every-tend-runs": time.time() - 1})
    assert app.extensions["queues"]["upkeep"].count == 1


def test_an_entry_that_vanished_is_put_back(make_clock, redis):
    one = make_clock(TEND)
    one.assert_entries()
    redis.flushdb()
    one.assert_entries()
    assert "every-tend-runs" in one


def test_an_entry_whose_job_vanished_is_put_back(make_clock, redis):
    one = make_clock(TEND)
    one.assert_entries()
    redis.delete("rq:job:every-tend-runs")
    one.assert_entries()
    assert [job.id for job in one.get_jobs()] == ["every-tend-runs"]


def test_an_entry_that_is_as_defined_is_left_alone(make_clock, redis):
    one = make_clock(TEND)
    one.assert_entries()
    redis.zadd(Metronome.scheduled_jobs_key, {"every-tend-runs": 4_000_000_000})
    one.assert_entries()
    assert redis.zscore(Metronome.scheduled_jobs_key, "every-tend-runs") == 4_000_000_000


def test_an_entry_that_was_redefined_is_replaced(make_clock):
    make_clock(TEND).assert_entries()
    one = make_clock(Entry("tend-runs", tend, 7, "notify"))
    one.assert_entries()
    [job] = one.get_jobs()
    assert (job.meta["interval"], job.origin) == (7, "notify")


def test_an_entry_that_is_not_defined_any_more_is_removed(make_clock):
    make_clock(TEND, Entry("forget", forget, 60, "upkeep")).assert_entries()
    one = make_clock(Entry("collect", collect, 60, "upkeep"))
    one.assert_entries()
    assert [job.id for job in one.get_jobs()] == ["every-collect"]


class Away:
    """A Redis connection that can be cut."""

    def __init__(self, redis):
        self.redis = redis
        self.is_away = True

    def __getattr__(self, name):
        if self.is_away:
            raise RedisGone("nobody listens")
        return getattr(self.redis, name)


def test_without_redis_it_goes_on_making_rows_and_says_so_once(app, redis, due_flow, caplog):
    one = Metronome(app, Away(redis), [TEND])
    one.turn()
    one.turn()
    assert count_runs() == 1
    assert caplog.text.count("Redis does not answer") == 1


def test_its_entries_are_back_as_soon_as_redis_is(app, redis, due_flow):
    line = Away(redis)
    line.is_away = False
    one = Metronome(app, line, [TEND])
    one.turn()
    line.is_away = True
    one.turn()
    redis.flushdb()
    line.is_away = False
    one.turn()
    assert "every-tend-runs" in one


def test_it_waits_for_a_database_that_is_gone(make_clock, due_flow, monkeypatch, caplog):
    one = make_clock()
    play_due = metronome.play_due

    def gone(now, is_over):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(metronome, "play_due", gone)
    one.turn()
    one.turn()
    assert caplog.text.count("The database does not answer") == 1
    monkeypatch.setattr(metronome, "play_due", play_due)
    one.turn()
    assert count_runs() == 1
    assert "The database answers again" in caplog.text


def test_a_fault_of_ours_stops_neither_the_clock_nor_upkeep_and_is_told_once(
    make_clock, due_flow, redis, monkeypatch, caplog
):
    one = make_clock(TEND)
    play_due = metronome.play_due

    def breaks(now, is_over):
        raise KeyError("surprise")

    monkeypatch.setattr(metronome, "play_due", breaks)
    one.turn()
    one.turn()
    assert caplog.text.count("KeyError: 'surprise'") == 1
    assert "Traceback" in caplog.text
    assert "every-tend-runs" in one
    assert redis.get(SIGN_OF_LIFE) is None  # no schedule is kept, and the doctor shall see it
    monkeypatch.setattr(metronome, "play_due", play_due)
    one.turn()
    assert count_runs() == 1
    assert "go well again" in caplog.text
    assert redis.get(SIGN_OF_LIFE)


def test_it_ends_within_two_seconds_of_sigterm_and_gives_back_the_lock(make_clock, redis):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    ended: list[float] = []

    def end_it():
        while signal.getsignal(signal.SIGTERM) == before[0]:
            time.sleep(0.05)  # without its handler, the signal would end the tests
        time.sleep(0.3)
        ended.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_it, daemon=True).start()
    make_clock().run()
    assert time.monotonic() - ended[0] < 2
    assert redis.get(Metronome.scheduler_lock_key) is None
    signal.signal(signal.SIGTERM, before[0])
    signal.signal(signal.SIGINT, before[1])
