"""What makes a flow weak although it plays: nothing checked, fixed waits, fragile locators."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from webapp.browser.actions.registry import ACTIONS, Block
from webapp.browser.steps import Step
from webapp.browser.variables import holes_in
from webapp.flows.suspicion import looks_secret

Severity = Literal["problem", "warning", "hint"]
DEFAULT_LIMIT = 1000
# Places in a list or in the page: they change whenever something is added before them.
BY_POSITION = re.compile(
    r":nth-(last-)?(child|of-type)\(|\[\d+\]|\[position\(\)|\[last\(\)|^/html/|^/\*", re.IGNORECASE
)
ALWAYS_TRUE = frozenset({"true", "1", "!0"})
ALWAYS_FALSE = frozenset({"false", "0", "null", "undefined", '""', "''", "!1"})
# Actions that set the variable which their option names.
SETS = ("variable",)


@dataclass(frozen=True)
class Remark:
    """One weakness. `uid` and `number` are of the step it is about; None for the whole flow."""

    rule: str
    severity: Severity
    words: str
    number: int | None = None
    uid: str | None = None


Rule = Callable[[Sequence[Step]], Iterator[Remark]]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    RULES.append(check)
    return check


def lint(steps: Sequence[Step], already_true: Sequence[str] = ()) -> list[Remark]:
    """The weaknesses of a flow, those of the whole first, then step by step.

    `already_true` are the uids of assertions which held before the action in front of them when
    the flow was played last.
    """
    found = [remark for check in RULES for remark in check(steps)]
    found += _already_true(steps, already_true)
    return sorted(found, key=lambda remark: (remark.number or 0, remark.rule))


def _at(step: Step, rule_name: str, severity: Severity, words: str) -> Remark:
    return Remark(rule_name, severity, words, step.number, step.uid)


def _is_assertion(step: Step) -> bool:
    return ACTIONS[step.action].group == "Assertions"


@rule
def checks_nothing(steps: Sequence[Step]) -> Iterator[Remark]:
    if not any(step.enabled and _is_assertion(step) for step in steps):
        words = (
            "No step checks what the page shows: a run passes as long as nothing is in the way. "
            "Add an assertion, such as “Expect text”."
        )
        yield Remark("no-assertion", "warning", words)


@rule
def fixed_waits(steps: Sequence[Step]) -> Iterator[Remark]:
    for step in steps:
        if step.enabled and step.action == "wait":
            words = (
                f"It waits {step.content} s whatever happens: too short on a slow day, lost time "
                "on all others. Use “Wait for” with what shows that the page is ready."
            )
            yield _at(step, "fixed-wait", "hint", words)


@rule
def by_position(steps: Sequence[Step]) -> Iterator[Remark]:
    for step in steps:
        first = step.locators[0] if step.locators else None
        if step.enabled and first is not None and BY_POSITION.search(first.value):
            words = (
                f"Its first locator, {first}, counts places on the page, which change when "
                "something is added before them. Use a test id, a role or a text."
            )
            yield _at(step, "position-locator", "warning", words)


@rule
def clear_passwords(steps: Sequence[Step]) -> Iterator[Remark]:
    for step in steps:
        why = looks_secret(step.model_dump(mode="json"))
        if step.enabled and why:
            words = f"It looks as if it typed a secret in clear text: {why}. Keep its value secret."
            yield _at(step, "clear-text-secret", "problem", words)


@rule
def unreachable(steps: Sequence[Step]) -> Iterator[Remark]:
    by_uid = {step.uid: step for step in steps}
    chain_taken: dict[str | None, bool] = {}
    for step in steps:
        around = by_uid.get(step.parent or "")
        action = ACTIONS[step.action]
        if step.enabled and around is not None and not around.enabled:
            words = f"It is never played: block {around.number} around it is switched off."
            yield _at(step, "unreachable", "warning", words)
        if not issubclass(action, Block) or not step.enabled:
            continue
        verdict = _constant(step)
        if verdict is False or (step.action == "repeat" and (step.content or "").strip() == "0"):
            words = "The steps in it are never played: its condition never holds."
            yield _at(step, "unreachable", "warning", words)
        elif action.follows and chain_taken.get(step.parent):
            words = "It is never played: a branch before it is always taken."
            yield _at(step, "unreachable", "warning", words)
        if action.kind == "branch":
            before = bool(action.follows) and chain_taken.get(step.parent, False)
            chain_taken[step.parent] = before or verdict is True


def _constant(step: Step) -> bool | None:
    """Whether a condition is the same in every run; None when it depends on something."""
    if step.options.get("test") != "script" or step.content is None:
        return None
    plain = step.content.strip().rstrip(";").strip()
    value = True if plain in ALWAYS_TRUE else False if plain in ALWAYS_FALSE else None
    return value if value is None else value is not bool(step.options.get("negate"))


@rule
def loops_without_limit(steps: Sequence[Step]) -> Iterator[Remark]:
    for step in steps:
        action = ACTIONS[step.action]
        is_open = issubclass(action, Block) and action.kind == "loop" and step.action != "repeat"
        if step.enabled and is_open and step.options.get("limit") == DEFAULT_LIMIT:
            words = (
                f"Nobody has set how often it may repeat, so it stops after {DEFAULT_LIMIT:,} "
                "rounds. Set the most that makes sense."
            )
            yield _at(step, "loop-without-limit", "warning", words)


@rule
def looks_once(steps: Sequence[Step]) -> Iterator[Remark]:
    for step in steps:
        if step.enabled and step.action == "assert_missing" and step.options.get("once"):
            words = (
                "It looks once and does not wait, so it passes or fails by chance while a page "
                "loads. Switch “look once” off, and it waits until the element is gone."
            )
            yield _at(step, "looks-once", "warning", words)


@rule
def unknown_variables(steps: Sequence[Step]) -> Iterator[Remark]:
    known: set[str] = set()
    if any(step.action == "shared" for step in steps):
        return  # the flow that is shared may set them
    for step in steps:
        missing = [name for name in dict.fromkeys(_read_by(step)) if name not in known]
        if step.enabled and missing:
            words = f"It reads {_listed(missing)}, which no step before it sets."
            yield _at(step, "unknown-variable", "problem", words)
        known |= {str(step.options[name]) for name in SETS if step.options.get(name)}


def _read_by(step: Step) -> Iterator[str]:
    texts = [step.content or "", *(one.value for one in step.locators)]
    texts += [value for value in step.options.values() if isinstance(value, str)]
    for text in texts:
        yield from holes_in(text)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in names)


def _already_true(steps: Sequence[Step], uids: Sequence[str]) -> Iterator[Remark]:
    for step in steps:
        if step.uid in uids and step.enabled:
            words = (
                "When the flow was played last, it held already before the step in front of it: "
                "it would not notice if that step did nothing."
            )
            yield _at(step, "already-true", "warning", words)
