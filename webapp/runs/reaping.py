"""Close runs whose worker is gone, and see to it that a waiting run is really waited for."""

import logging
import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, text

from webapp import clock
from webapp.browser.errors import StepInvalid
from webapp.extensions import db, reading, writing
from webapp.queues import RUN_QUEUES
from webapp.runs.models import LIVE_STATES, Run, StepResult
from webapp.runs.planning import Planned, planned_steps, taken_by
from webapp.runs.repeating import SAYS_NOTHING, repeat
from webapp.runs.requesting import job_id_of, send_to_queue
from webapp.runs.results import Interrupted, add_unplayed
from webapp.runs.states import AT_WORK, State, StepState, Trigger, move

log = logging.getLogger(__name__)

# A heartbeat comes every two seconds, and SQLite may let it wait for its turn.
LOST_AFTER = timedelta(seconds=20)
# Whoever waits longer for its turn to write is not alone: heartbeats wait as well, and a silence
# says nothing.
LONG_TURN_SECONDS = 2.0
# A scheduled run that no worker took for so long is not played any more.
MISSED_AFTER = timedelta(minutes=10)
# A run that was queued just now may be on its way to Redis.
ON_ITS_WAY = timedelta(seconds=10)
NO_WORKER = "No worker was free to play it in time."


def reap_lost(silence: timedelta = LOST_AFTER) -> int:
    """Close the runs whose heartbeat is older, and repeat each once; the number of them.

    One that cannot be closed does not hold up the others; its fault is raised after them.
    """
    reading()
    cutoff = clock.now() - silence
    silent = (
        select(Run.id)
        .where(text(LIVE_STATES), Run.state.in_(AT_WORK), Run.heartbeat_at < cutoff)
        .order_by(Run.id)
    )
    run_ids = db.session.scalars(silent).all()
    writing()
    count = 0
    faults: list[Exception] = []
    for run_id in run_ids:
        try:
            run = _take(run_id, silence)
            count += run is not None and _close(run)
            db.session.commit()
        except _LongTurn as error:
            log.warning("no lost run is closed in this round: %s", error)
            break
        except Exception as error:
            db.session.rollback()
            log.exception("the lost run %d cannot be closed, and will be tried again", run_id)
            faults.append(error)
    if faults:
        raise faults[0]
    return count


class _LongTurn(Exception):
    """Others wrote for so long that the heartbeats of living runs may be waiting behind them."""


def _take(run_id: int, silence: timedelta) -> Run | None:
    """None when it gave a sign of life, or ended, while we were on our way to it."""
    began = time.monotonic()
    run = db.session.scalar(
        select(Run)
        .where(Run.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    seconds = time.monotonic() - began
    if seconds > LONG_TURN_SECONDS:
        db.session.rollback()
        raise _LongTurn(f"the turn to write came after {seconds:.1f} s")
    if run is None or run.state not in AT_WORK or run.heartbeat_at >= clock.now() - silence:
        return None
    return run


def _close(run: Run) -> bool:
    here = _here(run)
    if run.cancel_requested_at is not None:
        words = run.error or "Cancelled."
        return _end(run, State.CANCELLED, words, here)
    place = f"during step {here.number}: {here.full_title}" if here else _place_of(run)
    words = f"The worker that played this run ended without a word {place}. {SAYS_NOTHING}"
    ended = _end(run, State.ERRORED, words, here)
    if ended:
        repeat(run)
    return ended


def _here(run: Run) -> Planned | None:
    return next((one for one in _planned(run) if one.position == run.current_ordinal), None)


def _end(run: Run, state: State, words: str, here: Planned | None) -> bool:
    results = select(StepResult.position, StepResult.ordinal).where(StepResult.run_id == run.id)
    written: dict[int, int] = {}
    for position, ordinal in db.session.execute(results):
        written[position] = max(ordinal, written.get(position, 0))
    after = max(written.values(), default=-1) + 1
    untold = [one for one in _planned(run) if one.position not in written or one == here]
    became = StepState.CANCELLED if state is State.CANCELLED else StepState.ERRORED
    lost = None if here is None else Interrupted(here, became, words)
    add_unplayed(run, untold, lost, after, written)
    return move(
        run,
        state,
        words,
        error=words,
        failed_step_number=here.number if here and state is State.ERRORED else None,
        failed_step_name=here.full_title[:300] if here and state is State.ERRORED else None,
    )


def _place_of(run: Run) -> str:
    """Where a run was that is not at a step we know."""
    if run.current_ordinal is None and run.steps_done == 0:
        return "before its first step"
    return f"after {run.steps_done} of {run.steps_total} steps"


def _planned(run: Run) -> tuple[Planned, ...]:
    """No steps where they cannot be read any more: the run is closed all the same."""
    try:
        return planned_steps(taken_by(run))
    except StepInvalid as error:
        log.error("run %d is closed without its steps, which cannot be read: %s", run.id, error)
        return ()


def tend_waiting() -> int:
    """Give up scheduled runs that waited too long; queue again what Redis does not know of.

    Queueing a run that is just being taken is harmless: playing twice plays once.
    """
    reading()
    now = clock.now()
    waiting = (
        select(Run)
        .where(text(LIVE_STATES), Run.state == State.QUEUED, Run.queued_at < now - ON_ITS_WAY)
        .order_by(Run.id)
    )
    runs = {run.id: run for run in db.session.scalars(waiting)}
    db.session.commit()  # a rollback would make each of them be read again
    writing()
    known = _known_to_redis() if runs else set()
    count = 0
    for run in runs.values():
        if run.queued_at < now - MISSED_AFTER and give_up(run):
            count += 1
            db.session.commit()
        elif job_id_of(run.id) not in known and run.state == State.QUEUED:
            send_to_queue(run)
            count += 1
            db.session.commit()
    return count


def give_up(run: Run, words: str = NO_WORKER) -> bool:
    """A queued moment that found no worker in time is missed; one that a person asked for waits."""
    if run.trigger != Trigger.SCHEDULE:
        return False
    until = run.scheduled_for
    return move(run, State.MISSED, words, missed_count=1, missed_until=until, error=words)


def _known_to_redis() -> set[str]:
    queues = current_app.extensions["queues"]
    return {job_id for name in RUN_QUEUES for job_id in queues[name].get_job_ids()}
