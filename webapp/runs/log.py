"""The execution log of a run: what its steps did, and the steps that are still to come."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from webapp.browser.actions.registry import ACTIONS
from webapp.browser.errors import StepInvalid
from webapp.extensions import db
from webapp.flows.models import FlowVersion
from webapp.runs.models import Run, StepResult
from webapp.runs.planning import Planned, planned_steps
from webapp.runs.states import LIVE, State, StepState


@dataclass(frozen=True)
class Line:
    """One step of a run. `result` is None as long as it has not been played."""

    run_id: int
    ordinal: int
    number: int
    name: str
    action: str
    state: str  # a StepState, or waiting, running, not_played
    result: StepResult | None = None

    @property
    def html_id(self) -> str:
        return f"run-{self.run_id}-step-{self.ordinal}"

    @property
    def action_label(self) -> str:
        known = ACTIONS.get(self.action)
        return known.label if known else self.action

    @property
    def icon(self) -> str:
        known = ACTIONS.get(self.action)
        return known.icon if known else "help-circle"

    @property
    def was_played(self) -> bool:
        return self.result is not None and self.result.state != StepState.SKIPPED

    @property
    def is_broken(self) -> bool:
        return self.state in {StepState.FAILED, StepState.ERRORED}

    @property
    def picture(self) -> str:
        """What its picture shows, in words."""
        return f"Step {self.number}: {self.name}"


def is_live(run: Run) -> bool:
    return State(run.state) in LIVE


def lines_of(run: Run) -> list[Line]:
    """Every step of the run, in order."""
    wanted = select(StepResult).where(StepResult.run_id == run.id)
    results = list(db.session.scalars(wanted.order_by(StepResult.ordinal)))
    planned = {step.position: step for step in plan_of(run.version)}
    played = [_line(run, planned.get(result.position), result) for result in results]
    told = {result.position for result in results}
    coming = [_line(run, one, None) for place, one in sorted(planned.items()) if place not in told]
    return _merged(played, coming)


def _merged(played: list[Line], coming: list[Line]) -> list[Line]:
    """Steps to come behind those that were played, but for those that are passed over for now."""
    last = max((line.result.position for line in played if line.result), default=-1)
    passed_over = [line for line in coming if line.ordinal < last]
    return [*sorted([*played, *passed_over], key=_place), *coming[len(passed_over) :]]


def _place(line: Line) -> int:
    return line.ordinal if line.result is None else line.result.ordinal


def line_of(run: Run, number: int) -> Line | None:
    """The step with this number, as it was played last; None if there is no such step."""
    wanted = (
        select(StepResult)
        .where(StepResult.run_id == run.id, StepResult.number == number)
        .order_by(StepResult.ordinal.desc())
    )
    result = db.session.scalars(wanted.limit(1)).one_or_none()
    planned = next((step for step in plan_of(run.version) if step.number == number), None)
    return None if planned is None and result is None else _line(run, planned, result)


def current_line(run: Run) -> Line | None:
    """The step that is being played; None between two of them."""
    here = run.current_ordinal
    planned = next((step for step in plan_of(run.version) if step.position == here), None)
    return None if planned is None else line_of(run, planned.number)


def line_that_broke(lines: list[Line]) -> Line | None:
    return next((line for line in lines if line.is_broken), None)


def plan_of(version: FlowVersion) -> tuple[Planned, ...]:
    """The steps as a run plays them, read once: a version never changes."""
    return _plan(version.id, version.created_at)


@lru_cache(maxsize=64)  # a stream draws step after step of the same few
def _plan(version_id: int, _made_at: datetime) -> tuple[Planned, ...]:
    try:
        return planned_steps(db.session.get_one(FlowVersion, version_id))
    except StepInvalid:
        # Written by a release that knew other actions: the run's own error says so, and its page
        # shows what was played.
        return ()


def _line(run: Run, planned: Planned | None, result: StepResult | None) -> Line:
    if result is not None:
        name = result.name or (planned.title if planned else "")
        return Line(
            run.id, result.ordinal, result.number, name, result.action, result.state, result
        )
    assert planned is not None  # a line is planned, or played, or both
    state = "not_played"
    if is_live(run):
        state = "running" if planned.position == run.current_ordinal else "waiting"
    return Line(run.id, planned.position, planned.number, planned.title, planned.step.action, state)
