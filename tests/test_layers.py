"""The import rules of docs/architecture.md: a package may import only what stands before it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ORDER = [
    "clock",
    "letters",
    "setting_types",
    "config",
    "wording",
    "columns",
    "cron",
    "extensions",
    "egress",
    "vault",
    "queues",
    "pages",
    "error_pages",
    "browser",
    "accounts",
    "live",
    "artifacts",
    "mailing",
    "flows",
    "imports",
    "exports",
    "runs",
    "schedules",
    "reports",
    "notifications",
    "supervision",
    "doctor",
    "models",
    "demo",
    "health",
    "api",
    "cli_flows",
    "cli",
]
EDGES = {"routes", "api", "cli", "cli_flows", "health"}  # for the factory, and for nobody else
FREE_OF = {
    "browser": ("flask", "sqlalchemy", "redis", "rq"),
    "cron": ("flask", "sqlalchemy", "redis", "rq"),
}
ROOT = Path("webapp")
FACTORY = {ROOT / "__init__.py", ROOT / "factory.py"}  # one calls the other


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(name: str) -> list[str]:
    """`webapp.runs.models.Run` → ["runs", "models", "Run"]."""
    return name.split(".")[1:]


@pytest.mark.parametrize("path", sorted(set(ROOT.rglob("*.py")) - FACTORY), ids=str)
def test_imports_point_left(path):
    home = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert home in ORDER, f"{home} has no place in the order of the layers yet"
    for name in imports(path):
        top = name.split(".")[0]
        assert top not in FREE_OF.get(home, ()), f"{home} is free of {top}"
        if top != "webapp":
            continue
        parts = packages(name)
        if parts == ["create_app"] and path.name in {"__main__.py", "starting.py"}:
            continue  # a program's entry, as worker.py is one
        assert parts[0] in ORDER, f"{home} may not import the factory"
        # An edge stands at the end, whatever package it lives in: its pages may show everything.
        place = len(ORDER) if path.stem in EDGES else ORDER.index(home)
        assert ORDER.index(parts[0]) <= place, f"{home} may not import {name}"
        if parts[0] != home:
            assert EDGES.isdisjoint(parts), f"{name} is an edge, only the factory imports it"


def test_only_the_state_machine_assigns_a_runs_state():
    guilty = [
        f"{path}:{node.lineno}"
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
        and target.attr == "state"
        and isinstance(target.value, ast.Name)
        and target.value.id in {"run", "attempt"}
    ]
    assert guilty == []
