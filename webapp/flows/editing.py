"""Change flows: every change of what a run plays is a new version, made by compare-and-set."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from webapp import clock, cron
from webapp.accounts.models import Project, User
from webapp.extensions import db
from webapp.flows.bodies import StepValues, body_of
from webapp.flows.checking import StepsRefused as StepsRefused
from webapp.flows.checking import check_steps
from webapp.flows.files import copy_files
from webapp.flows.models import Flow, FlowVersion
from webapp.flows.ordering import CannotMove as CannotMove
from webapp.flows.ordering import StepGone as StepGone
from webapp.flows.ordering import (
    duplicated,
    inserted,
    moved,
    place_of,
    removed,
    restored,
    shifted,
)
from webapp.flows.settings import NAME_LENGTH
from webapp.flows.sharing import FlowUsed as FlowUsed
from webapp.flows.sharing import direct_users, hold_uses, record_uses
from webapp.live import bus

MOST_STEPS = 500
TRIES = 5


class Conflict(Exception):
    """Somebody saved this flow in between; `newest` is the version that is there now."""

    def __init__(self, newest: FlowVersion) -> None:
        super().__init__(f"The flow was changed meanwhile: it is at version {newest.number} now.")
        self.newest = newest


class TooManySteps(Exception):
    """The flow would have more steps than a run could ever play in time."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"A flow can have {MOST_STEPS} steps at the most, and this would make {count}. "
            "Split it into several flows."
        )


def current_version(flow: Flow) -> FlowVersion:
    newest = select(FlowVersion).where(
        FlowVersion.flow_id == flow.id, FlowVersion.number == flow.version_number
    )
    return db.session.scalars(newest).one()


def create_flow(
    project: Project,
    by: User | None,
    *,
    name: str,
    url: str,
    browser: str,
    cron: str | None,
    time_zone: str,
    steps: Sequence[StepValues] = (),
    **timeouts: float,
) -> Flow:
    """A paused flow with its first version; values are validated already. Does not commit."""
    flow = Flow(
        project_id=project.id,
        name=name,
        url=url,
        browser=browser,
        cron=cron,
        time_zone=time_zone,
        **{"step_timeout_seconds": 10.0, "run_timeout_seconds": 300.0, **timeouts},
    )
    db.session.add(flow)
    db.session.flush()  # the version refers to its id
    save(flow, by, expected=0, steps=list(steps))
    bus.record("flow.created", flow.project_id, {"flow": flow.name}, flow_id=flow.id)
    return flow


