"""An operator who allows no JavaScript: no step with it is saved, imported as it is, or played."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.browser.building import step
from tests.browser.fakes import FakePage
from tests.browser.test_player import outcomes
from tests.factories import make_flow, project_of
from webapp.config import Config, ConfigError
from webapp.extensions import db
from webapp.flows.editing import StepsRefused, current_version, save
from webapp.imports.importing import receive, recording_of

SCRIPT = {"number": 1, "action": "run_script", "content": "return 1"}
CONDITION = {
    "number": 1,
    "action": "if",
    "content": "return 1",
    "options": {"test": "script"},
}
WAIT = {"number": 2, "action": "wait", "content": "1"}


@pytest.fixture
def forbidden(app, monkeypatch):
    config = app.config["LAMPLIGHTER"]
    monkeypatch.setitem(app.config, "LAMPLIGHTER", replace(config, allow_scripts=False))


def test_scripts_are_allowed_unless_the_operator_says_no(tmp_path: Path):
    environ = {"VAR": str(tmp_path)}
    assert Config.from_env(environ).allow_scripts
    assert not Config.from_env({**environ, "ALLOW_SCRIPTS": "no"}).allow_scripts
    with pytest.raises(ConfigError, match="ALLOW_SCRIPTS should be"):
        Config.from_env({**environ, "ALLOW_SCRIPTS": "perhaps"})


@pytest.mark.parametrize("values", [SCRIPT, CONDITION], ids=["script", "condition"])
def test_a_step_with_a_script_is_not_saved(alice, forbidden, values):
    with pytest.raises(StepsRefused, match="set ALLOW_SCRIPTS to no"):
        make_flow(alice, steps=[values])


def test_the_form_says_so(as_alice, alice, forbidden):
    flow = make_flow(alice, steps=[])
    data = {"action": "run_script", "content": "return 1", "version": "1"}
    answer = as_alice.post(f"/flows/{flow.id}/steps", data=data, headers={"HX-Request": "true"})
    assert "Steps with JavaScript are not allowed here" in answer.text
    db.session.expire_all()
    assert current_version(flow).body["steps"] == []


def test_one_that_is_switched_off_is_kept(alice, forbidden):
    flow = make_flow(alice, steps=[{**SCRIPT, "enabled": False}])
    kept = [dict(one) for one in current_version(flow).body["steps"]]
    with pytest.raises(StepsRefused):
        save(flow, alice, expected=1, steps=[{**kept[0], "enabled": True}])


def test_scripts_of_before_do_not_keep_anybody_from_changing_other_steps(alice, app, monkeypatch):
    flow = make_flow(alice, steps=[SCRIPT, WAIT])
    config = app.config["LAMPLIGHTER"]
    monkeypatch.setitem(app.config, "LAMPLIGHTER", replace(config, allow_scripts=False))
    first, second = (dict(one) for one in current_version(flow).body["steps"])
    save(flow, alice, expected=1, steps=[first, {**second, "content": "2"}])
    assert current_version(flow).body["steps"][1]["content"] == "2"


def test_an_import_keeps_scripts_switched_off_and_says_why(alice, forbidden):
    file = {
        "title": "Recorded",
        "steps": [{"type": "waitForExpression", "expression": "document.title == 'x'"}],
    }
    row = receive(project_of(alice), alice, "recorded.json", json.dumps(file).encode())
    (draft,) = recording_of(row).drafts
    (kept,) = [one for one in draft.steps if one["action"].endswith("_script")]
    assert kept["enabled"] is False and kept["content"] == "document.title == 'x'"
    assert any("set ALLOW_SCRIPTS to no" in item.why for item in draft.items)


def test_none_is_played():
    seen = outcomes(FakePage(), step("run_script", content="return 1"), allow_scripts=False)
    assert seen[1].state == "errored" and seen[1].refused
    assert "whoever runs this Lamplighter has set ALLOW_SCRIPTS to no" in (seen[1].error or "")
    page = FakePage()
    assert outcomes(page, step("run_script", content="return 1"))[1].state == "passed"
    assert ("run_script", "return 1", [], "body") in page.done
