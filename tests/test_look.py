"""The look holds together: every icon, badge and vendored file that is named is there."""

import json
import re
from pathlib import Path

import pytest
from flask import get_template_attribute

from webapp.browser.actions import ACTIONS
from webapp.runs.states import State, StepState

SPRITE = set(re.findall(r'<symbol id="([^"]+)"', Path("static/img/icons.svg").read_text()))
TEMPLATES = sorted(Path("templates").rglob("*.html"))
VENDORED = json.loads(Path("static/vendor/versions.json").read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_icon_of_a_template_is_in_the_sprite(path):
    named = re.findall(r'\b(?:icon|empty)\("([a-z0-9-]+)"', path.read_text())
    assert set(named) <= SPRITE


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_has_its_icon_in_the_sprite(name):
    assert ACTIONS[name].icon in SPRITE


@pytest.mark.parametrize("state", sorted({*State, *StepState, "waiting", "active", "paused"}))
def test_every_state_has_a_badge_with_icon_and_word(app, state):
    with app.test_request_context():
        badge = get_template_attribute("macros/ui.html", "badge")(state)
    assert f"state-{state}" in badge
    assert re.search(r"#([a-z0-9-]+)\"", badge)[1] in SPRITE
    assert state.replace("_", " ") in badge.lower()


@pytest.mark.parametrize("entry", VENDORED, ids=lambda entry: entry["name"])
def test_what_is_vendored_has_its_version_and_licence(entry):
    folder = Path("static/vendor")
    assert (folder / entry["licence_file"]).stat().st_size > 100
    for file in entry["files"]:
        assert (folder / file).exists()
        assert entry["version"] in file or file.endswith("icons.svg")


def test_nothing_is_vendored_without_being_listed():
    listed = {file for entry in VENDORED for file in (*entry["files"], entry["licence_file"])}
    folder = Path("static/vendor")
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found - {"versions.json"} <= listed


def test_the_style_sheet_and_scripts_ask_nothing_of_the_internet():
    for path in [*Path("static/css").glob("*.css"), *Path("static/js").glob("*.js")]:
        assert not re.search(r"https?://(?!www\.w3\.org/)", path.read_text()), path
