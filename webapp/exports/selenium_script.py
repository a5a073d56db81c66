"""A flow as a stand-alone script in Python: Selenium is all that it needs."""

import ast
import inspect
import re
from functools import cache
from pathlib import Path
from typing import Any

from webapp.browser import locators
from webapp.browser.actions.registry import ACTIONS, Block
from webapp.browser.asking import script
from webapp.browser.looking import as_asked
from webapp.browser.plan import opens_itself
from webapp.browser.steps import parse_step
from webapp.browser.tree import Node, grow
from webapp.imports.draft import StepValues

HERE = Path(__file__).parent / "script"
# Python, but no module of ours: it is copied into scripts, and played by its tests.
RUNTIME = ("elements.py.txt", "checks.py.txt")
SCRIPTS = frozenset({"run_script", "assert_script", "wait_for_script"})
INDENT = "    "
HEAD = '''#!/usr/bin/env python3
"""{title}

Written by Lamplighter out of the flow “{name}”. It needs Python 3.10 and Selenium:

    pip install selenium
    python {file} [--headed]

It ends with 0 when the flow passed, and with 1 when it failed.{more}
"""
'''
TAIL = """

def main():
    driver = browser(headed="--headed" in sys.argv)
    try:
        run = Flow(driver, URL, TIMEOUT)
        flow(run)
    finally:
        driver.quit()
    print("failed" if run.failed else "passed, degraded" if run.degraded else "passed")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
"""


def write_script(
    settings: dict[str, Any], schedule: dict[str, Any], steps: list[StepValues]
) -> str:
    """The script's text. Steps that only Lamplighter can play are named in its head, and passed."""
    parsed = [parse_step(step, content_known=bool(step.get("secret"))) for step in steps]
    writer = _Writer()
    writer.open_first(settings["url"], steps)
    for node in grow(parsed):
        writer.node(node, 1)
    missing = "".join(f"\n- step {number}: {title}" for number, title in writer.missing)
    more = (
        f"\n\nOnly Lamplighter can play these steps; they are passed over:\n{missing}"
        if missing
        else ""
    )
    head = HEAD.format(
        title=_safe(settings["name"]),
        name=_safe(settings["name"]),
        file="flow.py",
        more=_safe(more),
    )
    facts = f"URL = {settings['url']!r}\nTIMEOUT = {settings['step_timeout_seconds']!r}  # seconds"
    body = "\n".join(writer.lines) or f"{INDENT}pass"
    return f"{head}\n{_runtime()}\n\n{facts}\n\n\ndef flow(run):\n{body}\n{TAIL}"


def _safe(text: str) -> str:
    """A text inside a docstring: it can neither end it nor escape from it."""
    return text.replace("\\", "/").replace('"""', "'''")


@cache
def _runtime() -> str:
    """The modules of the runtime as one text, with the scripts that look for elements."""
    parts = [(HERE / name).read_text(encoding="utf-8") for name in RUNTIME]
    imports: set[str] = set()
    bodies = []
    for part in parts:
        tree = ast.parse(part)
        lines = part.splitlines()
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                text = ast.unparse(node)
                if "webapp" not in text:
                    imports.add(text)
                lines[node.lineno - 1 : node.end_lineno] = [""] * (
                    (node.end_lineno or node.lineno) - node.lineno + 1
                )
        kept = "\n".join(lines)
        kept = re.sub(r'\A""".*?"""\n', "", kept, flags=re.DOTALL)
        bodies.append(re.sub(r"^__all__.*$", "", kept, flags=re.MULTILINE).strip())
    finding = [inspect.getsource(one) for one in (locators.parts_of, locators.role_of, as_asked)]
    constants = (
        f"KINDS = {locators.KINDS!r}\n"
        f"ROLE = re.compile({locators.ROLE.pattern!r}, re.DOTALL)\n"
        f"PART = re.compile({locators.PART.pattern!r}, re.DOTALL)\n"
        f"BETWEEN = re.compile({locators.BETWEEN.pattern!r})\n"
        f"SEPARATOR = re.compile({locators.SEPARATOR.pattern!r})\n"
        "Any = object\n"
        f"LOOK = {script('look_by_name')!r}"
    )
    return "\n\n\n".join(["\n".join(sorted(imports)), constants, *finding, *bodies])


