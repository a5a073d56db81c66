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
from webapp.runs.lines import Line
from webapp.runs.log import log_of
from webapp.runs.models import Run
from webapp.runs.rounds import Fold
from webapp.runs.show import TRIGGERS
from webapp.wording import counted


def summarize(run: Run) -> RunSummary:
    """The run as its owner may see it, in the owner's time zone."""
    owner = db.session.get_one(Project, run.project_id).owner
    log, body = log_of(run), run.version.body
    worker = run.worker if owner.is_admin or not run.worker else "a worker"
    trigger = TRIGGERS.get(run.trigger, ("", run.trigger))[1]
    browser = (
        f"{run.browser_name} {run.browser_version or ''}".strip() if run.browser_name else None
    )
    broken = log.broken.result if log.broken else None
    error = run.error or (broken.error if broken else None)
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
        is_degraded=run.is_degraded,
        steps=tuple(_fold(one) if isinstance(one, Fold) else _step(one) for one in log.items),
        blamed=broken.ordinal if broken else None,
        played=log.played,
        written=log.steps,
    )


def _step(line: Line) -> StepSummary:
    result = line.result
    picture = result.screenshot if result else None
    return StepSummary(
        key=line.html_id,
        ordinal=result.ordinal if result else None,
        place=line.place,
        round_words=line.round_words,
        depth=line.depth,
        is_block=line.is_block,
        tolerated=line.tolerated,
        healed=cleaned(result.healed) if result else None,
        notes=tuple(clean(note, LONGEST_TEXT) for note in result.notes) if result else (),
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
        picture_note=None if line.is_block or not result else cleaned(result.screenshot_note),
    )


def _fold(fold: Fold) -> StepSummary:
    """Rounds of a loop that the report does not show one by one."""
    rounds = f"Rounds {fold.first_round} to {fold.last_round}: " if fold.first_round else ""
    return StepSummary(
        key=f"fold-{fold.first}",
        ordinal=None,
        place="…",
        name=f"{rounds}{counted(fold.steps, 'step')}, on the page of the run",
        action="",
        state="folded",
        depth=fold.depth,
    )


def _locator(line: Line) -> str | None:
    if line.result is None:
        return None
    shown = line.result.used_locator or next(iter(line.result.locators), None)
    return clean(f"{shown['by']}={shown['value']}", LONGEST_NAME) if shown else None
