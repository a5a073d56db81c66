"""Runs and what their steps did, as the API answers them."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from webapp.api.answers import (
    LocatorAnswer,
    Match,
    ReportAnswer,
    RunAnswer,
    RunSummary,
    StepResultAnswer,
)
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.reports.models import Report, ReportState
from webapp.runs.models import Run, StepResult


def run_summaries(runs: Sequence[Run]) -> list[RunSummary]:
    """One query for all version numbers: the versions themselves are large."""
    wanted = {run.version_id for run in runs}
    rows = select(FlowVersion.id, FlowVersion.number).where(FlowVersion.id.in_(wanted))
    numbers = {row.id: row.number for row in db.session.execute(rows)}
    return [_summary(run, numbers[run.version_id]) for run in runs]


def run_answer(run: Run) -> RunAnswer:
    """The run with what its steps did so far; those that are still to come are not in it."""
    rows = select(StepResult).where(StepResult.run_id == run.id).order_by(StepResult.ordinal)
    steps = [_step(result) for result in db.session.scalars(rows)]
    return RunAnswer(**dict(run_summaries([run])[0]), steps=steps)


def report_answer(report: Report) -> ReportAnswer:
    is_ready = report.state == ReportState.READY
    pdf = url_for("api.report_pdf", run_id=report.run_id, _external=True) if is_ready else None
    return ReportAnswer(
        run_id=report.run_id,
        state=report.state,
        progress=report.progress,
        error=report.error,
        pdf=pdf,
        created_at=report.created_at,
        updated_at=report.updated_at,
    )


def _summary(run: Run, version: int) -> RunSummary:
    return RunSummary(
        id=run.id,
        flow_id=run.flow_id,
        state=run.state,
        is_degraded=run.is_degraded,
        verdict=run.verdict,
        trigger=run.trigger,
        queued_at=run.queued_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration_ms=run.duration_ms,
        failed_step=run.failed_step_number,
        failed_step_name=run.failed_step_name,
        error=run.error,
        version=version,
        flow_name=run.flow.name,
        attempt=run.attempt,
        attempt_of=run.attempt_of_id,
        scheduled_for=run.scheduled_for,
        missed_count=run.missed_count,
        missed_until=run.missed_until,
        updated_at=run.updated_at,
        steps_total=run.steps_total,
        steps_done=run.steps_done,
        requested_by=run.requested_by,
        browser=run.browser_name,
        browser_version=run.browser_version,
    )


def _step(result: StepResult) -> StepResultAnswer:
    picture = result.screenshot_id
    used = result.used_locator
    return StepResultAnswer(
        number=result.number,
        place=result.place,
        iteration=result.iteration,
        name=result.name,
        action=result.action,
        state=result.state,
        on_failure=result.on_failure,
        healed=result.healed,
        notes=result.notes,
        duration_ms=result.duration_ms,
        error=result.error,
        screenshot=url_for("api.artifact", artifact_id=picture, _external=True)
        if picture
        else None,
        screenshot_note=result.screenshot_note,
        ordinal=result.ordinal,
        position=result.position,
        parent=result.parent_uid,
        uid=result.step_uid,
        locators=[LocatorAnswer(**locator) for locator in result.locators],
        used_locator=LocatorAnswer(**used) if used else None,
        matches=[Match(**match) for match in result.matches],
        expected=result.expected,
        found=result.found,
        page_url=result.page_url,
        page_title=result.page_title,
        started_at=result.started_at,
        ended_at=result.ended_at,
    )