@cache
def _playable() -> frozenset[str]:
    """The actions that the runtime has a function for."""
    found: set[str] = set()
    for name in RUNTIME:
        for node in ast.walk(ast.parse((HERE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.add(node.name)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.add(node.targets[0].id)
    return frozenset(found & ACTIONS.keys())


class _Writer:
    """The lines of the flow's function."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.missing: list[tuple[int, str]] = []

    def open_first(self, url: str, steps: list[StepValues]) -> None:
        if not opens_itself((step["action"], step["enabled"]) for step in steps):
            self.lines.append(f"{INDENT}run.step(0, 'Open the address', run.open, URL)")

    def node(self, node: Node, level: int) -> None:
        step = node.step
        if not step.enabled:
            self._line(level, f"# Step {step.number} is switched off: {_one_line(step.title)}")
            return
        if node.block is not None:
            self._block(node, level)
        elif step.action in _playable():
            self._line(level, self._call(node))
        else:
            self._miss(node, level)

    def _line(self, level: int, text: str) -> None:
        self.lines.append(INDENT * level + text)

    def _miss(self, node: Node, level: int) -> None:
        self.missing.append((node.step.number, _one_line(node.step.title)))
        self._line(
            level, f"# Step {node.step.number}, only in Lamplighter: {_one_line(node.step.title)}"
        )

    def _call(self, node: Node, play: str = "") -> str:
        step = node.step
        words = [str(step.number), repr(step.title), f"run.{play or step.action}"]
        action = ACTIONS[step.action]
        if action.locators != "none" or play:
            words.append(repr([(one.by, one.value) for one in step.locators]))
        if action.content is not None or play:
            words.append(self._content(node))
        usual = action.Options.model_construct()
        for name, value in step.options.items():
            if value is not None and value != getattr(usual, name, None) and name != "status":
                words.append(f"{name}={value!r}")
        if step.timeout_seconds is not None:
            words.append(f"timeout={step.timeout_seconds!r}")
        for name, plain in (("on_failure", "stop"), ("retries", 0), ("always", False)):
            if (value := getattr(step, name)) != plain:
                words.append(f"{name}={value!r}")
        return f"run.step({', '.join(words)})"

    def _content(self, node: Node) -> str:
        step = node.step
        if step.secret:
            return f"secret({step.number}, {step.title!r})"
        is_script = step.action in SCRIPTS or step.options.get("test") == "script"
        return f"Script({step.content or ''!r})" if is_script else repr(step.content or "")

    def _block(self, node: Node, level: int) -> None:
        step, block = node.step, node.block
        assert block is not None and issubclass(block, Block)
        if step.action == "shared":
            self._miss(node, level)
            return
        if step.action == "do_while":
            self._do_while(node, level)
            return
        self._line(level, self._opening(node))
        self._inside(node, level + 1)

    def _opening(self, node: Node) -> str:
        step, options = node.step, node.step.options
        limit = f"limit={options.get('limit', 1000)}"
        facts = f"{step.number}, {step.title!r}"
        match step.action:
            case "else":
                return "else:"
            case "repeat":
                return f"for _ in run.rounds({facts}, times={step.content!r}, {limit}):"
            case "for_each":
                variable = f"variable={options.get('variable', '')!r}"
                return f"for _ in run.rounds({facts}, items={step.content!r}, {variable}, {limit}):"
            case "group":
                return f"if True:  # {_one_line(step.title)}"
        word = {"if": "if", "else_if": "elif", "while": "while"}[step.action]
        return f"{word} {self._call(node, 'condition')}:"

    def _do_while(self, node: Node, level: int) -> None:
        limit = node.step.options.get("limit", 1000)
        facts = f"{node.step.number}, {node.step.title!r}"
        self._line(level, f"for _ in run.rounds({facts}, times={limit + 1}, limit={limit}):")
        self._inside(node, level + 1)
        self._line(level + 1, f"if not {self._call(node, 'condition')}:")
        self._line(level + 2, "break")

    def _inside(self, node: Node, level: int) -> None:
        before = len(self.lines)
        for child in node.children:
            self.node(child, level)
        if all(line.lstrip().startswith("#") for line in self.lines[before:]):
            self._line(level, "pass")


def _one_line(text: str) -> str:
    return " ".join(text.split())
