"""The registry is complete: forms, schemas and pages find everything in it."""

import ast
from pathlib import Path

import pytest

from webapp.browser.actions import ACTIONS, Action
from webapp.browser.actions.registry import GROUPS, action_named
from webapp.browser.documentation import actions_page

ICONS = Path("static/vendor")
# What an action cannot do without, where “x” or nothing would be wrong.
NEEDED: dict[str, dict[str, object]] = {"drag": {"target": "css=#x"}, "shared": {"flow": 7}}
FORBIDDEN = {"flask", "sqlalchemy", "redis", "rq", "jinja2", "werkzeug"}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=list(ACTIONS))
def test_an_action_says_everything_of_itself(action: type[Action]) -> None:
    assert action.label and action.icon and action.group in GROUPS
    assert action.help.endswith(".") and "\n" not in action.help
    for field in [*action.options, *([action.content] if action.content else [])]:
        assert field.label and field.name
        assert (field.kind == "select") is bool(field.choices)
        assert field.default in (*field.choices, field.default)
        if field.kind == "select":
            assert field.default in field.choices


@pytest.mark.parametrize("action", ACTIONS.values(), ids=list(ACTIONS))
def test_the_defaults_of_an_action_are_what_its_fields_say(action: type[Action]) -> None:
    given: dict[str, object] = {field.name: "x" for field in action.options if field.required}
    given |= NEEDED.get(action.name, {})
    options, mistakes = action.read_options(given)
    assert mistakes == []
    assert options == {field.name: field.default for field in action.options} | given


def test_an_alias_leads_to_its_action() -> None:
    assert action_named("tapping") is ACTIONS["type"]


def test_a_name_cannot_be_taken_twice() -> None:
    with pytest.raises(RuntimeError, match="“tapping” exists already"):
        type("Again", (Action,), {}, name="tapping", label="x", group="Mouse", icon="x")


def test_only_what_is_typed_or_kept_can_be_secret() -> None:
    secret = [name for name, action in ACTIONS.items() if action.can_be_secret]
    assert secret == ["type", "change", "set_variable", "totp"]


def test_the_page_about_actions_is_current() -> None:
    assert Path("docs/actions.md").read_text(encoding="utf-8") == actions_page()


@pytest.mark.parametrize("path", sorted(Path("webapp/browser").rglob("*.py")), ids=str)
def test_the_engine_needs_no_web_and_no_database(path: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert not names & FORBIDDEN
