"""Two who write at once: on PostgreSQL each takes its rows before the turn of events."""

import threading

import pytest

from tests.factories import make_flow, make_run, project_of
from tests.runs.engine import PICTURE
from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.browser.player import Outcome
from webapp.extensions import db
from webapp.live import bus
from webapp.notifications import judge
from webapp.runs import reaping
from webapp.runs.journal import Journal
from webapp.runs.models import Run
from webapp.runs.planning import Taken
from webapp.runs.reaping import LOST_AFTER, reap_lost
from webapp.runs.states import State, move
from webapp.schedules import tick


@pytest.fixture
def beside(app):
    """Do something in a thread of its own; gives what went wrong there when the test ends."""
    threads, faults = [], []

    def start(work):
        def in_context():
            with app.app_context():
                try:
                    work()
                except Exception as error:
                    faults.append(error)

        threads.append(threading.Thread(target=in_context))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join(30)
    assert faults == []


def test_two_runs_keep_the_same_picture_at_once(alice, beside):
    steps = ({"number": 1, "action": "open", "content": "/", "enabled": False},)
    run = make_run(make_flow(alice, steps), State.RUNNING)
    journal = Journal(run, run.flow, Taken(run.version))
    journal.plan()
    opened, switched_off = journal.planned[0].node, journal.planned[1].node
    project_id, kept = project_of(alice).id, threading.Event()
    db.session.commit()

    def keep_it_too():
        keep(
            PICTURE, project_id=project_id, run_id=None, kind="screenshot",
            media_type="image/png", file_name="a.png",
        )  # fmt: skip
        db.session.flush()
        kept.set()
        threading.Event().wait(0.7)  # the other is at the row by now
        bus.record("flow.updated", project_id, {})
        db.session.commit()

    beside(keep_it_too)
    assert kept.wait(5)
    journal.ended(Outcome(0, switched_off.step, "skipped", switched_off))
    journal.ended(Outcome(1, opened.step, "passed", opened, screenshot=PICTURE))
    db.session.expire_all()
    assert db.session.get_one(Run, run.id).steps_done == 2


@pytest.mark.parametrize("other", ["clock", "judge"])
def test_a_lost_run_is_repeated_while_another_has_its_flow(alice, beside, monkeypatch, other):
    flow = make_flow(alice, cron="* * * * *")
    flow.is_active, flow.next_at = True, clock.now()
    move(make_run(flow, State.RUNNING), State.FAILED)
    make_run(flow, State.RUNNING, heartbeat_at=clock.now() - 2 * LOST_AFTER)
    db.session.commit()
    has_the_run, has_the_flow = threading.Event(), threading.Event()
    end = reaping._end

    def with_its_run(*args):
        has_the_run.set()
        has_the_flow.wait(1)  # never on SQLite, where one writes at a time
        return end(*args)

    def seen(function):
        def call(*args):
            has_the_flow.set()
            threading.Event().wait(0.4)  # the reaper has the turn of events by now
            return function(*args)

        return call

    def take_the_flow():
        has_the_run.wait(5)
        tick.play_due(clock.now()) if other == "clock" else judge.judge_changes()

    monkeypatch.setattr(reaping, "_end", with_its_run)
    monkeypatch.setattr(tick, "_live_runs", seen(tick._live_runs))
    monkeypatch.setattr(judge, "_is_overtaken", seen(judge._is_overtaken))
    beside(take_the_flow)
    assert reap_lost() == 1
