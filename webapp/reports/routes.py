"""The report of a run: ask for it, watch it being made, fetch it."""

import re

from flask import Blueprint, Response, abort, redirect, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Answer

from webapp.accounts.access import load
from webapp.extensions import db
from webapp.pages import render, wants_fragment
from webapp.reports.models import ReportState
from webapp.reports.requesting import RunNotOver, latest_report, pdf_of, request_report
from webapp.runs.log import is_live
from webapp.runs.models import Run

bp = Blueprint("reports", __name__, url_prefix="/runs")


@bp.get("/<int:run_id>/report")
@login_required
def show(run_id: int) -> Response:
    return _widget(load(Run, run_id))


@bp.post("/<int:run_id>/report")
@login_required
def create(run_id: int) -> Answer:
    run = load(Run, run_id)
    try:
        request_report(run)
    except RunNotOver:
        return _widget(run, status=409)
    db.session.commit()
    if wants_fragment():
        return _widget(run)
    return redirect(url_for("reports.show", run_id=run_id), code=303)


@bp.get("/<int:run_id>/report.pdf")
@login_required
def pdf(run_id: int) -> Response:
    run = load(Run, run_id)
    report = latest_report(run)
    content = pdf_of(report) if report else None
    if content is None:
        abort(404, "There is no report of this run, or not any more. Ask for one on its page.")
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=file_name(run))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def file_name(run: Run) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", run.flow.name.lower()).strip("-")[:60]
    return f"{words or 'flow'}-run-{run.id}.pdf"


def _widget(run: Run, status: int = 200) -> Response:
    report = latest_report(run)
    under_way = report is not None and report.state in {ReportState.QUEUED, ReportState.RUNNING}
    return render(
        "reports/show.html",
        fragment="report",
        status=status,
        run=run,
        report=report,
        under_way=under_way,
        is_live=is_live(run),
    )
