"""Six processes write to one SQLite file, as workers, clock and web do: nobody meets a lock."""

import multiprocessing
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import make_flow, make_user
from webapp import create_app
from webapp.artifacts.keeping import keep
from webapp.artifacts.models import Artifact, Blob
from webapp.config import Config
from webapp.extensions import BUSY_SECONDS, db
from webapp.flows.models import Flow
from webapp.live.models import LiveEvent
from webapp.runs.models import Run, RunChange, StepResult
from webapp.runs.planning import Taken, planned_steps
from webapp.runs.requesting import request_run
from webapp.runs.results import Interrupted, add_unplayed
from webapp.runs.states import State, StepState, Trigger, move

PROCESSES = 6
# Between two writes there is a browser or a person, if only for a moment.
THOUGHT_SECONDS = 0.005
LIFE = (State.STARTING, State.RUNNING, State.PASSED)
PICTURE = b"the same picture, kept by everybody"


@dataclass
class Tally:
    """What one process believes to have written."""

    runs: int = 0
    slowest: float = 0.0
    error: str = ""


def write(environ: dict[str, str], seconds: float, answers: Any) -> None:
    """Live through whole runs, with a transaction for each thing that a worker commits."""
    app = create_app(Config.from_env(environ))
    tally = Tally()
    until = time.monotonic() + seconds
    with app.app_context():
        flow_id = db.session.scalar(select(Flow.id))
        db.session.commit()
        try:
            while time.monotonic() < until:
                for part in whole_run(flow_id):
                    began = time.monotonic()
                    part()
                    db.session.commit()
                    tally.slowest = max(tally.slowest, time.monotonic() - began)
                    time.sleep(THOUGHT_SECONDS)
                tally.runs += 1
        except Exception as error:
            tally.error = f"{type(error).__name__}: {error}"
    answers.put(tally)


def whole_run(flow_id):
    made: list[Run] = []

    def ask():
        flow = db.session.get_one(Flow, flow_id)
        made.append(request_run(flow, Trigger.MANUAL, requested_by="a test"))

    def go_on(state):
        assert move(made[0], state)

    def end_step(planned):
        facts = {"kind": "screenshot", "media_type": "image/png", "file_name": "step.png"}
        keep(PICTURE, project_id=made[0].project_id, run_id=made[0].id, **facts)
        passed = Interrupted(planned, StepState.PASSED, None)
        add_unplayed(made[0], [planned], passed, planned.position)

    yield ask
    yield lambda: go_on(State.STARTING)
    yield lambda: go_on(State.RUNNING)
    steps = planned_steps(Taken(made[0].version))
    db.session.commit()
    for planned in steps:
        yield lambda planned=planned: end_step(planned)
    yield lambda: go_on(State.PASSED)


@pytest.fixture
def environ(tmp_path: Path, redis_url: str):
    environ = {"VAR": str(tmp_path / "var"), "REDIS_URL": redis_url, "LOG_LEVEL": "ERROR"}
    app = create_app(Config.from_env(environ))
    with app.app_context():
        db.create_all()
        make_flow(make_user())
        db.session.remove()
        db.engine.dispose()
    return environ


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(
    "seconds", [6, pytest.param(60, marks=pytest.mark.slow)], ids=["briefly", "for a minute"]
)
def test_six_processes_write_to_one_file_and_nothing_is_lost(environ, seconds):
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload([__name__])  # one import of the product instead of six
    answers = start.Queue()
    writers = [
        start.Process(target=write, args=(environ, seconds, answers)) for _ in range(PROCESSES)
    ]
    for writer in writers:
        writer.start()
    tallies = [answers.get(timeout=seconds + 60) for _ in writers]
    for writer in writers:
        writer.join(10)
    assert [tally.error for tally in tallies] == [""] * PROCESSES
    assert max(tally.slowest for tally in tallies) < BUSY_SECONDS / 2
    runs = sum(tally.runs for tally in tallies)
    assert runs > PROCESSES
    app = create_app(Config.from_env(environ))
    with app.app_context():
        assert count(Run) == runs
        assert set(db.session.scalars(select(Run.state))) == {State.PASSED}
        assert set(db.session.scalars(select(Run.steps_done))) == {2}
        assert count(StepResult) == count(Artifact) == 2 * runs
        assert count(RunChange) == (len(LIFE) + 1) * runs
        events = select(func.count()).select_from(LiveEvent).where(LiveEvent.run_id.is_not(None))
        assert db.session.scalar(events) == 5 * runs
        assert count(Blob) == 1
        db.session.remove()
        db.engine.dispose()
