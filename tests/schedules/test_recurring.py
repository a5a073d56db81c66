"""What the clock queues again and again, and that the light worker takes it."""

import importlib

import pytest

import worker
from webapp.queues import LIGHT_QUEUES


@pytest.mark.parametrize("entry", worker.RECURRING, ids=lambda entry: entry.name)
def test_a_recurring_job_goes_to_a_queue_that_somebody_serves(entry):
    assert entry.queue in LIGHT_QUEUES


def test_lost_runs_are_closed_before_mails_are_sent():
    assert LIGHT_QUEUES[0] == "upkeep"


@pytest.mark.parametrize(
    "sweep",
    [
        "webapp.schedules.jobs.tend",
        "webapp.schedules.jobs.send_mails",
        "webapp.notifications.jobs.judge",
        "webapp.reports.upkeep.mend",
    ],
)
def test_what_a_lost_job_forgot_is_looked_for_each_minute(sweep):
    module, name = sweep.rsplit(".", 1)
    job = getattr(importlib.import_module(module), name)
    assert [entry.name for entry in worker.RECURRING if entry.job is job and entry.seconds <= 60]
