"""Asking for a report: once is enough, and what was lost is asked for again."""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.factories import make_flow, make_run
from tests.reports.runs import make_failed_run
from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.artifacts.store import store
from webapp.extensions import db
from webapp.reports.models import Report, ReportState
from webapp.reports.requesting import (
    LOST_AFTER,
    RunNotOver,
    latest_report,
    mend_reports,
    pdf_of,
    request_report,
)
from webapp.runs.states import FINAL, LIVE, State


@pytest.fixture
def run(alice):
    return make_run(make_flow(alice), State.PASSED)


@pytest.fixture
def queue(app):
    return app.extensions["queues"]["reports"]


def ask(run):
    report = request_report(run)
    db.session.commit()
    return report


def set_back(report, state, age):
    report.state, report.updated_at = state, clock.now() - age
    db.session.commit()


def make_ready(report):
    artifact = keep(
        b"%PDF",
        project_id=report.project_id,
        run_id=report.run_id,
        kind="report",
        media_type="application/pdf",
        file_name="run.pdf",
    )
    db.session.flush()
    report.state, report.artifact_id = ReportState.READY, artifact.id
    db.session.commit()
    return artifact


def test_it_is_queued_when_the_row_is_committed(run, queue):
    report = request_report(run)
    assert queue.count == 0
    db.session.commit()
    [job] = queue.jobs
    assert job.args == (report.id,)
    assert (report.state, report.progress) == ("queued", 0.0)


@pytest.mark.parametrize("state", [ReportState.QUEUED, ReportState.RUNNING])
def test_asking_again_while_it_is_being_made_is_the_same_report(run, queue, state):
    first = ask(run)
    set_back(first, state, timedelta(seconds=20))
    assert ask(run).id == first.id
    assert queue.count == 1


def test_a_ready_report_of_a_finished_run_is_used_again(run, queue):
    first = ask(run)
    make_ready(first)
    assert ask(run).id == first.id
    assert pdf_of(first) == b"%PDF"


def test_a_report_whose_file_is_gone_is_made_anew(run):
    first = ask(run)
    artifact = make_ready(first)
    store().delete(artifact.sha256)
    assert pdf_of(first) is None
    assert ask(run).id != first.id


def test_after_a_failure_a_new_one_is_made(run):
    first = ask(run)
    set_back(first, ReportState.FAILED, timedelta())
    second = ask(run)
    assert second.id != first.id
    assert latest_report(run) is second


def test_one_whose_worker_was_lost_does_not_stand_in_the_way(run):
    first = ask(run)
    set_back(first, ReportState.RUNNING, LOST_AFTER + timedelta(seconds=1))
    assert ask(run).id != first.id


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_run_that_is_not_over_has_no_report_yet(alice, state):
    with pytest.raises(RunNotOver, match="once the run is over"):
        request_report(make_run(make_flow(alice), state))


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_run_can_be_reported_however_it_ended(alice, state):
    assert ask(make_run(make_flow(alice), state)).state == "queued"


def test_upkeep_ends_reports_whose_worker_was_lost(run):
    lost, alive = ask(run), Report(project_id=run.project_id, run_id=run.id, state="running")
    db.session.add(alive)
    set_back(lost, ReportState.RUNNING, LOST_AFTER + timedelta(seconds=1))
    mend_reports()
    db.session.expire_all()
    assert lost.state == "failed" and "was lost. Ask for it again." in lost.error
    assert alive.state == "running"


def test_upkeep_queues_again_what_redis_lost(run, queue):
    report = ask(run)
    queue.empty()
    mend_reports()
    assert queue.count == 0  # it may be on its way
    set_back(report, ReportState.QUEUED, timedelta(seconds=61))
    mend_reports()
    mend_reports()
    assert [job.args for job in queue.jobs] == [(report.id,)]


def test_upkeep_sweeps_what_killed_workers_left(app, config):
    workshop = config.var / "reports"
    workshop.mkdir(exist_ok=True)
    old, new = workshop / "report-old", workshop / "report-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "summary.json").write_text("{}")
    long_ago = time.time() - LOST_AFTER.total_seconds() - 1
    os.utime(old, (long_ago, long_ago))
    mend_reports()
    assert not old.exists() and new.exists()
    shutil.rmtree(new)


def test_upkeep_goes_on_when_a_worker_removes_its_folder_meanwhile(app, config, monkeypatch):
    workshop = config.var / "reports"
    workshop.mkdir(exist_ok=True)
    old = workshop / "report-old"
    old.mkdir()
    long_ago = time.time() - LOST_AFTER.total_seconds() - 1
    os.utime(old, (long_ago, long_ago))
    listed = [workshop / "report-gone", old]
    monkeypatch.setattr(Path, "glob", lambda _folder, _pattern: iter(listed))
    mend_reports()
    assert not old.exists()


def test_deleting_the_run_deletes_its_reports(alice):
    run = make_failed_run(alice)
    ask(run)
    db.session.delete(run)
    db.session.commit()
    assert db.session.scalar(select(func.count(Report.id))) == 0
