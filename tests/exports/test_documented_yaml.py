"""docs/yaml.md is true: its example is a flow, and its tables name every field."""

import re
from pathlib import Path

import pytest
import yaml

from webapp.browser.steps import parse_step
from webapp.imports.settling import settle
from webapp.imports.yaml_flow import DEFAULTS, SETTINGS, VERSION, read_yaml, write_yaml

TEXT = Path("docs/yaml.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1]
pytestmark = pytest.mark.usefixtures("app")


def written(text: str) -> str:
    """What an export of the flow in this text is."""
    (draft,) = settle(read_yaml(text)).drafts
    steps = [parse_step(one, content_known=True).model_dump(mode="json") for one in draft.steps]
    settings = {name: getattr(draft, name) for name in SETTINGS}
    return write_yaml(settings, {"cron": draft.cron, "time_zone": draft.time_zone}, steps)


def fields(heading: str) -> set[str]:
    part = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))


def test_the_example_is_read_step_by_step():
    (draft,) = settle(read_yaml(EXAMPLE)).drafts
    assert {item.fate for item in draft.items} == {"exact"}
    assert [step["action"] for step in draft.steps] == re.findall(r"action: (\w+)", EXAMPLE)
    assert all(step.get("enabled", True) for step in draft.steps)


def test_the_example_comes_back_as_it_was():
    once = written(EXAMPLE)
    assert written(once) == once
    assert_holds(yaml.safe_load(once), yaml.safe_load(EXAMPLE))


def assert_holds(whole, part):
    """All that the example says is in what was written; only defaults may be added."""
    if isinstance(part, dict):
        for name, value in part.items():
            assert_holds(whole[name], value)
    elif isinstance(part, list):
        assert len(whole) == len(part)
        for one, other in zip(whole, part, strict=True):
            assert_holds(one, other)
    else:
        assert whole == part


def test_every_field_of_a_flow_is_in_its_table():
    assert fields("The flow") == {"lamplighter", "schedule", "steps", *SETTINGS}
    assert f"the version of this format: {VERSION}." in TEXT


def test_every_field_of_a_step_is_in_its_table():
    assert fields("A step") == {"uid", "action", "steps", *DEFAULTS}
