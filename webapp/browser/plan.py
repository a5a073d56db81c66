"""What is to be played, and what is told of each step while it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from webapp.browser.actions import ACTIONS
from webapp.browser.actions.registry import Block
from webapp.browser.locators import Locator
from webapp.browser.steps import Step
from webapp.browser.tree import Node, Shared, grow

State = Literal["passed", "healed", "failed", "errored", "skipped"]
HELD: frozenset[State] = frozenset({"passed", "healed"})


# The window is made before there is a page in it.
BEFORE_A_PAGE = frozenset({"resize"})


def opens_itself(steps: Iterable[tuple[str, bool]]) -> bool:
    """Whether a flow opens a page before it does anything with one, by (action, enabled)."""
    for name, enabled in steps:
        action = ACTIONS[name]
        if not enabled or (not action.touches_page and not issubclass(action, Block)):
            continue
        if name not in BEFORE_A_PAGE:
            return name == "open"
    return False


@dataclass(frozen=True)
class Plan:
    """What is to be played. `run_deadline` is an aware UTC instant."""

    url: str
    steps: tuple[Step, ...]
    step_timeout_seconds: float = 10.0
    run_deadline: datetime | None = None
    allow_private: bool = False
    own_addresses: tuple[str, ...] = ()  # services of ours, never to be visited
    allow_scripts: bool = True  # whether steps may run JavaScript of their author
    pictures: bool = True
    # The flows that shared steps refer to, by id.
    shared: Mapping[int, Shared] = field(default_factory=dict)
    # Files that are stored with the flow, by name.
    files: Mapping[str, Path] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The steps as a tree; step 0 opens the flow's address, unless a step does."""
        if opens_itself((step.action, step.enabled) for step in self.steps):
            return grow(self.steps, self.shared)
        opening = Step(number=0, action="open", content=self.url, options={"status": None})
        return (Node(opening, "0"), *grow(self.steps, self.shared, first_position=1))

    @cached_property
    def written(self) -> tuple[Node, ...]:
        """All steps in the order in which they are written, those in blocks behind their block."""
        return tuple(found for node in self.nodes for found in node.walk())


@dataclass(frozen=True)
class Began:
    """A step starts now. `ordinal` counts what was played, `node` says where it is written.

    Neither tells a secret.
    """

    ordinal: int
    step: Step
    node: Node
    iteration: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a step, with its variables filled in; nothing in it tells a secret."""

    ordinal: int
    step: Step
    state: State
    node: Node
    iteration: int | None = None  # the round of the loop around it, from 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_ms: int | None = None
    error: str | None = None
    expected: str | None = None
    found: str | None = None
    page_url: str | None = None
    page_title: str | None = None
    locator: Locator | None = None
    match_count: int | None = None
    matches: tuple[tuple[Locator, int], ...] = ()
    healed: str = ""  # which candidate found the element, and why those before it did not
    refused: bool = False  # errored because our own rule forbids the address
    screenshot: bytes | None = None
    screenshot_note: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def breaks(self) -> bool:
        """Whether the run cannot go on as if nothing had been."""
        failed = self.state == "failed" and self.step.on_failure == "stop"
        return failed or self.state == "errored"
