"""Play one run, from queued to its end, and leave nothing of it behind but the truth."""

import logging
import os
import socket
import time
from dataclasses import replace
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.browser.driver import BrowserSettings, open_browser
from webapp.browser.errors import BrowserLost, RunStopped, StepInvalid, StopReason
from webapp.browser.player import Began, Plan
from webapp.browser.player import play as play_steps
from webapp.browser.stopping import Stop
from webapp.config import Config
from webapp.egress import EgressRefused
from webapp.extensions import db
from webapp.runs.files import files_of, laid_out
from webapp.runs.journal import Ending, Journal, Overtaken
from webapp.runs.models import Run
from webapp.runs.planning import opened_parts, take
from webapp.runs.repeating import SAYS_NOTHING
from webapp.runs.states import State, StepState, look_again, move
from webapp.runs.watchdog import Watchdog
from webapp.vault import SecretLost

log = logging.getLogger(__name__)


def play(run_id: int) -> None:
    """Play a queued run to its end. Nothing happens when it is gone, over, or somebody else's."""
    journal = _begun(run_id)
    if journal is None:
        db.session.rollback()
        return
    stop = Stop()
    seconds = float(journal.taken.version.body["run_timeout_seconds"])
    watchdog = Watchdog(_app(), run_id, stop, seconds, _config().var / "browsers")
    watchdog.start()
    try:
        journal.close(_ending(journal, stop, watchdog))
    except Overtaken:
        log.info("run %d is gone or was closed by somebody else; its worker lets go", run_id)
    finally:
        watchdog.close()
        db.session.rollback()


def _begun(run_id: int) -> Journal | None:
    """The run, taken for this worker. Commits.

    All that is read later is read now: a query would open a transaction, and on SQLite that
    takes the writers' turn for as long as the browser is slow. So the versions of the flows that
    it shares are those of this one moment.
    """
    run = db.session.get(Run, run_id)
    if run is None or run.state != State.QUEUED:
        return None
    taken = take(run.version)
    if not move(run, State.STARTING, taken.words, worker=worker_name()):
        return None
    journal = Journal(run, run.flow, taken)
    journal.files = files_of(taken)
    db.session.commit()
    return journal


def _ending(journal: Journal, stop: Stop, watchdog: Watchdog) -> Ending:
    """Play, and say how it ended, whatever happens. The browser is gone when this returns."""
    try:
        _perform(journal, stop, watchdog)
    except RunStopped as stopped:
        return _stopped(journal, stopped.reason)
    except (BrowserLost, EgressRefused, SecretLost) as error:
        words = str(error)
    except Overtaken:
        raise
    except StepInvalid as error:
        words = f"The steps of this run cannot be read: {error}. Save the flow anew in its editor."
    except SQLAlchemyError as error:  # its text holds the statement, and the values in it
        log.exception("run %d could not be written down", journal.run_id)
        words = f"A fault of Lamplighter: its database did not do its work ({_kind(error)})."
    except Exception as error:
        log.exception("run %d met a fault of ours", journal.run_id)
        words = f"A fault of Lamplighter: {_kind(error)}: {error}"
    else:
        return journal.ending()
    db.session.rollback()
    if stop.reason is not None:  # the browser was ended under it: what it says is no news
        return _stopped(journal, stop.reason)
    if journal.broke is not None:  # the step has told it already
        return journal.ending()
    return _blame(journal, State.ERRORED, words)


def _perform(journal: Journal, stop: Stop, watchdog: Watchdog) -> None:
    run = journal.run
    journal.plan()
    plan = _plan(journal, watchdog.ends)
    settings = BrowserSettings.from_config(_config(), journal.taken.version.body["browser"])
    with laid_out(journal.files, _config().var) as files, open_browser(settings) as browser:
        watchdog.browser = browser
        if not move(
            run, State.RUNNING, browser_name=browser.name, browser_version=browser.version,
            current_ordinal=0, steps_total=len(journal.planned),
        ):  # fmt: skip
            db.session.rollback()
            raise Overtaken
        db.session.commit()
        for event in play_steps(replace(plan, files=files), browser.page, stop):
            if isinstance(event, Began):
                journal.begins(event)
                continue
            if StepState(event.state) is StepState.ERRORED:
                stop.check()  # the watchdog has ended the browser under this step
            journal.ended(event)


def _stopped(journal: Journal, reason: StopReason) -> Ending:
    run, here = journal.run, journal.current
    place = f"during step {here.number}: {here.full_title}" if here else "between two steps"
    if reason == "worker_stopped":
        words = f"The worker that played this run was told to stop {place}. {SAYS_NOTHING}"
        return replace(_blame(journal, State.ERRORED, words), is_repeated=True)
    if reason == "timed_out":
        seconds = journal.taken.version.body["run_timeout_seconds"]
        place = place if here else "before a step could begin"
        words = f"The time of this run, {seconds:g} s, was over {place}."
        return _blame(journal, State.TIMED_OUT, words)
    asked = look_again(run) and run.cancel_requested_at is not None
    words = run.error if asked and run.error else "Cancelled."
    db.session.rollback()
    return Ending(State.CANCELLED, words)


def _blame(journal: Journal, state: State, words: str) -> Ending:
    here = journal.current
    if here is None:
        return Ending(state, words)
    return Ending(state, words, here.number, here.full_title)


def _plan(journal: Journal, ends: float) -> Plan:
    config, body = _config(), journal.taken.version.body
    steps, shared = opened_parts(journal.taken)
    url = str(body["url"])
    return Plan(
        url=url,
        steps=steps,
        shared=shared,
        step_timeout_seconds=body["step_timeout_seconds"],
        run_deadline=clock.now() + timedelta(seconds=ends - time.monotonic()),
        # The demo shop is ours, so it is allowed where private networks are not.
        allow_private=config.allow_private_networks or url.startswith(config.demo_url + "/"),
        own_addresses=config.own_addresses,
        allow_scripts=config.allow_scripts,
    )


def _kind(error: Exception) -> str:
    return type(error).__name__


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _config() -> Config:
    config: Config = current_app.config["LAMPLIGHTER"]
    return config


def worker_name() -> str:
    """The worker that this process plays for; RQ tells its work horses."""
    return os.environ.get("RQ_WORKER_ID", f"{socket.gethostname()}-{os.getpid()}")