def save(
    flow: Flow,
    by: User | None,
    *,
    expected: int,
    steps: list[StepValues] | None = None,
    **settings: Any,
) -> FlowVersion:
    """Write a new version with these steps and settings (what is not given stays as it is).

    `expected` is the number of the version that the change was made from; raises Conflict when
    it is not the newest any more, TooManySteps, StepsRefused, and does not commit.
    """
    if steps is not None and len(steps) > MOST_STEPS:
        raise TooManySteps(len(steps))
    before = None if expected == 0 else version_of(flow, expected)
    at = clock.now()
    claimed = db.session.scalar(
        update(Flow)
        .where(Flow.id == flow.id, Flow.version_number == expected)
        .values(version_number=expected + 1, updated_at=at, **settings)
        .returning(Flow.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(flow)
    if claimed is None:
        raise Conflict(current_version(flow))
    former = [] if before is None else before.body["steps"]
    steps = former if steps is None else sorted(steps, key=lambda step: step["number"])
    if steps is not former:
        check_steps(flow, steps, former)
        record_uses(flow, steps)
    version = FlowVersion(
        project_id=flow.project_id,
        flow_id=flow.id,
        number=expected + 1,
        body=body_of(flow, steps),
        created_at=at,
        created_by_id=None if by is None else by.id,
    )
    db.session.add(version)
    if {"cron", "time_zone", "is_active"} & settings.keys():
        set_next(flow, at)
    if expected:
        bus.record("flow.updated", flow.project_id, {"flow": flow.name}, flow_id=flow.id)
    return version


def change_steps(
    flow: Flow,
    by: User | None,
    change: Callable[[list[StepValues]], list[StepValues]],
    *,
    expected: int,
) -> FlowVersion:
    """Save what `change` makes of a copy of the steps; raises as save does. Does not commit."""
    before = version_of(flow, expected)
    steps = change([dict(values) for values in before.body["steps"]])
    return save(flow, by, expected=expected, steps=steps)


def insert_step(
    flow: Flow,
    by: User | None,
    values: StepValues,
    *,
    expected: int,
    after: str | None = None,
    into: str | None = None,
) -> FlowVersion:
    """Put a step behind another or at the end of a block, else at the end of the flow."""
    return change_steps(
        flow, by, lambda steps: inserted(steps, values, after, into), expected=expected
    )


def update_step(
    flow: Flow, by: User | None, uid: str, values: StepValues, *, expected: int
) -> FlowVersion:
    """Put `values` in the place of a step, whose uid and place stay; raises StepGone."""

    def change(steps: list[StepValues]) -> list[StepValues]:
        at = place_of(uid, steps)
        kept = {name: steps[at][name] for name in ("uid", "number", "parent")}
        steps[at] = {**values, **kept}
        return steps

    return change_steps(flow, by, change, expected=expected)


def move_step(
    flow: Flow, by: User | None, uid: str, parent: str | None, index: int, *, expected: int
) -> FlowVersion:
    """Put a step, with all it holds, at a place in a block; raises StepGone, CannotMove."""
    return change_steps(flow, by, lambda steps: moved(steps, uid, parent, index), expected=expected)


def shift_step(flow: Flow, by: User | None, uid: str, lines: int, *, expected: int) -> FlowVersion:
    """Put a step one line up (-1) or down (1), into and out of blocks; raises as move_step."""
    return change_steps(flow, by, lambda steps: shifted(steps, uid, lines), expected=expected)


def duplicate_step(
    flow: Flow, by: User | None, uid: str, new_uid: str, *, expected: int
) -> FlowVersion:
    """Put a copy behind a step, with all it holds and secret values; raises StepGone."""
    return change_steps(flow, by, lambda steps: duplicated(steps, uid, new_uid), expected=expected)


def toggle_step(
    flow: Flow, by: User | None, uid: str, enabled: bool, *, expected: int
) -> FlowVersion:
    """Switch a step on or off; raises StepGone."""

    def change(steps: list[StepValues]) -> list[StepValues]:
        steps[place_of(uid, steps)]["enabled"] = enabled
        return steps

    return change_steps(flow, by, change, expected=expected)


def delete_step(flow: Flow, by: User | None, uid: str, *, expected: int) -> FlowVersion:
    """Delete a step, all it holds and the branches behind it; raises StepGone."""
    return change_steps(flow, by, lambda steps: removed(steps, uid), expected=expected)


def restore_step(flow: Flow, by: User | None, uid: str, from_version: int) -> FlowVersion:
    """Put a deleted step back to where an older version has it; raises StepGone.

    It does not matter what was changed since: it is put into the flow as that is now.
    """
    old = version_of(flow, from_version).body["steps"]
    tries = TRIES
    while True:
        try:
            return change_steps(
                flow, by, lambda steps: restored(steps, old, uid), expected=flow.version_number
            )
        except Conflict:
            db.session.rollback()  # somebody saved just now: once more, on top of that
            tries -= 1
            if not tries:
                raise


def duplicate_flow(flow: Flow, by: User | None) -> Flow:
    """A paused copy with the same steps and files, under a name that says so. Does not commit."""
    body = current_version(flow).body
    project = db.session.get_one(Project, flow.project_id)
    suffix = " (copy)"
    copy = create_flow(
        project,
        by,
        name=flow.name[: NAME_LENGTH - len(suffix)] + suffix,
        url=flow.url,
        browser=flow.browser,
        cron=flow.cron,
        time_zone=flow.time_zone,
        steps=body["steps"],
        step_timeout_seconds=flow.step_timeout_seconds,
        run_timeout_seconds=flow.run_timeout_seconds,
    )
    copy_files(flow, copy)
    return copy


def activate(flow: Flow) -> None:
    """Let the clock play the flow; does not commit."""
    _switch(flow, True, "flow.activated")


def pause(flow: Flow) -> None:
    """Runs that are on go on; no further one is scheduled. Does not commit."""
    _switch(flow, False, "flow.paused")


def delete_flow(flow: Flow) -> None:
    """Delete the flow with its versions, files, runs, pictures and incidents. Does not commit.

    A worker that plays one of its runs finds the row gone and stops. Raises FlowUsed while other
    flows hold it: they would go on without a part of themselves, and nobody would know why.
    """
    project_id, name, flow_id = flow.project_id, flow.name, flow.id
    hold_uses(project_id)
    if users := direct_users(flow):
        raise FlowUsed(flow, users)
    db.session.delete(flow)
    db.session.flush()  # rows before events: see bus.record
    bus.record("flow.deleted", project_id, {"flow": name}, flow_id=flow_id)


def set_next(flow: Flow, at: datetime) -> None:
    """When the clock plays the flow next, seen from `at`."""
    due = flow.is_active and flow.cron
    flow.next_at = cron.next_after(flow.cron, flow.time_zone, at) if due and flow.cron else None


def _switch(flow: Flow, is_active: bool, event: str) -> None:
    if flow.is_active == is_active:
        return
    flow.is_active = is_active
    set_next(flow, clock.now())
    bus.record(event, flow.project_id, {"flow": flow.name}, flow_id=flow.id)


def version_of(flow: Flow, number: int) -> FlowVersion:
    """That version of the flow; raises Conflict when there is none of that number."""
    found = db.session.scalar(
        select(FlowVersion).where(FlowVersion.flow_id == flow.id, FlowVersion.number == number)
    )
    if found is None:
        raise Conflict(current_version(flow))
    return found
