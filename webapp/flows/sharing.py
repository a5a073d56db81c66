"""Flows that are parts of others: which uses which, and that none becomes a part of itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import delete, select

from webapp.accounts.models import Project
from webapp.browser.actions.registry import ACTIONS, Block
from webapp.browser.tree import MOST_EXPANDED, MOST_LEVELS
from webapp.extensions import db
from webapp.flows.bodies import StepValues
from webapp.flows.checking import Mistake, StepsRefused
from webapp.flows.models import Flow, FlowUse, FlowVersion

Edges = Mapping[int, Sequence[int]]


class FlowUsed(Exception):
    """The flow cannot be deleted, since others hold it as a shared step."""

    def __init__(self, flow: Flow, users: Sequence[Flow]) -> None:
        names = ", ".join(f"“{user.name}”" for user in users[:10])
        names += f" and {len(users) - 10} more" if len(users) > 10 else ""
        super().__init__(
            f"“{flow.name}” is a part of {names}, which could not be played without it. Take the "
            "shared step out there first; then it can be deleted."
        )
        self.users = list(users)


def shares(name: str) -> bool:
    """Whether a step of this action stands for all steps of another flow."""
    action = ACTIONS.get(name)
    return action is not None and issubclass(action, Block) and action.kind == "shared"


def used_by(steps: Iterable[StepValues]) -> Counter[int]:
    """The flows that shared steps refer to, and how often."""
    return Counter(int(step["options"]["flow"]) for step in steps if shares(step["action"]))


def record_uses(flow: Flow, steps: Sequence[StepValues]) -> None:
    """Keep the rows of the flow's shared steps true; raises StepsRefused. Does not commit."""
    wanted = used_by(steps)
    rows = select(FlowUse).where(FlowUse.flow_id == flow.id)
    have = {row.uses_id: row for row in db.session.scalars(rows)}
    if wanted.keys() == have.keys():
        _refuse_too_large(flow, steps)
        return
    hold_uses(flow.project_id)
    edges = _edges(flow.project_id)
    for step in steps:
        if not shares(step["action"]):
            continue
        if sentence := _use_error(flow, int(step["options"]["flow"]), edges):
            mistake = Mistake(step["uid"], step["number"], "options.flow", sentence)
            raise StepsRefused([mistake])
    _refuse_too_large(flow, steps)
    if gone := have.keys() - wanted.keys():
        mine = FlowUse.flow_id == flow.id
        db.session.execute(delete(FlowUse).where(mine, FlowUse.uses_id.in_(gone)))
    for uses_id in sorted(wanted.keys() - have.keys()):
        db.session.add(FlowUse(project_id=flow.project_id, flow_id=flow.id, uses_id=uses_id))
    db.session.flush()


def hold_uses(project_id: int) -> None:
    """Let only one change of a project's shared steps be decided at a time, until the commit.

    Two flows that take each other in at once would each see no cycle. No stronger lock than this:
    whoever inserts a row of the project refers to it, and must not wait for us to wait for them.
    """
    project = select(Project.id).where(Project.id == project_id)
    db.session.execute(project.with_for_update(key_share=True))


def direct_users(flow: Flow) -> Sequence[Flow]:
    """The flows that hold this one as a shared step, by name."""
    using = select(Flow).join(FlowUse, FlowUse.flow_id == Flow.id)
    return db.session.scalars(using.where(FlowUse.uses_id == flow.id).order_by(Flow.name)).all()


def all_users(flow: Flow) -> Sequence[Flow]:
    """The flows that a change of this one changes too, also through others; by name."""
    if not direct_users(flow):
        return []
    ids = _reached(flow.id, _reversed(_edges(flow.project_id)))
    return db.session.scalars(select(Flow).where(Flow.id.in_(ids)).order_by(Flow.name)).all()


def flows_to_share(flow: Flow) -> Sequence[tuple[int, str]]:
    """The flows of the project that can be a part of this one: id and name, by name."""
    edges = _reversed(_edges(flow.project_id))
    never = {flow.id, *_reached(flow.id, edges)}
    mine = select(Flow.id, Flow.name).where(Flow.project_id == flow.project_id)
    rows = db.session.execute(mine.order_by(Flow.name, Flow.id))
    return [(row.id, row.name) for row in rows if row.id not in never]


def parts_of(flow: Flow) -> Sequence[FlowVersion]:
    """The newest versions of the flows that this one holds, also through others."""
    ids = _reached(flow.id, _edges(flow.project_id))
    newest = select(FlowVersion).join(Flow, Flow.id == FlowVersion.flow_id)
    newest = newest.where(FlowVersion.number == Flow.version_number, Flow.id.in_(ids))
    return db.session.scalars(newest).all() if ids else []


