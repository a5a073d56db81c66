"""Every module says in one sentence what it is for, and the banned names stay away."""

import ast
import re
from pathlib import Path

import pytest

MODULES = sorted([*Path("webapp").rglob("*.py"), Path("worker.py"), Path("migrations/env.py")])
BANNED = {"utils", "helpers", "common", "misc", "manager", "service", "services", "handler"}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_opens_with_its_sentence(path):
    said = ast.get_docstring(ast.parse(path.read_text()))
    assert said, "no docstring"
    assert re.search(r"[.?!:)]$", said.splitlines()[0]), "the first line is no sentence"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_named_after_what_it_knows(path):
    assert path.stem not in BANNED
    assert not BANNED & set(path.parts)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/architecture.md"])
def test_the_documents_name_only_files_that_exist(name):
    text = Path(name).read_text()
    named = set(re.findall(r"`((?:webapp|templates|static|tests|docs|migrations)/[\w./-]+)`", text))
    assert [path for path in sorted(named) if not Path(path).exists()] == []
