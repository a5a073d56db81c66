"""One word ends a run, and every wait hears it."""

import threading
import time

import pytest

from webapp.browser.errors import RunStopped
from webapp.browser.stopping import Patience, Stop


def test_the_first_reason_counts() -> None:
    stop = Stop()
    assert (stop.request("cancelled"), stop.request("timed_out")) == (True, False)
    assert stop.reason == "cancelled"


def test_a_wait_ends_when_the_run_does() -> None:
    stop = Stop()
    threading.Timer(0.1, stop.request, ("cancelled",)).start()
    started = time.monotonic()
    with pytest.raises(RunStopped, match="cancelled"):
        stop.wait(30)
    assert time.monotonic() - started < 5


def test_nothing_that_catches_exceptions_catches_a_stop() -> None:
    assert not issubclass(RunStopped, Exception)


def test_a_step_has_no_more_time_than_its_run() -> None:
    patience = Patience(30, Stop(), run_ends=time.monotonic() + 0.05)
    assert patience.left <= 0.05
    with pytest.raises(RunStopped, match="timed_out"):
        patience.sleep(5)


def test_a_purposeful_wait_may_be_longer_than_the_steps_time() -> None:
    started = time.monotonic()
    Patience(0.01, Stop()).sleep(0.1)
    assert time.monotonic() - started >= 0.1
