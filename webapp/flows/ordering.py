"""The order of a flow's steps: find and number them. Pure lists in, lists out."""

from collections.abc import Iterable, Sequence

from webapp.flows.bodies import StepValues


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
