"""PDF reports over the API: ask for one, see how far it is, fetch it."""

from flask import Response, url_for

from webapp.accounts.access import load
from webapp.api.answers import ReportAnswer, answer
from webapp.api.artifacts import file_answer
from webapp.api.blueprint import bp
from webapp.api.bodies import Nothing
from webapp.api.operations import describe
from webapp.api.payload import read
from webapp.api.problems import Problem, conflict
from webapp.api.run_answers import report_answer
from webapp.extensions import db
from webapp.reports.models import Report, ReportState
from webapp.reports.requesting import RunNotOver, latest_report, request_report
from webapp.runs.models import Run


@bp.post("/runs/<int:run_id>/report")
@describe(
    tag="Reports",
    body=Nothing,
    body_optional=True,
    answers={202: ReportAnswer},
    problems=(409,),
)
def make_report(run_id: int) -> Response:
    """Have the report of a run made. Once the run is over; Location says where to follow it.

    A report that is being made, or there already, is not made twice.
    """
    run = load(Run, run_id)
    read(Nothing, empty=True)
    try:
        report = request_report(run)
    except RunNotOver as error:
        raise conflict(
            "run-not-over", "The run is not over yet", str(error), state=run.state
        ) from (error)
    db.session.commit()
    location = url_for("api.report", run_id=run_id)
    return answer(report_answer(report), 202, location=location)


@bp.get("/runs/<int:run_id>/report")
@describe(tag="Reports", answers={200: ReportAnswer})
def report(run_id: int) -> Response:
    """See how far the report of a run is. `progress` goes from 0 to 1."""
    return answer(report_answer(_asked_for(run_id)))


@bp.get("/runs/<int:run_id>/report.pdf")
@describe(
    tag="Reports",
    answers={200: {"type": "string", "format": "binary"}},
    media_types=("application/pdf",),
    problems=(409, 410),
)
def report_pdf(run_id: int) -> Response:
    """Fetch the report of a run. Answers 409 until it is ready."""
    report = _asked_for(run_id)
    if report.state != ReportState.READY:
        raise conflict(
            "report-not-ready",
            "The report is not ready yet",
            report.error or f"The report is {report.state} ({report.progress:.0%}).",
            state=report.state,
            progress=report.progress,
        )
    if report.artifact is None:
        raise Problem(
            410,
            "gone",
            "The file is not kept any more",
            f"Have it made again: POST {url_for('api.make_report', run_id=run_id)}.",
        )
    return file_answer(report.artifact, "attachment")


def _asked_for(run_id: int) -> Report:
    found = latest_report(load(Run, run_id))
    if found is None:
        raise Problem(
            404,
            "not-found",
            "Not Found",
            f"Nobody asked for a report of run {run_id} yet; "
            f"POST {url_for('api.make_report', run_id=run_id)} does.",
        )
    return found
