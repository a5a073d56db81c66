"""The steps of a flow as a tree: blocks hold steps, a shared step those of another flow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webapp.browser.actions import ACTIONS
from webapp.browser.actions.registry import Block
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step

MOST_LEVELS = 12
MOST_EXPANDED = 5_000


@dataclass(frozen=True)
class Shared:
    """A flow that is a part of others. `steps` are those of the version that is played."""

    flow_id: int
    name: str
    version: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Node:
    """A step with what it holds.

    `place` is its number as people read it, `3.2` inside the shared step 3. `position` counts all
    steps of the tree from 0, in the order in which they are written.
    """

    step: Step
    place: str
    position: int = 0
    children: tuple["Node", ...] = ()
    parent: str | None = field(default=None)  # uid of the block or shared step around it
    flow_id: int | None = None  # the flow that is shared, where it is written in one

    @property
    def block(self) -> type[Block] | None:
        action = ACTIONS[self.step.action]
        return action if issubclass(action, Block) else None

    @property
    def meets_dialog(self) -> bool:
        """Whether a dialog that is open concerns this step; those beside the page do not see it."""
        action = ACTIONS[self.step.action]
        concerned = action.touches_page and action.minds_dialogs
        return self.step.enabled and (concerned or self.block is not None)

    def walk(self) -> Iterator["Node"]:
        """Itself and all that it holds, in the order in which they are written."""
        yield self
        for child in self.children:
            yield from child.walk()


class Chain:
    """The branches behind an “If”: why the next ones are out, and whether they are always played.

    The latter is as its first branch has it.
    """

    def __init__(self, always: bool = False) -> None:
        self.always = always
        self.closed = ""

    def close(self, why: str, unless: bool = False) -> None:
        if not unless:
            self.closed = self.closed or why


def grow(
    steps: Sequence[Step], shared: Mapping[int, Shared] | None = None, first_position: int = 0
) -> tuple[Node, ...]:
    """The tree of these steps, which are in the order of their numbers; raises StepInvalid."""
    nodes = _grow(steps, shared or {}, (), "")
    return _placed(nodes, first_position)


def _placed(nodes: Sequence[Node], first: int) -> tuple[Node, ...]:
    counter = iter(range(first, first + MOST_EXPANDED + 1))

    def place(node: Node) -> Node:
        position = next(counter, None)
        if position is None or position - first >= MOST_EXPANDED:
            raise StepInvalid(
                [("steps", f"With its shared steps the flow has more than {MOST_EXPANDED:,}.")]
            )
        children = tuple(place(child) for child in node.children)
        return replace(node, position=position, children=children)

    return tuple(place(node) for node in nodes)


def _grow(
    steps: Sequence[Step], shared: Mapping[int, Shared], within: tuple[int, ...], prefix: str
) -> list[Node]:
    mistakes = nesting_errors(steps)
    if mistakes:
        raise StepInvalid([(f"steps[{number}].{name}", said) for number, name, said in mistakes])
    inside: dict[str | None, list[Step]] = {}
    for step in steps:
        inside.setdefault(step.parent, []).append(step)

    def node(step: Step) -> Node:
        children = [node(child) for child in inside.get(step.uid, [])]
        if step.action == "shared":
            children = _of_shared(step, shared, within, f"{prefix}{step.number}.")
        return Node(
            step,
            f"{prefix}{step.number}",
            children=tuple(replace(child, parent=step.uid) for child in children),
            flow_id=within[-1] if within else None,
        )

    return [node(step) for step in inside.get(None, [])]


def _of_shared(
    step: Step, shared: Mapping[int, Shared], within: tuple[int, ...], prefix: str
) -> list[Node]:
    """The steps of the flow that is shared; none when it is not known here, which its run says."""
    flow_id = int(step.options["flow"])
    found = shared.get(flow_id)
    if found is None:
        return []
    if flow_id in within or len(within) >= MOST_LEVELS:
        raise StepInvalid([("steps", f"“{found.name}” is a part of itself, which would not end.")])
    return _grow(found.steps, shared, (*within, flow_id), prefix)


def nesting_errors(steps: Sequence[Step]) -> list[tuple[int, str, str]]:
    """What is wrong with the blocks of a flow, as (number of the step, field, sentence)."""
    wrong: list[tuple[int, str, str]] = []
    path: list[Step] = []  # the step before, behind the blocks around it
    last_in: dict[str | None, Step] = {}
    for step in steps:
        depth = _depth(step, path)
        sentence = _parent_error(step, path[:depth], steps) or _order_error(step, last_in)
        if sentence:
            wrong.append((step.number, "parent", sentence))
        path = [*path[:depth], step]
        last_in[step.parent] = step
    return wrong


def _depth(step: Step, path: Sequence[Step]) -> int:
    """How many blocks are around the step, as far as they are open here."""
    uids = [one.uid for one in path]
    return uids.index(step.parent) + 1 if step.parent in uids else 0


def _order_error(step: Step, last_in: Mapping[str | None, Step]) -> str:
    action = ACTIONS[step.action]
    if not issubclass(action, Block) or not action.follows:
        return ""
    before = last_in.get(step.parent)
    if before is not None and before.action in action.follows:
        return ""
    names = " or ".join(f"“{ACTIONS[name].label}”" for name in action.follows)
    return f"“{action.label}” stands directly behind {names}, and nowhere else."


def _parent_error(step: Step, around: Sequence[Step], steps: Sequence[Step]) -> str:
    if step.parent is None:
        return ""
    if not around:
        known = next((one for one in steps if one.uid == step.parent), None)
        if known is None:
            return f"“{step.parent}” is not the uid of a step of this flow."
        return f"The steps in block {known.number} stand right behind it; this one stands apart."
    action = ACTIONS[around[-1].action]
    if not issubclass(action, Block) or action.kind == "shared":
        return f"Step {around[-1].number}, “{action.label}”, is no block: it holds no steps."
    if len(around) > MOST_LEVELS:
        return f"Blocks can be {MOST_LEVELS} deep at the most."
    return ""
