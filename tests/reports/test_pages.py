"""The widget on the page of a run, and the download."""

import pytest

from tests.factories import make_flow, make_run
from tests.reports.runs import make_failed_run
from tests.reports.test_requesting import ask, make_ready
from webapp.extensions import db
from webapp.reports.making import make
from webapp.reports.models import Report, ReportState
from webapp.runs.states import State

HTMX = {"HX-Request": "true"}


@pytest.fixture
def run(alice):
    return make_run(make_flow(alice, name="Buy a lantern!"), State.FAILED)


def widget(client, run, **values):
    if values:
        report = ask(run)
        for name, value in values.items():
            setattr(report, name, value)
        db.session.commit()
    return client.get(f"/runs/{run.id}/report", headers=HTMX).text


def test_without_a_report_there_is_a_button_that_asks_for_one(as_alice, run):
    part = widget(as_alice, run)
    assert "<html" not in part
    assert f'method="post" action="/runs/{run.id}/report"' in part and "<button" in part


def test_asking_shows_progress_that_asks_again_every_second(as_alice, run):
    part = as_alice.post(f"/runs/{run.id}/report", headers=HTMX).text
    assert "<progress" in part and 'hx-trigger="every 1s"' in part
    assert db.session.query(Report).one().run_id == run.id


def test_asking_without_script_leads_to_a_page(as_alice, run):
    answer = as_alice.post(f"/runs/{run.id}/report")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/runs/{run.id}/report")
    page = as_alice.get(f"/runs/{run.id}/report").text
    assert f"<title>Report of run {run.id}" in page and f'href="/runs/{run.id}"' in page


def test_asking_twice_makes_one(as_alice, run):
    for _ in range(2):
        as_alice.post(f"/runs/{run.id}/report", headers=HTMX)
    assert db.session.query(Report).count() == 1


def test_while_it_is_made_it_says_how_far(as_alice, run):
    part = widget(as_alice, run, state=ReportState.RUNNING, progress=0.35)
    assert "Making the PDF" in part and 'value="0.35"' in part and "35 %" in part


def test_a_failure_says_why_and_can_be_tried_again(as_alice, run):
    part = widget(as_alice, run, state=ReportState.FAILED, error="It <b>broke</b>.")
    assert "It &lt;b&gt;broke&lt;/b&gt;." in part and 'role="alert"' in part
    assert "every 1s" not in part and "<button" in part


def test_a_live_run_is_told_to_wait(as_alice, alice):
    run = make_run(make_flow(alice), State.RUNNING)
    assert "once the run is over" in widget(as_alice, run)
    answer = as_alice.post(f"/runs/{run.id}/report", headers=HTMX)
    assert answer.status_code == 409
    assert db.session.query(Report).count() == 0


def test_from_the_button_to_the_file(as_alice, alice):
    run = make_failed_run(alice)
    as_alice.post(f"/runs/{run.id}/report", headers=HTMX)
    make(db.session.query(Report).one().id)
    assert f'href="/runs/{run.id}/report.pdf"' in widget(as_alice, run)
    file = as_alice.get(f"/runs/{run.id}/report.pdf")
    assert file.mimetype == "application/pdf" and file.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("flow", "name"),
    [
        ("Buy a lantern!", "buy-a-lantern-run-{}.pdf"),
        ("Ωμέγα", "flow-run-{}.pdf"),
        ('x"\r\nSet-Cookie: a=b/../..', "x-set-cookie-a-b-run-{}.pdf"),
    ],
)
def test_the_download_is_named_after_flow_and_run(as_alice, alice, flow, name):
    run = make_run(make_flow(alice), State.PASSED)
    run.flow.name = flow
    make_ready(ask(run))
    header = as_alice.get(f"/runs/{run.id}/report.pdf").headers["Content-Disposition"]
    assert header == f"attachment; filename={name.format(run.id)}"


def test_without_a_file_the_download_says_what_to_do(as_alice, run):
    answer = as_alice.get(f"/runs/{run.id}/report.pdf")
    assert answer.status_code == 404
    assert "Ask for one on its page" in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["report", "report.pdf"])
def test_a_stranger_finds_nothing(as_charlie, run, method, path):
    make_ready(ask(run))
    if (method, path) != ("post", "report.pdf"):
        assert getattr(as_charlie, method)(f"/runs/{run.id}/{path}").status_code == 404
    assert db.session.query(Report).count() == 1


def test_nobody_in_particular_is_sent_to_log_in(client, run):
    answer = client.get(f"/runs/{run.id}/report.pdf")
    assert answer.status_code in {302, 303} and "/login" in answer.headers["Location"]
