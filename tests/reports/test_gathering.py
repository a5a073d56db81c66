"""What of a run's rows goes into its report."""

import pytest

from tests.reports.runs import WRONG_TOTAL, make_failed_run
from tests.runs.trees import (
    click,
    make_hasty_flow,
    make_login,
    page_with,
    play,
    repeat,
    shared,
    uid,
)
from webapp.artifacts.models import Artifact
from webapp.extensions import db
from webapp.reports.gathering import summarize
from webapp.reports.summary import LONGEST_TEXT
from webapp.runs.models import StepResult


@pytest.fixture
def run(alice):
    return make_failed_run(alice)


def test_it_has_the_run_and_its_steps_in_order(run):
    summary = summarize(run)
    assert (summary.flow, summary.state, summary.verdict) == ("Checkout", "failed", None)
    assert (summary.trigger, summary.browser) == ("By hand", "Chrome 156.0")
    assert [step.name for step in summary.steps] == ["Open page 1", "The total is right"]
    assert summary.failed.error == summary.error == WRONG_TOTAL
    assert summary.headline == "Step 2: The total is right"


def test_its_pictures_are_those_that_are_stored(run):
    stored = {artifact.sha256 for artifact in db.session.query(Artifact)}
    assert set(summarize(run).pictures) == stored


def test_equal_pictures_are_stored_once(run):
    first, second = db.session.query(StepResult).order_by(StepResult.ordinal)
    second.screenshot_id = first.screenshot_id
    db.session.commit()
    assert len(summarize(run).pictures) == 1


def test_a_step_that_was_not_reached_says_so(run):
    last = db.session.query(StepResult).order_by(StepResult.ordinal.desc()).first()
    db.session.delete(last)
    db.session.commit()
    step = summarize(run).steps[-1]
    assert (step.state, step.duration_ms, step.picture) == ("not_played", None, None)


def test_only_an_admin_reads_the_workers_name(run, alice):
    assert summarize(run).worker == "a worker"
    alice.is_admin = True
    assert summarize(run).worker == "host-4711"


def test_it_is_in_the_time_zone_of_its_owner(run, alice):
    alice.time_zone = "Asia/Tokyo"
    assert summarize(run).time_zone == "Asia/Tokyo"


def test_texts_are_cut_and_printable(run):
    result = db.session.query(StepResult).first()
    result.error, result.found = "x" * 10**6, "\x1b[31mred\x07"
    db.session.commit()
    step = summarize(run).steps[0]
    assert len(step.error) < LONGEST_TEXT + 50
    assert step.found == "�[31mred�"


def test_a_degraded_run_names_what_failed_and_blames_nothing(alice, monkeypatch):
    steps = (click(1, "#gone", on_failure="degraded", name="Banner"), click(2, "#buy"))
    run = play(make_hasty_flow(alice, steps), page_with("#buy"), monkeypatch)
    summary = summarize(run)
    assert (summary.shown_state, summary.failed) == ("degraded", None)
    assert summary.headline == "Passed, although Step 1: Banner failed"
    assert [step.title for step in summary.tolerated] == ["Step 1: Banner"]


def test_many_rounds_are_one_line_of_the_report(alice, monkeypatch):
    steps = (repeat(1, 60), click(2, "#add", parent=uid(1)))
    run = play(make_hasty_flow(alice, steps), page_with("#add"), monkeypatch)
    summary = summarize(run)
    assert len(summary.steps) == 11
    fold = next(step for step in summary.steps if step.state == "folded")
    assert fold.name == "Rounds 3 to 58: 112 steps, on the page of the run"
    assert summary.steps[2].title == "Step 2, round 1: Click #add"
    assert summary.headline == "All 3 steps passed"


def test_a_shared_step_that_failed_is_named_by_its_place(alice, monkeypatch):
    flow = make_hasty_flow(alice, (shared(1, make_login(alice)),))
    summary = summarize(play(flow, page_with("#name"), monkeypatch))
    assert summary.failed.title == "Step 1.2: Type password"
