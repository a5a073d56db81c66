"""Which steps a run plays, in which order: the flow's address first, unless a step opens one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from webapp.browser.steps import Step
from webapp.flows.bodies import closed_steps
from webapp.flows.models import FlowVersion


@dataclass(frozen=True)
class Planned:
    """A step as a run will play it; `step` is None for the opening of the flow's address."""

    ordinal: int
    url: str
    step: Step | None

    @property
    def number(self) -> int:
        return 0 if self.step is None else self.step.number

    @property
    def action(self) -> str:
        return "open" if self.step is None else self.step.action

    @property
    def uid(self) -> str:
        return "address" if self.step is None else self.step.uid

    @property
    def parent(self) -> str | None:
        return None if self.step is None else self.step.parent

    @cached_property
    def title(self) -> str:
        return f"Open {self.url}" if self.step is None else self.step.title

    @property
    def locators(self) -> list[dict[str, str]]:
        return [] if self.step is None else [one.model_dump() for one in self.step.locators]


def planned_steps(version: FlowVersion) -> tuple[Planned, ...]:
    """Every step, switched off ones too, numbered from ordinal 0; secrets stay closed."""
    steps: list[Step | None] = [*closed_steps(version)]
    if opens_address(version.body):
        steps.insert(0, None)
    url = version.body["url"]
    return tuple(Planned(ordinal, url, step) for ordinal, step in enumerate(steps))


def count_steps(body: dict[str, Any]) -> int:
    return len(body["steps"]) + opens_address(body)


def opens_address(body: dict[str, Any]) -> bool:
    """Whether the run opens the flow's address by itself, as step 0."""
    first = next((values for values in body["steps"] if values["enabled"]), None)
    return first is None or first["action"] != "open"
