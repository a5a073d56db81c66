"""Reads from the rows of a run what its report says."""

from webapp import clock
from webapp.accounts.models import Project
from webapp.extensions import db
from webapp.reports.summary import (
    LONGEST_NAME,
    LONGEST_TEXT,
    RunSummary,
    StepSummary,
    clean,
    cleaned,
)
from webapp.runs.log import Line, line_that_broke, lines_of
from webapp.runs.models import Run
from webapp.runs.show import TRIGGERS


def summarize(run: Run) -> RunSummary:
    """The run as its owner may see it, in the owner's time zone."""
    owner = db.session.get_one(Project, run.project_id).owner
    lines, body = lines_of(run), run.version.body
    worker = run.worker if owner.is_admin or not run.worker else "a worker"
    trigger = TRIGGERS.get(run.trigger, ("", run.trigger))[1]
    browser = (
        f"{run.browser_name} {run.browser_version or ''}".strip() if run.browser_name else None
    )
    broken = line_that_broke(lines)
    error = run.error or (broken.result.error if broken and broken.result else None)
    return RunSummary(
        run_id=run.id,
        flow=clean(body.get("name") or run.flow.name, LONGEST_NAME),
        version=run.version.number,
        url=clean(body["url"], LONGEST_TEXT),
        state=run.state,
        verdict=run.verdict,
        trigger=trigger,
        browser=browser,
        worker=worker,
        time_zone=owner.time_zone,
        queued_at=run.queued_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration_ms=run.duration_ms,
        error=cleaned(error),
        made_at=clock.now(),
        steps=tuple(_step(line) for line in lines),
    )


def _step(line: Line) -> StepSummary:
    result = line.result
    picture = result.screenshot if result else None
    return StepSummary(
        ordinal=line.ordinal,
        number=line.number,
        name=clean(line.name or line.action_label, LONGEST_NAME),
        action=line.action_label,
        state=line.state,
        duration_ms=result.duration_ms if result and line.was_played else None,
        error=cleaned(result.error) if result else None,
        expected=cleaned(result.expected) if result else None,
        found=cleaned(result.found) if result else None,
        page_url=cleaned(result.page_url) if result else None,
        locator=_locator(line),
        picture=picture.sha256 if picture else None,
        picture_note=cleaned(result.screenshot_note) if result else None,
    )


def _locator(line: Line) -> str | None:
    if line.result is None:
        return None
    shown = line.result.used_locator or next(iter(line.result.locators), None)
    return clean(f"{shown['by']}={shown['value']}", LONGEST_NAME) if shown else None
