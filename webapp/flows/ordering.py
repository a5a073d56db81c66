"""The order of a flow's steps: find, number and check them. Pure lists in, lists out."""

from collections.abc import Iterable, Sequence

from webapp.flows.bodies import StepValues


class NumberTaken(Exception):
    """Two steps of a flow would have the same number."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"There are two steps with number {number}. Give each step a number of its own."
        )
        self.number = number


class StepGone(Exception):
    """The step is not in this version of the flow (any more)."""

    def __init__(self, uid: str) -> None:
        super().__init__("That step is not in the flow any more; it was deleted meanwhile.")
        self.uid = uid


def place_of(uid: str, steps: Sequence[StepValues]) -> int:
    """The index of a step; raises StepGone."""
    for index, step in enumerate(steps):
        if step["uid"] == uid:
            return index
    raise StepGone(uid)


def renumbered(steps: Iterable[StepValues]) -> list[StepValues]:
    """The same steps, numbered 1, 2, 3 … in the order in which they come."""
    return [{**step, "number": number} for number, step in enumerate(steps, start=1)]


def unique(steps: Iterable[StepValues]) -> list[StepValues]:
    """The same steps; raises NumberTaken when two of them have one number."""
    seen: set[int] = set()
    kept = list(steps)
    for step in kept:
        if step["number"] in seen:
            raise NumberTaken(step["number"])
        seen.add(step["number"])
    return kept
