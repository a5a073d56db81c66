"""Makes the PDF of a report that was asked for, in a child process, and keeps it."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.reports.gathering import summarize
from webapp.reports.models import Report, ReportState
from webapp.reports.summary import SUMMARY, RunSummary
from webapp.runs.models import Run

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
TIME_LIMIT_SECONDS = 150
SMALLEST_PROGRESS = 0.04  # what is worth a row's update
ASK_AGAIN = "Ask for it again; the run itself is not touched."


class ReportFailed(Exception):
    """The PDF could not be made; the message is for the person who asked for it."""


def make(report_id: int) -> None:
    """Make a queued report; nothing happens when it is gone or another worker has it."""
    if not _moved(report_id, ReportState.QUEUED, state=ReportState.RUNNING, progress=0.0):
        return
    try:
        _make(report_id)
    except ReportFailed as failure:
        log.warning("report %s: %s", report_id, failure)
        _fail(report_id, f"{failure} {ASK_AGAIN}")
    except BaseException:  # also RQ's own timeout: nobody may wait for a report that never comes
        db.session.rollback()
        _fail(report_id, f"The report could not be made: something broke. {ASK_AGAIN}")
        raise


def _make(report_id: int) -> None:
    report = db.session.get_one(Report, report_id)
    run = db.session.get_one(Run, report.run_id)
    summary = summarize(run)
    db.session.commit()  # what follows takes seconds, and holds no connection
    with TemporaryDirectory(prefix="report-", dir=_workshop()) as name:
        folder = Path(name)
        _lay_out(folder, summary)
        run_child(folder, _teller(report_id))
        pdf = (folder / "report.pdf").read_bytes()
    _keep(report_id, pdf)


def _workshop() -> Path:
    folder: Path = current_app.config["LAMPLIGHTER"].var / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lay_out(folder: Path, summary: RunSummary) -> None:
    """What the child needs as files, so that it opens neither database nor store."""
    (folder / "summary.json").write_bytes(SUMMARY.dump_json(summary))
    (folder / "pictures").mkdir()
    for sha256 in summary.pictures:
        try:
            (folder / "pictures" / sha256).write_bytes(store().get(sha256))
        except ContentMissing:
            continue  # the report says so where the picture would be


def run_child(folder: Path, tell: Callable[[float], None]) -> None:
    """Run the child to its end; raises ReportFailed. Kills it when its time is over."""
    too_long = threading.Event()
    command = [sys.executable, "-P", str(CHILD), str(folder), str(os.getpid())]
    with (folder / "errors").open("w+", encoding="utf-8") as errors:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

        def stop() -> None:
            too_long.set()
            child.kill()

        timer = threading.Timer(TIME_LIMIT_SECONDS, stop)
        timer.start()
        try:
            assert child.stdout is not None  # it is a pipe
            for line in child.stdout:
                tell(float(line))
        finally:
            timer.cancel()
            child.kill()
            code = child.wait()
            if child.stdout:
                child.stdout.close()
        errors.seek(0)
        said = errors.read()
    if code != 0:
        raise ReportFailed(_why(code, said, too_long.is_set()))


def _why(code: int, said: str, too_long: bool) -> str:
    log.warning("the report's process ended with %s: %s", code, said[-2000:])
    if too_long:
        return f"The report was not ready after {TIME_LIMIT_SECONDS} seconds."
    if "MemoryError" in said or "more memory" in said:
        return "The report needs more memory than a report may take."
    if code < 0:
        return (
            f"The process that made the report was ended (signal {-code}); it may have needed"
            " more memory or time than a report may take."
        )
    return "The report could not be made: something broke."


def _teller(report_id: int) -> Callable[[float], None]:
    """Writes the progress to the row, but not each of a thousand small steps."""
    told, told_at = 0.0, 0.0

    def tell(progress: float) -> None:
        nonlocal told, told_at
        if progress - told >= SMALLEST_PROGRESS and time.monotonic() - told_at > 0.25:
            told, told_at = progress, time.monotonic()
            _moved(report_id, ReportState.RUNNING, progress=progress)

    return tell


def _keep(report_id: int, pdf: bytes) -> None:
    """Keep the file with the row that owns it, unless that was given up or deleted meanwhile."""
    held = select(Report).where(Report.id == report_id, Report.state == ReportState.RUNNING)
    report = db.session.scalars(held.with_for_update()).one_or_none()
    if report is None:
        db.session.rollback()
        return
    report.artifact = keep(
        pdf,
        project_id=report.project_id,
        run_id=report.run_id,
        kind="report",
        media_type="application/pdf",
        file_name=f"run-{report.run_id}.pdf",
    )
    report.state, report.progress, report.updated_at = ReportState.READY, 1.0, clock.now()
    db.session.commit()


def _fail(report_id: int, sentence: str) -> None:
    _moved(report_id, ReportState.RUNNING, state=ReportState.FAILED, error=sentence)


def _moved(report_id: int, only_from: ReportState, **values: Any) -> bool:
    """Change a report that is in this state, and commit; False if it is not, or is gone."""
    wanted = (
        update(Report)
        .where(Report.id == report_id, Report.state == only_from)
        .values(updated_at=clock.now(), **values)
        .returning(Report.id)
    )
    was_there = db.session.scalar(wanted) is not None
    db.session.commit()
    return was_there
