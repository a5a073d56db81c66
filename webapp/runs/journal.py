"""Write down what the steps of a run do: results, pictures and events, as each step ends."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.artifacts.models import Artifact
from webapp.artifacts.store import store
from webapp.browser.player import Began, Outcome
from webapp.browser.steps import Step
from webapp.browser.tree import Node
from webapp.extensions import db
from webapp.flows.models import Flow, FlowVersion
from webapp.live import bus
from webapp.runs.models import Run, StepResult
from webapp.runs.planning import Planned, planned_steps, uid_of
from webapp.runs.states import AT_WORK, State, StepState, framework_of, move

NAME_LENGTH = 300
TEXT_LENGTH = 20_000
# What the wire contract calls the states of a step.
STATUS = {StepState.ERRORED: "error"}
IN_STATE = {StepState.FAILED: State.FAILED, StepState.ERRORED: State.ERRORED}


class Overtaken(Exception):
    """The run is not ours any more: deleted with its flow, or closed by the reaper."""


@dataclass(frozen=True)
class Ending:
    """How a run ended, and which step is to blame for it."""

    state: State
    error: str | None = None
    step_number: int | None = None
    step_name: str | None = None
    reason: str = ""


class Journal:
    """The results of one run. Every write first makes sure that the run is still ours.

    Nothing is left open in the database between two calls: the browser is slow.
    """

    def __init__(self, run: Run, flow: Flow, version: FlowVersion) -> None:
        self.run = run
        self.run_id = run.id  # readable even when the row is gone
        # Held, so that the session finds them without asking the database again.
        self.flow = flow
        self.version = version
        # By their position; empty when the version cannot be read.
        self.planned: dict[int, Planned] = {}
        self.current: Planned | None = None
        self.broke: Outcome | None = None
        self.is_degraded = False
        self._told: set[int] = set()  # positions that have a result
        self._skipped: list[tuple[int, Outcome]] = []
        self._guessed: int | None = 0  # where the run's row says it is
        self._ended = 0  # outcomes so far, which is also the ordinal of the next
        self._began_at = time.monotonic()

    def plan(self) -> None:
        """Know the steps that are to come; raises StepInvalid when the version cannot be read."""
        self.planned = {one.position: one for one in planned_steps(self.version)}

    def begins(self, began: Began) -> None:
        """Told, and hardly ever written: the step before has mostly guessed `current_ordinal`."""
        done = self._ended
        self.current = Planned(began.node)
        if self._guessed != began.node.position:  # a loop went back, a branch was passed over
            self._claim(began.node.position)
            db.session.commit()
        facts = {
            "framework": framework_of(self.flow.browser),
            "testName": clean(began.step.title, NAME_LENGTH),
            "suite": None,
            "status": "running",
            "progress": min(1.0, round(done / max(1, self.run.steps_total), 3)),
            "completed": done,
            "total": self.run.steps_total,
            "duration": round((time.monotonic() - self._began_at) * 1000),
        }
        bus.tell(
            "test.progress",
            self.run.project_id,
            facts,
            run_id=self.run.id,
            flow_id=self.run.flow_id,
        )

    def ended(self, outcome: Outcome) -> None:
        """Write one result with its picture. Skipped ones wait for the next write, or the end."""
        ordinal = self._ended
        if StepState(outcome.state) is StepState.SKIPPED:
            self._skipped.append((ordinal, outcome))
        else:
            self._write_down(ordinal, outcome)
        # Nothing above has become true before its commit.
        self._ended, self.current = ordinal + 1, None

    def _write_down(self, ordinal: int, outcome: Outcome) -> None:
        content, note = _stored(outcome)
        self._claim(self._next_after(outcome.node.position, outcome.breaks))
        # Before the first event, which takes a turn in which nobody may wait for a row.
        artifact = self._keep(outcome, content)
        self._write_skipped()
        self._write(ordinal, outcome, artifact, note)
        db.session.commit()
        self._told |= {one.node.position for one in (outcome, *(one for _, one in self._skipped))}
        self._skipped = []
        self._judge(outcome)

    def _judge(self, outcome: Outcome) -> None:
        """What the outcome means for the run: the first failure that counts is to blame."""
        if outcome.state not in IN_STATE:
            return
        counts = outcome.breaks or outcome.step.on_failure == "soft"
        if counts and self.broke is None:
            self.broke = outcome
        if not counts and outcome.step.on_failure == "degraded":
            self.is_degraded = True

    def _next_after(self, position: int, breaks: bool) -> int | None:
        """Where the run goes on, as far as one can tell; None when it does not."""
        coming = (
            one.position
            for one in self.planned.values()
            if one.step.enabled and (one.step.always or not breaks)
        )
        return min((place for place in coming if place > position), default=None)

    def ending(self) -> Ending:
        """What the outcomes so far make of the run."""
        if self.broke is None:
            return Ending(State.PASSED)
        node = self.broke.node
        title = self.broke.step.title
        number = int(node.place.partition(".")[0])
        return Ending(IN_STATE[StepState(self.broke.state)], self.broke.error, number, title)

    def close(self, ending: Ending) -> None:
        """Write what is left and move the run to its end, in one transaction."""
        self._claim(None)
        self._write_skipped()
        self._write_unplayed(ending)
        moved = move(
            self.run,
            ending.state,
            ending.reason or ending.error or "",
            error=None if ending.error is None else clean(ending.error),
            failed_step_number=ending.step_number,
            failed_step_name=_cut(ending.step_name),
            is_degraded=self.is_degraded and ending.state is State.PASSED,
        )
        if not moved:
            db.session.rollback()
            raise Overtaken
        db.session.commit()

    def _claim(self, position: int | None) -> None:
        """Take the run's row, which also is its heartbeat; raises Overtaken."""
        at = clock.now()
        mine = db.session.scalar(
            update(Run)
            .where(Run.id == self.run_id, Run.state.in_(AT_WORK))
            .values(current_ordinal=position, heartbeat_at=at, updated_at=at)
            .returning(Run.id)
            .execution_options(synchronize_session=False)
        )
        if mine is None:
            db.session.rollback()
            raise Overtaken
        self._guessed = position

    def _keep(self, outcome: Outcome, content: bytes | None) -> Artifact | None:
        if content is None:
            return None
        artifact = keep(
            content,
            project_id=self.run.project_id,
            run_id=self.run.id,
            kind="screenshot",
            media_type="image/png",
            file_name=f"run-{self.run.id}-step-{outcome.step.number}.png",
            captured_by="capture",
        )
        db.session.flush()  # the result and its event carry the id
        return artifact

    def _write_skipped(self) -> None:
        for ordinal, outcome in self._skipped:
            self._write(ordinal, outcome, None, outcome.screenshot_note)

    def _write(
        self, ordinal: int, outcome: Outcome, artifact: Artifact | None, note: str | None
    ) -> None:
        used = outcome.locator
        result = StepResult(
            **_copy(self.run, ordinal, outcome.node, outcome.step),
            iteration=outcome.iteration,
            state=outcome.state,
            started_at=outcome.started_at,
            ended_at=outcome.ended_at,
            duration_ms=outcome.duration_ms,
            error=_clean(outcome.error),
            expected=_clean(outcome.expected),
            found=_clean(outcome.found),
            page_url=_clean(outcome.page_url),
            page_title=_clean(outcome.page_title),
            matches=[{**one.model_dump(), "count": count} for one, count in outcome.matches],
            used_locator=None if used is None else used.model_dump(),
            screenshot_id=None if artifact is None else artifact.id,
            screenshot_note=_clean(note),
            healed=_clean(outcome.healed) or None,
            notes=[clean(one) for one in outcome.notes],
        )
        add_result(self.run, result)

    def _write_unplayed(self, ending: Ending) -> None:
        """Rows for the step that was interrupted and for those that nobody came to."""
        interrupted = {State.TIMED_OUT: StepState.FAILED, State.ERRORED: StepState.ERRORED}
        became = interrupted.get(ending.state)
        here = self.current if became else None
        told = self._told | {one.node.position for _, one in self._skipped}
        if here is not None:
            told.discard(here.position)  # a loop had come back to it
        untold = [one for place, one in sorted(self.planned.items()) if place not in told]
        add_unplayed(self.run, untold, here, became or StepState.SKIPPED, ending.error, self._ended)


