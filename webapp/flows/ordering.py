"""The order of a flow's steps and the blocks around them. Pure lists in, lists out.

A list holds a tree: a block stands before the steps it holds, and each of those names it as its
`parent`. An `if` and the `else` branches behind it are a family, which stays together.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import uuid4

from webapp.browser.actions.registry import ACTIONS, Block
from webapp.browser.steps import Step
from webapp.browser.tree import nesting_errors
from webapp.flows.bodies import StepValues

Steps = list[StepValues]


class StepGone(Exception):
    """The step is not in this version of the flow (any more)."""

    def __init__(self, uid: str) -> None:
        super().__init__("That step is not in the flow any more; it was deleted meanwhile.")
        self.uid = uid


class CannotMove(Exception):
    """The step has to stay where it is; the text says why."""


def place_of(uid: str, steps: Sequence[StepValues]) -> int:
    """The index of a step; raises StepGone."""
    for index, step in enumerate(steps):
        if step["uid"] == uid:
            return index
    raise StepGone(uid)


def renumbered(steps: Iterable[StepValues]) -> Steps:
    """The same steps, numbered 1, 2, 3 … in the order in which they come."""
    return [{**step, "number": number} for number, step in enumerate(steps, start=1)]


def end_of(at: int, steps: Sequence[StepValues]) -> int:
    """The index behind a step and all that it holds."""
    inside = {steps[at]["uid"]}
    end = at + 1
    while end < len(steps) and steps[end].get("parent") in inside:
        inside.add(steps[end]["uid"])
        end += 1
    return end


def family_of(at: int, steps: Sequence[StepValues]) -> int:
    """The index behind a step, all that it holds, and the branches that follow it."""
    end = end_of(at, steps)
    if not follows(steps[at]):
        while end < len(steps) and _is_branch_of(steps[end], steps[at]):
            end = end_of(end, steps)
    return end


def follows(step: StepValues) -> tuple[str, ...]:
    """The actions directly behind which it has to stand, as `else` behind `if`."""
    action = ACTIONS.get(step["action"])
    return action.follows if action and issubclass(action, Block) else ()


def holds_steps(name: str) -> bool:
    """Whether steps may be put into one of this action; a shared step's are another flow's."""
    action = ACTIONS.get(name)
    return action is not None and issubclass(action, Block) and action.kind != "shared"


def nesting_mistakes(steps: Sequence[StepValues]) -> list[tuple[int, str, str]]:
    """What is wrong with the blocks, as browser.tree has it: (number, field, sentence)."""
    return nesting_errors(
        [
            Step.model_construct(
                uid=step["uid"],
                number=step["number"],
                name=step["name"],
                action=step["action"],
                parent=step.get("parent"),
            )
            for step in steps
        ]
    )


def inserted(
    steps: Steps, values: StepValues, after: str | None = None, into: str | None = None
) -> Steps:
    """With a new step behind another, or at the end of a block; else at the end of the flow."""
    uids = [step["uid"] for step in steps]
    parent, at = None, len(steps)
    if into in uids:
        parent, at = into, end_of(uids.index(into), steps)
    elif after in uids:
        sibling = steps[uids.index(after)]
        parent, at = sibling.get("parent"), end_of(uids.index(after), steps)
        while not follows(values) and at < len(steps) and _is_branch_of(steps[at], sibling):
            at = end_of(at, steps)
    return renumbered([*steps[:at], {**values, "parent": parent}, *steps[at:]])


def removed(steps: Steps, uid: str) -> Steps:
    """Without a step, what it holds, and the branches that follow it."""
    at = place_of(uid, steps)
    return renumbered([*steps[:at], *steps[family_of(at, steps) :]])


def family(steps: Steps, uid: str) -> Steps:
    """A step, what it holds, and the branches that follow it."""
    at = place_of(uid, steps)
    return steps[at : family_of(at, steps)]


def duplicated(steps: Steps, uid: str, new_uid: str) -> Steps:
    """With a copy behind a step: of all that it holds too, each under a uid of its own."""
    at = place_of(uid, steps)
    end = family_of(at, steps)
    uids = {step["uid"]: uuid4().hex for step in steps[at:end]} | {uid: new_uid}
    copies = [
        {**step, "uid": uids[step["uid"]], "parent": uids.get(step["parent"], step["parent"])}
        for step in steps[at:end]
    ]
    return renumbered([*steps[:end], *copies, *steps[end:]])


def moved(steps: Steps, uid: str, parent: str | None, index: int) -> Steps:
    """With a step at another place: in a block (None is the flow itself), counted from 0.

    The place is counted among the other steps there. Raises StepGone, CannotMove.
    """
    at = place_of(uid, steps)
    end = family_of(at, steps)
    those = {step["uid"] for step in steps[at:end]}
    if parent in those:
        raise CannotMove("A block cannot be put into itself.")
    if parent is not None:
        place_of(parent, steps)
    siblings = [step["uid"] for step in steps if step["parent"] == parent and step["uid"] != uid]
    behind = [other for other in siblings[max(index, 0) :] if other not in those]
    rest = steps[:at] + steps[end:]
    if behind:
        to = place_of(behind[0], rest)
    else:
        to = len(rest) if parent is None else end_of(place_of(parent, rest), rest)
    return _put(rest, steps[at:end], parent, to)


def shifted(steps: Steps, uid: str, by: int) -> Steps:
    """With a step one line up (-1) or down (1): past the next step, into a block or out of it.

    Raises StepGone, and CannotMove when there is no further place for it.
    """
    at = place_of(uid, steps)
    end = family_of(at, steps)
    those, rest = steps[at:end], steps[:at] + steps[end:]
    parent = steps[at]["parent"]
    places = list(_places(rest))
    if follows(steps[at]):
        places = [place for place in places if place[0] == parent]
    here = places.index((parent, at))
    further = places[here + 1 :] if by > 0 else places[:here][::-1]
    if follows(steps[at]):
        further = further[:1]
    for to_parent, to in further:
        tried = _put(rest, those, to_parent, to)
        if not nesting_mistakes(tried):
            return tried
    raise CannotMove(_why_it_stays(steps[at], by))


def restored(steps: Steps, old: Steps, uid: str) -> Steps:
    """With a deleted step, and what it held, back where an older version has it.

    It stands before its next neighbour of then, or behind the one before; when its block is gone
    too, in the block around that. Raises StepGone.
    """
    there = {step["uid"]: step for step in steps}
    back = [step for step in family(old, uid) if step["uid"] not in there]
    if not back or back[0]["uid"] != uid:
        return steps  # it is back already
    parents = {step["uid"]: step["parent"] for step in old}
    parent = back[0]["parent"]
    while parent is not None and not (parent in there and holds_steps(there[parent]["action"])):
        parent = parents.get(parent)
    return _put(steps, back, parent, _place_back(steps, old, back[0], parent))


def _place_back(steps: Steps, old: Steps, head: StepValues, parent: str | None) -> int:
    """Where a deleted step is put: before its next neighbour of then that is still there."""
    order = [step["uid"] for step in old]
    at = order.index(head["uid"])
    later, earlier = set(order[at + 1 :]), set(order[:at])
    to = 0 if parent is None else place_of(parent, steps) + 1
    for index, step in enumerate(steps):
        if step["parent"] == parent and step["uid"] in later:
            return index
        if step["parent"] == parent and step["uid"] in earlier:
            to = end_of(index, steps)
    while not follows(head) and to < len(steps) and _is_branch_of(steps[to], {"parent": parent}):
        to = end_of(to, steps)
    return to


def _put(rest: Steps, those: Steps, parent: str | None, at: int) -> Steps:
    """A family, whose head and branches get the parent, at an index of the other steps."""
    before = those[0]["parent"]
    placed = [{**step, "parent": parent} if step["parent"] == before else step for step in those]
    return renumbered([*rest[:at], *placed, *rest[at:]])


def _places(steps: Steps) -> Iterator[tuple[str | None, int]]:
    """Each place that a step can take, from first to last: its parent, and the index there."""
    open_blocks: list[tuple[str, int]] = []
    for index, step in enumerate(steps):
        while open_blocks and open_blocks[-1][1] <= index:
            yield open_blocks.pop()
        yield step["parent"], index
        if holds_steps(step["action"]):
            open_blocks.append((step["uid"], end_of(index, steps)))
    yield from reversed(open_blocks)
    yield None, len(steps)


def _why_it_stays(step: StepValues, by: int) -> str:
    if names := follows(step):
        first = ACTIONS[names[0]].label
        return f"It stays with its “{first}”. Move that one, and it comes along."
    return "It is the first step already." if by < 0 else "It is the last step already."


def _is_branch_of(step: StepValues, head: StepValues) -> bool:
    return bool(follows(step)) and step.get("parent") == head.get("parent")
