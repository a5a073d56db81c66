"""Rows of step results: what they copy from their step, and the events that tell them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from webapp import clock
from webapp.browser.steps import Step
from webapp.browser.tree import Node
from webapp.extensions import db
from webapp.live import bus
from webapp.runs.models import Run, StepResult
from webapp.runs.planning import Planned, uid_of
from webapp.runs.states import BROKEN, StepState, framework_of

NAME_LENGTH = 300
TEXT_LENGTH = 20_000
# What the wire contract calls the states of a step, and the errors.
STATUS = {
    StepState.ERRORED: "error",
    StepState.REFUSED: "error",
    StepState.CANCELLED: "skipped",
}
ERROR_TYPES = {StepState.FAILED: "StepFailed", StepState.REFUSED: "EgressRefused"}


@dataclass(frozen=True)
class Interrupted:
    """The step that was begun and never came to an end, and what became of it."""

    planned: Planned
    state: StepState
    error: str | None
    began_at: datetime | None = None
    iteration: int | None = None

    @property
    def facts(self) -> dict[str, Any]:
        facts = {"state": self.state, "error": cleaned(self.error), "iteration": self.iteration}
        if self.began_at is None:
            return facts
        at = clock.now()
        spent = round((at - self.began_at).total_seconds() * 1000)
        return {**facts, "started_at": self.began_at, "ended_at": at, "duration_ms": spent}


def add_unplayed(
    run: Run,
    steps: Iterable[Planned],
    here: Interrupted | None,
    first_ordinal: int,
    told: Collection[int] = (),
) -> None:
    """Results of the steps that never came to an end. Does not commit.

    `told` are the positions that have a result already.
    """
    position = None if here is None else here.planned.position
    for ordinal, planned in enumerate(steps, first_ordinal):
        facts: dict[str, Any] = {"state": StepState.SKIPPED}
        if here is not None and planned.position == position:
            facts = here.facts
        copied = copy_of(run, ordinal, planned.node, planned.step)
        result = StepResult(**copied, **facts)
        add_result(run, result, is_first=planned.position not in told)


def copy_of(run: Run, ordinal: int, node: Node, step: Step) -> dict[str, Any]:
    """What a result takes over from its step, so that it reads alone. `step` tells no secret."""
    return {
        "project_id": run.project_id,
        "run_id": run.id,
        "ordinal": ordinal,
        "position": node.position,
        "parent_uid": node.parent,
        "step_uid": uid_of(step),
        "number": step.number,
        "place": node.place,
        "on_failure": step.on_failure,
        "name": clean(step.title, NAME_LENGTH),
        "action": step.action,
        "locators": [one.model_dump() for one in step.locators],
    }


def add_result(run: Run, result: StepResult, *, is_first: bool = True) -> None:
    """A step result, and the events that tell it. Does not commit.

    The run counts its steps as they are written: only the first result of one makes it more.
    """
    db.session.add(result)
    db.session.execute(
        update(Run)
        .where(Run.id == run.id)
        .values(steps_done=Run.steps_done + int(is_first))
        .execution_options(synchronize_session=False)
    )
    state = StepState(result.state)
    status = STATUS.get(state, state.value)
    shown = None if result.screenshot_id is None else f"/artifacts/{result.screenshot_id}"
    facts = {
        "framework": framework_of(run.flow.browser),
        "testName": result.name,
        "suite": None,
        "status": status,
        "duration": result.duration_ms,
        "file": run.flow.name,
        "line": int(result.place.partition(".")[0]),
        "place": result.place,
        "position": result.position,
        "iteration": result.iteration,
        "screenshot": shown,
    }
    asserts = int(result.action.startswith("assert_") and state is not StepState.SKIPPED)
    _record(run, "test.result", {**facts, "assertions": asserts})
    if state in BROKEN:
        kind = ERROR_TYPES.get(state, "BrowserLost")
        error = {"message": result.error, "type": kind, "stack": None}
        _record(run, "test.failed", {**facts, "error": error, "onFailure": result.on_failure})


def _record(run: Run, event: str, facts: dict[str, object]) -> None:
    bus.record(event, run.project_id, facts, run_id=run.id, flow_id=run.flow_id)


def clean(text: str, most: int = TEXT_LENGTH) -> str:
    """What a page says can hold signs that no database takes: NUL, and halves of characters."""
    whole = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)
