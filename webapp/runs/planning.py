"""Which steps a run plays, in which order: the flow's address first, unless a step opens one."""

from dataclasses import dataclass
from typing import Any

from webapp.browser.plan import Plan
from webapp.browser.steps import Step
from webapp.browser.tree import Node
from webapp.flows.bodies import closed_steps
from webapp.flows.models import FlowVersion

# The opening of the flow's address is no step of the flow, and has no uid of its own.
ADDRESS = "address"


@dataclass(frozen=True)
class Planned:
    """A step as a run will play it; number 0 opens the flow's address. Secrets stay closed.

    `position` counts the steps as they are written; loops play some of them many times.
    """

    node: Node

    @property
    def position(self) -> int:
        return self.node.position

    @property
    def step(self) -> Step:
        return self.node.step

    @property
    def number(self) -> int:
        return self.step.number

    @property
    def title(self) -> str:
        return self.step.title


def planned_steps(version: FlowVersion) -> tuple[Planned, ...]:
    """Every step, switched off ones too, in the order in which they are written."""
    plan = Plan(url=version.body["url"], steps=tuple(closed_steps(version)))
    return tuple(Planned(node) for node in plan.written)


def count_steps(body: dict[str, Any]) -> int:
    """The same, only counted, from the body of a version."""
    first = next((values for values in body["steps"] if values["enabled"]), None)
    opens_address = first is None or first["action"] != "open"
    return len(body["steps"]) + opens_address


def uid_of(step: Step) -> str:
    return step.uid if step.number else ADDRESS
