"""Ask for the report of a run, and look after those that were asked for."""

import shutil
import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, text, update

from webapp import clock
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.queues import enqueue, send_now
from webapp.reports.jobs import QUEUE, TIMEOUT_SECONDS, make_report
from webapp.reports.models import UNFINISHED, Report, ReportState
from webapp.runs.models import Run
from webapp.runs.states import LIVE, State

UNDER_WAY = (ReportState.QUEUED, ReportState.RUNNING)
LOST_AFTER = timedelta(seconds=TIMEOUT_SECONDS + 60)
FORGOTTEN_AFTER = timedelta(seconds=60)


class RunNotOver(Exception):
    """A report says how a run ended; this one has not."""


def latest_report(run: Run) -> Report | None:
    newest = select(Report).where(Report.run_id == run.id).order_by(Report.id.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def request_report(run: Run) -> Report:
    """The report of a run that is over: the one there is or is being made, or else a new one.

    The caller commits, and so sends the job. Raises RunNotOver.
    """
    if State(run.state) in LIVE:
        raise RunNotOver("A report can be made once the run is over.")
    # One after the other, so that two clicks make one report.
    db.session.execute(select(Run.id).where(Run.id == run.id).with_for_update())
    there = latest_report(run)
    if there and _still_good(there):
        return there
    report = Report(project_id=run.project_id, run_id=run.id)
    db.session.add(report)
    db.session.flush()  # its id
    enqueue(make_report, report.id, queue=QUEUE, timeout_seconds=TIMEOUT_SECONDS)
    return report


def _still_good(report: Report) -> bool:
    if report.state in UNDER_WAY:
        return clock.now() - report.updated_at < LOST_AFTER
    return report.state == ReportState.READY and pdf_of(report) is not None


def pdf_of(report: Report) -> bytes | None:
    """The file of a ready report; None when it is not kept any more."""
    if report.artifact is None:
        return None
    try:
        return store().get(report.artifact.sha256)
    except ContentMissing:
        return None


def mend_reports() -> None:
    """For upkeep: end what a lost worker left behind, queue again what Redis lost."""
    lost = (
        update(Report)
        .where(
            text(UNFINISHED),
            Report.state == ReportState.RUNNING,
            Report.updated_at < clock.now() - LOST_AFTER,
        )
        .values(
            state=ReportState.FAILED,
            error="The worker that made the report was lost. Ask for it again.",
            updated_at=clock.now(),
        )
    )
    db.session.execute(lost)
    db.session.commit()
    _queue_again()
    _sweep()


def _queue_again() -> None:
    """Only while the queue is empty: otherwise its worker is behind, and gets there."""
    if current_app.extensions["queues"][QUEUE].count:
        return
    forgotten = (
        select(Report.id)
        .where(
            text(UNFINISHED),
            Report.state == ReportState.QUEUED,
            Report.updated_at < clock.now() - FORGOTTEN_AFTER,
        )
        .order_by(Report.updated_at, Report.id)
        .limit(100)
    )
    ids = db.session.scalars(forgotten).all()
    db.session.commit()
    for report_id in ids:
        send_now(make_report, report_id, queue=QUEUE, timeout_seconds=TIMEOUT_SECONDS)


def _sweep() -> None:
    """Remove what killed workers left in the folder in which reports are made."""
    workshop = current_app.config["LAMPLIGHTER"].var / "reports"
    for folder in workshop.glob("report-*"):
        try:
            age = time.time() - folder.stat().st_mtime
        except FileNotFoundError:
            continue  # its worker has finished meanwhile
        if age > LOST_AFTER.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
