"""Workers, clocks and Redis that are killed: no run is lost, none is played twice."""

import signal
import subprocess
import time
from datetime import timedelta

import pytest
from redis import Redis
from rq import Queue

from tests.factories import make_flow, make_run
from tests.faults.conftest import PAGE, TITLE
from tests.faults.stage import fresh, horses_of, wait_for, wait_until_at, wait_until_over
from tests.servers import redis_server
from webapp import clock
from webapp.browser import guard
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.runs.models import Run
from webapp.runs.reaping import reap_lost
from webapp.runs.states import State, Trigger
from webapp.schedules.metronome import SIGN_OF_LIFE

pytestmark = pytest.mark.browser


def runs_of(flow):
    db.session.rollback()
    runs = db.session.query(Run).filter_by(flow_id=flow.id).order_by(Run.id).all()
    db.session.commit()
    return runs


def test_a_killed_worker_takes_its_horse_and_its_browser_along(stage, long_flow, remains):
    worker = stage.start()
    run = make_run(long_flow)
    wait_until_at(run.id, 2)
    remains.look()
    [horse] = horses_of(worker)
    stage.end(worker, signal.SIGKILL)
    wait_for("end of the work horse", lambda: not guard.started(horse), 2)
    remains.assert_none()
    wait_for("silence of the run", lambda: reap_lost(timedelta(seconds=3)), 8)
    assert fresh(run.id).state == State.ERRORED
    _, again = runs_of(long_flow)
    stage.start()
    wait_until_at(again.id, 2)
    remains.look()


def test_sigterm_lets_the_present_run_end(stage, alice, site, remains):
    worker = stage.start()
    pause = {"number": 2, "action": "wait", "content": "2"}
    run = make_run(make_flow(alice, (TITLE, pause), url=site.url + PAGE))
    wait_until_at(run.id, 2)
    remains.look()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(40) == 0
    assert fresh(run.id).state == State.PASSED
    remains.assert_none()


def test_a_killed_clock_is_followed_by_another_and_no_moment_is_played_twice(
    app, stage, short_flow, long_flow
):
    redis = app.extensions["redis"]
    make_due(long_flow)
    first = stage.start("--clock")
    wait_for("run of the first clock", lambda: runs_of(long_flow), 40)
    stage.end(first, signal.SIGKILL)
    redis.delete(SIGN_OF_LIFE)
    make_due(short_flow)
    second = stage.start("--clock")
    wait_for("sign of life of the second clock", lambda: redis.get(SIGN_OF_LIFE), 40)
    wait_for("run of the second clock", lambda: runs_of(short_flow), 20)
    [one], [other] = runs_of(long_flow), runs_of(short_flow)
    assert {one.trigger, other.trigger} == {Trigger.SCHEDULE}
    began = time.monotonic()
    stage.end(second, signal.SIGTERM)
    assert time.monotonic() - began < 5  # ending a process takes its time on a busy machine
    assert second.returncode == 0
    assert redis.get("rq:scheduler_lock") is None


def make_due(flow):
    db.session.query(Flow).filter_by(id=flow.id).update(
        {"is_active": True, "next_at": clock.now() - timedelta(seconds=1)}
    )
    db.session.commit()


def test_a_redis_that_dies_in_the_middle_costs_no_run(stage, short_flow, tmp_path, remains):
    with redis_server(tmp_path) as url:
        worker = stage.start(REDIS_URL=url)
        run = make_run(short_flow)
        with Redis.from_url(url) as redis:
            Queue("urgent", connection=redis).enqueue("webapp.runs.jobs.play", run.id)
            wait_for("browser", remains.look, 40)
            pid = redis.info()["process_id"]
        subprocess.run(["kill", "-KILL", str(pid)], check=True)
        run = wait_until_over(run.id)
        assert (run.state, run.error) == (State.PASSED, None)
        remains.assert_none()
        stage.end(worker)
