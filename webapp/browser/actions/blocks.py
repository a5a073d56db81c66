"""Steps that hold other steps: they decide whether, and how often, these are played."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field as Option

from webapp.browser.actions.conditions import Conditional, ConditionOptions
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keeping import NAME_EXTRA, VariableName, keep, shown
from webapp.browser.actions.registry import Block, BlockKind, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page
from webapp.browser.variables import HOLE, holes_in

if TYPE_CHECKING:
    from webapp.browser.steps import Step

MOST_ROUNDS = 10_000


def _limit() -> Any:
    return Option(
        1000,
        title="Limit of rounds",
        ge=1,
        le=MOST_ROUNDS,
        description="A loop that would go on beyond it fails.",
        json_schema_extra={"right": f"a whole number from 1 to {MOST_ROUNDS:,}"},
    )


class LoopOptions(Options):
    limit: int = _limit()


class WhileOptions(ConditionOptions):
    limit: int = _limit()


class ForEachOptions(Options):
    variable: VariableName = Option(
        title="Variable for each", min_length=1, json_schema_extra=NAME_EXTRA
    )
    limit: int = _limit()


class SharedOptions(Options):
    flow: int = Option(
        title="Flow", ge=1, json_schema_extra={"right": "the number of a flow of this project"}
    )


class Group(Block, name="group", label="Group", group="Blocks", icon="folder"):
    """Steps that belong together, under one name; also to be always played, or switched off."""

    kind: ClassVar[BlockKind] = "once"

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        return Finding()


class If(Conditional, name="if", label="If", group="Blocks", icon="git-branch"):
    """Play the steps in it if a condition holds now, or within the time that it is given."""

    kind: ClassVar[BlockKind] = "branch"
    imports: ClassVar[tuple[str, ...]] = ("side:if",)

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        return self.ask(step, page)


class ElseIf(Conditional, name="else_if", label="Else if", group="Blocks", icon="git-fork"):
    """Play the steps in it if no branch before it was taken and its own condition holds."""

    kind: ClassVar[BlockKind] = "branch"
    follows: ClassVar[tuple[str, ...]] = ("if", "else_if")
    imports: ClassVar[tuple[str, ...]] = ("side:elseIf",)

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        return self.ask(step, page)


class Else(Block, name="else", label="Else", group="Blocks", icon="corner-down-right"):
    """Play the steps in it if no branch before it was taken."""

    kind: ClassVar[BlockKind] = "branch"
    follows: ClassVar[tuple[str, ...]] = ("if", "else_if")
    imports: ClassVar[tuple[str, ...]] = ("side:else",)

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        return Finding()


class While(Conditional, name="while", label="While", group="Blocks", icon="repeat"):
    """Play the steps in it again and again, as long as a condition holds before each round."""

    kind: ClassVar[BlockKind] = "loop"
    imports: ClassVar[tuple[str, ...]] = ("side:while",)
    Options: ClassVar[type[Options]] = WhileOptions

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        finding = self.ask(step, page)
        if finding.holds:
            _check_limit(step, rounds)
        return finding


class DoWhile(Conditional, name="do_while", label="Do … while", group="Blocks", icon="rotate"):
    """Play the steps in it once, and again as long as a condition holds after each round."""

    kind: ClassVar[BlockKind] = "loop"
    imports: ClassVar[tuple[str, ...]] = ("side:do", "side:repeatIf")
    Options: ClassVar[type[Options]] = WhileOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        return super().summary(step).replace(cls.label, "Do, and again while", 1)

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        if rounds == 0:
            return Finding(notes=("The first round is played without asking.",))
        finding = self.ask(step, page)
        if finding.holds:
            _check_limit(step, rounds)
        return finding


class Repeat(Block, name="repeat", label="Repeat", group="Blocks", icon="rotate-clockwise"):
    """Play the steps in it so many times."""

    kind: ClassVar[BlockKind] = "loop"
    content: ClassVar[Field | None] = Field(
        "content", "Times", kind="number", required=True, placeholder="3"
    )
    imports: ClassVar[tuple[str, ...]] = ("side:times",)
    Options: ClassVar[type[Options]] = LoopOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        text = content.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            return f"“{content[:60]}” is not a whole number of times from 0."
        if int(text) > (limit := int(options.get("limit", 1000))):
            return f"{int(text):,} times are more than the limit of this loop, {limit:,} rounds."
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Repeat {step.content} times"

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        times = int(step.content or 0)
        if rounds >= times:
            return Finding(found=f"{rounds} of {times} rounds were played", holds=False)
        return Finding(found=f"round {rounds + 1} of {times}")


class ForEach(Block, name="for_each", label="For each", group="Blocks", icon="list-details"):
    """Play the steps in it for each entry of a list, which stands in a variable."""

    kind: ClassVar[BlockKind] = "loop"
    content: ClassVar[Field | None] = Field(
        "content", "Variable that holds the list", required=True, placeholder="products"
    )
    fills_content: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("side:forEach",)
    Options: ClassVar[type[Options]] = ForEachOptions

    def __init__(self) -> None:
        self._entries: list[Any] = []

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"For each {step.options.get('variable')} of {step.content}"

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        if rounds == 0:  # what the steps in it do to the variable does not change the loop
            self._entries = _list_of(step, page)
        if rounds >= len(self._entries):
            return Finding(found=f"{rounds} of {len(self._entries)} rounds", holds=False)
        _check_limit(step, rounds)
        note = keep(page, str(step.options["variable"]), self._entries[rounds])
        return Finding(found=f"round {rounds + 1} of {len(self._entries)}", notes=(note,))


class SharedSteps(Block, name="shared", label="Shared steps", group="Blocks", icon="puzzle"):
    """Play the steps of another flow here, as they are in its newest version."""

    kind: ClassVar[BlockKind] = "shared"
    imports: ClassVar[tuple[str, ...]] = ("side:run",)
    Options: ClassVar[type[Options]] = SharedOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Play the steps of flow {step.options.get('flow')}"

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        if not self.holds_steps:
            raise StepFailed(
                f"The flow {step.options.get('flow')}, whose steps are played here, is gone or has "
                "no steps. Choose another one, or remove this step.",
                "a flow with steps",
                "none",
            )
        return Finding()


def _check_limit(step: Step, rounds: int) -> None:
    limit = int(step.options.get("limit", 1000))
    if rounds >= limit:
        raise StepFailed(
            f"The loop has played {rounds:,} rounds, which is its limit, and would go on.",
            f"at most {limit:,} rounds",
            "more",
        )


def _list_of(step: Step, page: Page) -> list[Any]:
    """The list in the variable that the content names, as `products` or as `{{ products }}`."""
    written = (step.content or "").strip()
    hole = HOLE.fullmatch(written)
    value = page.variables.read(hole[2] if hole and holes_in(written) else written, step)
    if isinstance(value, str):
        with contextlib.suppress(json.JSONDecodeError, RecursionError):
            value = json.loads(value)
    if isinstance(value, list):
        return list(value)
    raise StepFailed(
        f"The variable {written} holds no list but “{shown(value)}”. A list is set as JSON, like "
        '["tea", "milk"].',
        "a list",
        shown(value),
    )
