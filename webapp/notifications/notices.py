"""Write the mails of an incident: what broke, where, how it looks; and that it works again."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

from webapp.accounts.models import Project
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.mailing.models import Mail
from webapp.mailing.post import Picture, post
from webapp.notifications.models import DeliveryKind, Incident
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State, StepState
from webapp.wording import counted

PICTURE = "failing-step"
# Longer texts are on the run's page; a mail is read on a phone.
TEXT_LENGTH = 600
MOST_TOLERATED = 10
LOCATOR_NAMES = {
    "xpath": "XPath",
    "css": "CSS",
    "id": "id",
    "name": "name",
    "link_text": "link text",
}


def write(incident: Incident, kind: DeliveryKind) -> Mail:
    """The mail to the owner of the project; joins the transaction of the incident."""
    project = db.session.get_one(Project, incident.project_id)
    run, step = incident.opened_by, failing_step(incident.opened_by)
    context: dict[str, Any] = {
        "flow": incident.flow,
        "incident": incident,
        "broken": run,
        "step": step,
        "place": place(run),
        "locator": locator(step),
        "zone": ZoneInfo(project.owner.time_zone),
        "shorten": shorten,
    }
    pictures = []
    if kind is DeliveryKind.BROKEN:
        pictures = picture(step)
        context |= {"last_pass": last_pass(incident), "has_picture": bool(pictures)}
    else:
        assert incident.resolved_at is not None  # it is told of once it is over
        downtime = incident.resolved_at - incident.opened_at
        context |= {"downtime": in_words(downtime), "runs_broken": runs_broken(incident)}
        context["tolerated"] = tolerated(incident.resolved_by)
    return post(kind.value, project.owner.email, project.id, pictures, **context)


def write_refusal(flow: Flow, run: Run, step: StepResult) -> Mail:
    """The mail that a flow was not allowed where it wants to go, with the rule's sentence."""
    project = db.session.get_one(Project, flow.project_id)
    context: dict[str, Any] = {
        "flow": flow,
        "run": run,
        "step": step,
        "place": place(run),
        "zone": ZoneInfo(project.owner.time_zone),
        "shorten": shorten,
    }
    return post("refused", project.owner.email, project.id, **context)


def failing_step(run: Run | None) -> StepResult | None:
    """The step that is to blame: the first failure that the flow does not allow."""
    if run is None:
        return None
    counts = or_(
        StepResult.state.in_((StepState.ERRORED, StepState.REFUSED)),
        and_(StepResult.state == StepState.FAILED, StepResult.on_failure.in_(("stop", "soft"))),
    )
    first = (
        select(StepResult)
        .where(StepResult.run_id == run.id, counts)
        .order_by(StepResult.ordinal)
        .limit(1)
    )
    return db.session.scalar(first)


def tolerated(run: Run | None) -> list[str]:
    """What failed in a run that passed all the same, a line each."""
    if run is None or not run.is_degraded:
        return []
    rows = (
        select(StepResult)
        .where(
            StepResult.run_id == run.id,
            StepResult.state == StepState.FAILED,
            StepResult.on_failure == "degraded",
        )
        .order_by(StepResult.ordinal)
        .limit(MOST_TOLERATED)
    )
    return [f"{one.place}: {one.name}" for one in db.session.scalars(rows)]


def place(run: Run | None) -> str:
    """Where it broke, to end a sentence: “at step 6: Pay”; empty when no step is to blame."""
    if run is None or run.failed_step_number is None:
        return ""
    if run.failed_step_number == 0:
        return "when its address was opened"
    return f"at step {run.failed_step_number}: {run.failed_step_name}"


def locator(step: StepResult | None) -> str | None:
    """`#pay (CSS), which matched no element` for the locator used, or for each that was tried."""
    if step is None or not step.locators:
        return None
    counts = {(one["by"], one["value"]): one["count"] for one in step.matches}
    tried = [step.used_locator] if step.used_locator else step.locators
    return "; ".join(_with_its_matches(one, counts) for one in tried)


def _with_its_matches(one: dict[str, str], counts: dict[tuple[str, str], int]) -> str:
    words = f"{one['value']} ({LOCATOR_NAMES.get(one['by'], one['by'])})"
    count = counts.get((one["by"], one["value"]))
    if count is None:
        return words
    return f"{words}, which matched {counted(count, 'element') if count else 'no element'}"


def picture(step: StepResult | None) -> list[Picture]:
    if step is None or step.screenshot is None:
        return []
    blob = step.screenshot.blob
    return [Picture(cid=PICTURE, sha256=blob.sha256, media_type=blob.media_type)]


def last_pass(incident: Incident) -> Run | None:
    """The run that found the flow working before this incident."""
    if incident.opened_by_id is None:
        return None
    newest = (
        select(Run)
        .where(
            Run.flow_id == incident.flow_id,
            Run.id < incident.opened_by_id,
            Run.state == State.PASSED,
        )
        .order_by(Run.id.desc())
        .limit(1)
    )
    return db.session.scalar(newest)


def runs_broken(incident: Incident) -> int:
    """How many runs found it broken from the first to the last."""
    if incident.opened_by_id is None or incident.resolved_by_id is None:
        return 0
    broken = (
        select(func.count())
        .select_from(Run)
        .where(
            Run.flow_id == incident.flow_id,
            Run.id >= incident.opened_by_id,
            Run.id < incident.resolved_by_id,
            Run.state.in_([State.FAILED, State.TIMED_OUT]),
        )
    )
    return db.session.scalar(broken) or 0


def shorten(text: str | None) -> str | None:
    if text is None or len(text) <= TEXT_LENGTH:
        return text
    return text[: TEXT_LENGTH - 1] + "…"


def in_words(time: timedelta) -> str:
    """12 minutes, 1 hour 20 minutes, 3 days 4 hours"""
    seconds = max(1, round(time.total_seconds()))
    if seconds < 60:
        return counted(seconds, "second")
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [counted(days, "day")] if days else []
    parts += [counted(hours, "hour")] if hours else []
    parts += [counted(minutes, "minute")] if minutes and not days else []
    return " ".join(parts)