def add_unplayed(
    run: Run,
    steps: Iterable[Planned],
    here: Planned | None,
    became: StepState,
    error: str | None,
    first_ordinal: int,
) -> None:
    """Results of steps that never came to an end: `became` for the one that was begun, and why."""
    for ordinal, planned in enumerate(steps, first_ordinal):
        is_here = here is not None and planned.position == here.position
        state = became if is_here else StepState.SKIPPED
        facts = _copy(run, ordinal, planned.node, planned.step)
        words = _clean(error) if is_here else None
        add_result(run, StepResult(state=state, error=words, **facts))


def _copy(run: Run, ordinal: int, node: Node, step: Step) -> dict[str, Any]:
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


def add_result(run: Run, result: StepResult) -> None:
    """A step result, the run's count of them, and the events that tell it. Does not commit."""
    db.session.add(result)
    db.session.execute(
        update(Run)
        .where(Run.id == run.id)
        .values(steps_done=Run.steps_done + 1)
        .execution_options(synchronize_session=False)
    )
    status = STATUS.get(StepState(result.state), result.state)
    shown = None if result.screenshot_id is None else f"/artifacts/{result.screenshot_id}"
    facts = {
        "framework": framework_of(run.flow.browser),
        "testName": result.name,
        "suite": None,
        "status": status,
        "duration": result.duration_ms,
        "file": run.flow.name,
        "line": result.number,
        "screenshot": shown,
    }
    asserts = int(result.action.startswith("assert_") and result.state != StepState.SKIPPED)
    _record(run, "test.result", {**facts, "assertions": asserts})
    if result.state in IN_STATE:
        kind = "StepFailed" if result.state == StepState.FAILED else "BrowserLost"
        error = {"message": result.error, "type": kind, "stack": None}
        _record(run, "test.failed", {**facts, "error": error})


def _record(run: Run, event: str, facts: dict[str, object]) -> None:
    bus.record(event, run.project_id, facts, run_id=run.id, flow_id=run.flow_id)


def _stored(outcome: Outcome) -> tuple[bytes | None, str | None]:
    """Write the picture's file before any transaction; a full disk costs the picture only."""
    if outcome.screenshot is None:
        return None, outcome.screenshot_note
    try:
        store().put(outcome.screenshot)
    except OSError as error:
        return None, f"The picture could not be kept: {error.strerror or error}."
    return outcome.screenshot, outcome.screenshot_note


def clean(text: str, most: int = TEXT_LENGTH) -> str:
    """What a page says can hold signs that no database takes: NUL, and halves of characters."""
    whole = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _cut(text: str | None) -> str | None:
    return None if text is None else clean(text, NAME_LENGTH)
