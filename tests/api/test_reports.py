import pytest

from tests.factories import make_flow, make_run
from webapp.artifacts.keeping import keep
from webapp.extensions import db
from webapp.reports.models import Report, ReportState
from webapp.runs.models import Run
from webapp.runs.states import State

PDF = b"%PDF-1.7 report"


@pytest.fixture
def run(alice) -> Run:
    return make_run(make_flow(alice), State.PASSED)


def finish(run: Run) -> Report:
    """What the light worker does, without the document itself."""
    report = db.session.query(Report).one()
    artifact = keep(
        PDF,
        project_id=run.project_id,
        run_id=run.id,
        kind="report",
        media_type="application/pdf",
        file_name=f"run-{run.id}.pdf",
    )
    db.session.flush()
    report.state, report.progress, report.artifact_id = ReportState.READY, 1.0, artifact.id
    db.session.commit()
    return report


def test_a_report_is_asked_for_watched_and_fetched(app, api, run):
    asked = api.post(f"/runs/{run.id}/report")
    assert asked.status_code == 202
    assert (asked.json["state"], asked.json["progress"], asked.json["pdf"]) == ("queued", 0, None)
    assert asked.headers["Location"] == f"/api/v1/runs/{run.id}/report"
    assert len(app.extensions["queues"]["reports"]) == 1

    early = api.get(f"/runs/{run.id}/report.pdf")
    assert early.status_code == 409 and early.json["state"] == "queued"

    finish(run)
    ready = api.get(f"/runs/{run.id}/report").json
    assert (ready["state"], ready["progress"]) == ("ready", 1)
    fetched = api.get(ready["pdf"].partition("/api/v1")[2])
    assert fetched.data == PDF and fetched.mimetype == "application/pdf"
    assert f"run-{run.id}.pdf" in fetched.headers["Content-Disposition"]


def test_asking_twice_makes_one_report(api, run):
    for _ in range(2):
        assert api.post(f"/runs/{run.id}/report").status_code == 202
    assert db.session.query(Report).count() == 1


def test_nobody_asked_yet(api, run):
    for path in ("report", "report.pdf"):
        refused = api.get(f"/runs/{run.id}/{path}")
        assert refused.status_code == 404
        assert f"POST /api/v1/runs/{run.id}/report" in refused.json["detail"]


def test_a_run_that_is_on_has_no_report(api, alice):
    run = make_run(make_flow(alice), State.RUNNING)
    refused = api.post(f"/runs/{run.id}/report")
    assert refused.status_code == 409 and refused.json["state"] == "running"


def test_a_failed_report_says_why(api, run):
    api.post(f"/runs/{run.id}/report")
    report = db.session.query(Report).one()
    report.state, report.error = ReportState.FAILED, "The document was too large."
    db.session.commit()
    assert api.get(f"/runs/{run.id}/report").json["error"] == "The document was too large."
    refused = api.get(f"/runs/{run.id}/report.pdf")
    assert refused.status_code == 409 and "too large" in refused.json["detail"]
