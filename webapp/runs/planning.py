"""Which steps a run plays, in which order, and from which versions of the flows that it shares."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, tuple_

from webapp.browser.plan import Plan, opens_itself
from webapp.browser.steps import Step
from webapp.browser.tree import Node, Shared
from webapp.extensions import db
from webapp.flows.bodies import closed_steps, open_body
from webapp.flows.models import Flow, FlowVersion
from webapp.runs.models import Run, RunChange
from webapp.runs.states import State

# The opening of the flow's address is no step of the flow, and has no uid of its own.
ADDRESS = "address"
# How the change of a run to `starting` says which versions of other flows it took.
TAKEN = re.compile(r"flow (\d+) as version (\d+)")


@dataclass(frozen=True)
class Taken:
    """The versions that a run plays: its own, and by their ids those of the flows it shares."""

    version: FlowVersion
    shared: Mapping[int, FlowVersion] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What the history of the run says of it; `taken_by` reads it again."""
        each = [f"flow {one.flow_id} as version {one.number}" for one in self.shared.values()]
        return f"Plays {', '.join(each)}." if each else ""


@dataclass(frozen=True)
class Planned:
    """A step as a run will play it; number 0 opens the flow's address. Secrets stay closed.

    `position` counts the steps as they are written; loops play some of them many times. `within`
    are the names of the shared steps around it, `depth` counts all blocks around it.
    """

    node: Node
    within: tuple[str, ...] = ()
    depth: int = 0

    @property
    def position(self) -> int:
        return self.node.position

    @property
    def step(self) -> Step:
        return self.node.step

    @property
    def number(self) -> int:
        """Of the step of the flow itself: 3 for all that the shared step 3 holds."""
        return int(self.node.place.partition(".")[0])

    @property
    def title(self) -> str:
        return self.step.title

    @property
    def full_title(self) -> str:
        """`Log in › Type password` for a step of a flow that is shared."""
        return " › ".join((*self.within, self.title))


def take(version: FlowVersion) -> Taken:
    """The newest version of each flow of the project that it shares, and of those they share."""
    found: dict[int, FlowVersion] = {}
    asked: set[int] = set()
    missing = _shared_by([version])
    while missing:
        asked |= missing
        newest = (
            select(FlowVersion)
            .join(Flow, FlowVersion.flow_id == Flow.id)
            .where(
                Flow.id.in_(missing),
                Flow.project_id == version.project_id,
                FlowVersion.number == Flow.version_number,
            )
            .order_by(FlowVersion.flow_id)
        )
        level = db.session.scalars(newest).all()
        found |= {one.flow_id: one for one in level}
        missing = _shared_by(level) - asked
    return Taken(version, found)


def taken_by(run: Run) -> Taken:
    """What a run took when it started; the newest while it waits, nothing if it never began."""
    if not _shared_by([run.version]):
        return Taken(run.version)
    if run.state == State.QUEUED:
        return take(run.version)
    began = select(RunChange.reason).where(
        RunChange.run_id == run.id, RunChange.new == State.STARTING
    )
    reason = db.session.scalar(began.order_by(RunChange.id.desc()).limit(1)) or ""
    pairs = [(int(flow), int(number)) for flow, number in TAKEN.findall(reason)]
    if not pairs:
        return Taken(run.version)
    wanted = select(FlowVersion).where(
        FlowVersion.project_id == run.project_id,
        tuple_(FlowVersion.flow_id, FlowVersion.number).in_(pairs),
    )
    return Taken(run.version, {one.flow_id: one for one in db.session.scalars(wanted)})


def _shared_by(versions: Iterable[FlowVersion]) -> set[int]:
    steps = (values for version in versions for values in version.body["steps"])
    return {int(one["options"]["flow"]) for one in steps if one["action"] == "shared"}


def planned_steps(taken: Taken) -> tuple[Planned, ...]:
    """Every step, switched off ones too, in the order in which they are written."""
    steps, shared = _parts(taken, closed_steps)
    plan = Plan(url=taken.version.body["url"], steps=steps, shared=shared)
    return tuple(one for node in plan.nodes for one in _walk(node, (), 0))


def opened_parts(taken: Taken) -> tuple[tuple[Step, ...], dict[int, Shared]]:
    """The same for the engine, with secrets open; raises vault.SecretLost."""
    return _parts(taken, lambda version: open_body(version).steps)


def _walk(node: Node, within: tuple[str, ...], depth: int) -> Iterator[Planned]:
    yield Planned(node, within, depth)
    inside = (*within, node.step.title) if node.step.action == "shared" else within
    for child in node.children:
        yield from _walk(child, inside, depth + 1)


def _parts(
    taken: Taken, read: Callable[[FlowVersion], Sequence[Step]]
) -> tuple[tuple[Step, ...], dict[int, Shared]]:
    """Steps, and flows by their ids; a shared step without a name is called as its flow."""
    names = {flow_id: str(one.body["name"]) for flow_id, one in taken.shared.items()}

    def steps_of(version: FlowVersion) -> tuple[Step, ...]:
        return tuple(_named(step, names) for step in read(version))

    shared = {
        flow_id: Shared(flow_id, names[flow_id], one.number, steps_of(one))
        for flow_id, one in taken.shared.items()
    }
    return steps_of(taken.version), shared


def _named(step: Step, names: Mapping[int, str]) -> Step:
    if step.action != "shared" or step.name:
        return step
    name = names.get(int(step.options["flow"]))
    return step if name is None else step.model_copy(update={"name": name})


def count_steps(body: dict[str, Any]) -> int:
    """The steps of a version's body, as long as nobody has read which flows it shares."""
    written = ((values["action"], values["enabled"]) for values in body["steps"])
    return len(body["steps"]) + (not opens_itself(written))


def uid_of(step: Step) -> str:
    return step.uid if step.number else ADDRESS
