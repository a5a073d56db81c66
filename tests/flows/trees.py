"""Flows with blocks for tests, written as they look: indentation is what a block holds."""

from typing import Any

from webapp.browser.steps import parse_step
from webapp.flows.bodies import kept_values
from webapp.flows.editing import current_version
from webapp.flows.models import Flow

CSS = [{"by": "css", "value": "a"}]
FIELDS: dict[str, dict[str, Any]] = {
    "if": {"locators": CSS},
    "else_if": {"locators": CSS},
    "while": {"locators": CSS},
    "repeat": {"content": "2"},
}


def uid_of(name: str) -> str:
    """The same name has the same uid in every test."""
    return name.encode().hex().rjust(12, "0")


def steps_of(drawing: str) -> list[dict[str, Any]]:
    """Each line is a step: `click One`, or `if Two` with what it holds indented by two blanks."""
    lines = [line for line in drawing.splitlines() if line.strip()]
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    around: list[str] = []
    steps = []
    for number, line in enumerate(lines, start=1):
        level = (len(line) - len(line.lstrip()) - margin) // 2
        action, _, name = line.strip().partition(" ")
        del around[level:]
        fields = FIELDS.get(action, {"locators": CSS} if action == "click" else {})
        step = {"number": number, "uid": uid_of(name), "action": action, "name": name, **fields}
        steps.append({**step, "parent": around[-1] if around else None})
        around.append(uid_of(name))
    return steps


def kept(drawing: str) -> list[dict[str, Any]]:
    """The same, as a version keeps them."""
    return [kept_values(parse_step(step)) for step in steps_of(drawing)]


def drawn(steps: list[dict[str, Any]]) -> str:
    """The names again, indented; numbers have to be 1, 2, 3 …"""
    assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))
    levels: dict[str | None, int] = {None: -1}
    lines = []
    for step in steps:
        levels[step["uid"]] = levels[step["parent"]] + 1
        lines.append("  " * levels[step["uid"]] + step["name"])
    return "\n".join(lines)


def drawing_of(flow: Flow) -> str:
    return drawn(current_version(flow).body["steps"])


def lines(*names: str) -> str:
    return "\n".join(names)
