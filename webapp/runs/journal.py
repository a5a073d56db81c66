"""Write down what the steps of a run do: results, pictures and events, as each step ends."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update

from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.artifacts.models import Artifact
from webapp.artifacts.store import store
from webapp.browser.player import Began, Outcome
from webapp.browser.tree import Node
from webapp.extensions import db
from webapp.flows import healing
from webapp.flows.models import Flow
from webapp.live import bus
from webapp.runs.models import Run, StepResult
from webapp.runs.planning import Planned, Taken, planned_steps
from webapp.runs.repeating import repeat
from webapp.runs.results import (
    NAME_LENGTH,
    Interrupted,
    add_result,
    add_unplayed,
    clean,
    cleaned,
    copy_of,
)
from webapp.runs.states import AT_WORK, State, StepState, framework_of, move

# What becomes of a step that was on when its run ended so.
INTERRUPTED = {
    State.TIMED_OUT: StepState.FAILED,
    State.ERRORED: StepState.ERRORED,
    State.CANCELLED: StepState.CANCELLED,
}


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
    is_repeated: bool = False  # it says nothing, and is queued once more


class Journal:
    """The results of one run. Every write first makes sure that the run is still ours.

    Nothing is left open in the database between two calls: the browser is slow.
    """

    def __init__(self, run: Run, flow: Flow, taken: Taken) -> None:
        self.run = run
        self.run_id = run.id  # readable even when the row is gone
        # Held, so that the session finds them without asking the database again.
        self.flow = flow
        self.taken = taken
        # By their position; empty when the version cannot be read.
        self.planned: dict[int, Planned] = {}
        self.files: Mapping[str, str] = {}  # those to upload: by name, the hash of the content
        self.current: Planned | None = None
        self._current_round: int | None = None
        self._current_since: datetime | None = None
        self.broke: Outcome | None = None
        self.is_degraded = False
        self._told: set[int] = set()  # positions that have a result
        self._skipped: list[tuple[int, Outcome]] = []
        self._guessed: int | None = 0  # where the run's row says it is
        self._ended = 0  # outcomes so far, which is also the ordinal of the next
        self._began_at = time.monotonic()

    def plan(self) -> None:
        """Know the steps that are to come; raises StepInvalid when the version cannot be read."""
        self.planned = {one.position: one for one in planned_steps(self.taken)}

    def begins(self, began: Began) -> None:
        """Told, and hardly ever written: the step before has mostly guessed `current_ordinal`."""
        done = len(self._told | {one.node.position for _, one in self._skipped})
        self.current = self._with_told(began.node)
        self._current_round, self._current_since = began.iteration, clock.now()
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
            "place": began.node.place,
            "position": began.node.position,
            "iteration": began.iteration,
            "duration": round((time.monotonic() - self._began_at) * 1000),
        }
        run = self.run
        bus.tell("test.progress", run.project_id, facts, run_id=run.id, flow_id=run.flow_id)

    def ended(self, outcome: Outcome) -> None:
        """Write one result with its picture. Skipped ones wait for the next write, or the end."""
        ordinal = self._ended
        if outcome.state == "skipped":
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
        self._propose(outcome)
        told = self._write_skipped()
        self._write(ordinal, outcome, artifact, note, told)
        db.session.commit()
        self._told = told | {outcome.node.position}
        self._skipped = []
        self._judge(outcome)

    def _propose(self, outcome: Outcome) -> None:
        """Propose an order for a step that another candidate had to find, where it is written."""
        node, planned = outcome.node, self.planned.get(outcome.node.position)
        if not outcome.healed or outcome.locator is None or planned is None:
            return
        healing.propose(
            project_id=self.run.project_id,
            flow_id=node.flow_id or self.run.flow_id,
            step=planned.step,
            winner=outcome.step.locators.index(outcome.locator),
            why=clean(outcome.healed),
            run_id=self.run.id,
        )

    def _judge(self, outcome: Outcome) -> None:
        """What the outcome means for the run: the first failure that counts is to blame."""
        if outcome.state not in ("failed", "errored"):
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
        state = State.FAILED if self.broke.state == "failed" else State.ERRORED
        here = self._with_told(self.broke.node)
        return Ending(state, self.broke.error, here.number, here.full_title)

    def _with_told(self, node: Node) -> Planned:
        """The step as it was planned, but in the words of the engine, which tell no secret."""
        planned = self.planned.get(node.position)
        return Planned(node) if planned is None else replace(planned, node=node)

    def close(self, ending: Ending) -> None:
        """Write what is left and move the run to its end, in one transaction."""
        self._claim(None)
        self._write_unplayed(ending, self._write_skipped())
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
        if ending.is_repeated:
            repeat(self.run)
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

    def _write_skipped(self) -> set[int]:
        """The positions that have a result now, if this is committed."""
        told = set(self._told)
        for ordinal, outcome in self._skipped:
            self._write(ordinal, outcome, None, outcome.screenshot_note, told)
            told.add(outcome.node.position)
        return told

    def _write(
        self,
        ordinal: int,
        outcome: Outcome,
        artifact: Artifact | None,
        note: str | None,
        told: set[int],
    ) -> None:
        used = outcome.locator
        result = StepResult(
            **copy_of(self.run, ordinal, outcome.node, outcome.step),
            iteration=outcome.iteration,
            state=StepState.REFUSED if outcome.refused else StepState(outcome.state),
            started_at=outcome.started_at,
            ended_at=outcome.ended_at,
            duration_ms=outcome.duration_ms,
            error=cleaned(outcome.error),
            expected=cleaned(outcome.expected),
            found=cleaned(outcome.found),
            page_url=cleaned(outcome.page_url),
            page_title=cleaned(outcome.page_title),
            matches=[{**one.model_dump(), "count": count} for one, count in outcome.matches],
            used_locator=None if used is None else used.model_dump(),
            screenshot_id=None if artifact is None else artifact.id,
            screenshot_note=cleaned(note),
            healed=cleaned(outcome.healed) or None,
            notes=[clean(one) for one in outcome.notes],
        )
        add_result(self.run, result, is_first=result.position not in told)

    def _write_unplayed(self, ending: Ending, told: set[int]) -> None:
        """Rows for the step that was interrupted and for those that nobody came to."""
        became = INTERRUPTED.get(ending.state)
        here = None
        if self.current is not None and became is not None:
            since, this_round = self._current_since, self._current_round
            here = Interrupted(self.current, became, ending.error, since, this_round)
        # The one that was on may have a result already: a loop had come back to it.
        position = None if here is None else here.planned.position
        steps = [
            one for place, one in sorted(self.planned.items()) if place not in told - {position}
        ]
        add_unplayed(self.run, steps, here, self._ended, told)


def _stored(outcome: Outcome) -> tuple[bytes | None, str | None]:
    """Write the picture's file before any transaction; a full disk costs the picture only."""
    if outcome.screenshot is None:
        return None, outcome.screenshot_note
    try:
        store().put(outcome.screenshot)
    except OSError as error:
        return None, f"The picture could not be kept: {error.strerror or error}."
    return outcome.screenshot, outcome.screenshot_note


def _cut(text: str | None) -> str | None:
    return None if text is None else clean(text, NAME_LENGTH)
