"""A flow that leaves and comes back is the same flow."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.imports.strategies import flows, steps_of
from webapp.browser.actions.registry import ACTIONS
from webapp.browser.steps import parse_step
from webapp.exports.recorder import write_recorder
from webapp.exports.selenium_script import write_script
from webapp.imports.recordings import read_recording
from webapp.imports.settling import settle
from webapp.imports.yaml_flow import write_yaml

SETTINGS: dict[str, Any] = {
    "name": "Checkout: the “whole” path # 1",
    "url": "https://shop.example/start?x=1#top",
    "browser": "firefox",
    "step_timeout_seconds": 12.5,
    "run_timeout_seconds": 120.0,
}
SCHEDULE = {"cron": "*/5 * * * *", "time_zone": "Europe/Berlin"}
unhurried = settings(suppress_health_check=list(HealthCheck))
# The address of a flow is checked against our own services, which the app knows.
pytestmark = pytest.mark.usefixtures("app")


def as_kept(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [parse_step(step, content_known=True).model_dump(mode="json") for step in steps]


@unhurried
@given(flows())
def test_yaml_brings_back_the_same_flow(steps):
    written = write_yaml(SETTINGS, SCHEDULE, steps)
    (draft,) = settle(read_recording(written.encode())).drafts
    assert as_kept(draft.steps) == steps
    assert {name: getattr(draft, name) for name in SETTINGS} == SETTINGS
    assert {"cron": draft.cron, "time_zone": draft.time_zone} == SCHEDULE
    assert write_yaml(SETTINGS, SCHEDULE, as_kept(draft.steps)) == written


@unhurried
@given(flows())
def test_a_recording_brings_back_every_step(steps):
    written = write_recorder(SETTINGS, SCHEDULE, steps)
    (draft,) = settle(read_recording(written.encode())).drafts
    assert as_kept(draft.steps) == steps
    assert (draft.name, draft.url) == (SETTINGS["name"], SETTINGS["url"])


@unhurried
@given(flows())
def test_a_script_can_be_read_by_python(steps):
    compile(write_script(SETTINGS, SCHEDULE, steps), "flow.py", "exec")


FOLLOWERS = frozenset({"else", "else_if"})


@pytest.mark.parametrize("name", sorted(ACTIONS.keys() - FOLLOWERS))
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_action_comes_back(name, data):
    steps = [data.draw(steps_of(ACTIONS[name], 1))]
    for written in (
        write_yaml(SETTINGS, SCHEDULE, steps),
        write_recorder(SETTINGS, SCHEDULE, steps),
    ):
        (draft,) = settle(read_recording(written.encode())).drafts
        assert as_kept(draft.steps) == steps