def _newest(project_id: int, flow_id: int) -> FlowVersion | None:
    newest = select(FlowVersion).join(Flow, Flow.id == FlowVersion.flow_id)
    return db.session.scalar(
        newest.where(
            Flow.id == flow_id,
            Flow.project_id == project_id,
            FlowVersion.number == Flow.version_number,
        )
    )


def _use_error(flow: Flow, uses_id: int, edges: Edges) -> str:
    """Why the flow cannot hold that one; empty if it can."""
    there = 0 < uses_id < 2**63 and db.session.scalar(
        select(Flow.name).where(Flow.id == uses_id, Flow.project_id == flow.project_id)
    )
    if not there:
        return f"There is no flow {uses_id} that belongs to you; choose one of yours."
    path = _path(uses_id, flow.id, edges)
    if path is None:
        return ""
    names = _names(path)
    if len(path) == 1:
        return f"“{flow.name}” would be a part of itself, and a run of it would not end."
    links = " and ".join(f"“{names[one]}” holds “{names[other]}”" for one, other in pairwise(path))
    return f"“{flow.name}” would be a part of itself, and a run of it would not end: {links}."


def _refuse_too_large(flow: Flow, steps: Sequence[StepValues]) -> None:
    """Shared steps multiply: neither this flow nor one that uses it may outgrow what can be played.

    Not only its rows: flows that hold each other a hundred times over would keep a worker busy
    for ever before the first step.
    """
    users = all_users(flow)
    if not steps or not (users or used_by(steps)):
        return
    culprit = next((step for step in steps if shares(step["action"])), steps[0])
    sizes = _Sizes(flow, steps)
    for one in (flow, *users):
        count, levels = sizes.of(one.id)
        if count > MOST_EXPANDED or levels > MOST_LEVELS:
            what = f"{count:,} steps" if count > MOST_EXPANDED else f"{levels} levels"
            sentence = (
                f"With its shared steps “{one.name}” would have {what}; at most "
                f"{MOST_EXPANDED:,} steps and {MOST_LEVELS} levels go."
            )
            field = "options.flow" if shares(culprit["action"]) else "step"
            raise StepsRefused([Mistake(culprit["uid"], culprit["number"], field, sentence)])


class _Sizes:
    """How many steps flows have with those of their shared steps, and how deep these go."""

    def __init__(self, flow: Flow, steps: Sequence[StepValues]) -> None:
        self.project_id = flow.project_id
        self.known: dict[int, tuple[int, int]] = {}
        self.steps = {flow.id: steps}

    def of(self, flow_id: int) -> tuple[int, int]:
        if flow_id not in self.known:
            steps = self.steps.get(flow_id)
            if steps is None:
                version = _newest(self.project_id, flow_id)
                steps = [] if version is None else version.body["steps"]
            count, levels = len(steps), 0
            for used, times in used_by(steps).items():
                inside, below = self.of(used)
                count, levels = count + times * inside, max(levels, below + 1)
            self.known[flow_id] = count, levels
        return self.known[flow_id]


def _edges(project_id: int) -> dict[int, list[int]]:
    """Which flows each flow of the project holds."""
    edges: dict[int, list[int]] = {}
    rows = select(FlowUse.flow_id, FlowUse.uses_id).where(FlowUse.project_id == project_id)
    for flow_id, uses_id in db.session.execute(rows):
        edges.setdefault(flow_id, []).append(uses_id)
    return edges


def _reversed(edges: Edges) -> dict[int, list[int]]:
    turned: dict[int, list[int]] = {}
    for flow_id, used in edges.items():
        for uses_id in used:
            turned.setdefault(uses_id, []).append(flow_id)
    return turned


def _reached(start: int, edges: Edges) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for after in edges.get(waiting.pop(), ()):
            if after not in found:
                found.add(after)
                waiting.append(after)
    return found


def _path(start: int, to: int, edges: Edges) -> list[int] | None:
    """The way from one flow to another along what they hold; None if there is none."""
    paths, seen = [[start]], {start}
    for path in paths:  # grows while it is walked
        if path[-1] == to:
            return path
        for after in edges.get(path[-1], ()):
            if after not in seen:
                seen.add(after)
                paths.append([*path, after])
    return None


def _names(ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Flow.id, Flow.name).where(Flow.id.in_(list(ids))))
    return {row.id: row.name for row in rows}
