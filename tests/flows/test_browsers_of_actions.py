"""A step that no browser of the flow's kind can do is not saved."""

import pytest

from tests.factories import make_flow
from webapp.browser.actions import ACTIONS
from webapp.flows.editing import StepsRefused, current_version

STEP = {"number": 1, "action": "screenshot"}


@pytest.fixture(autouse=True)
def pictures_in_chrome_only(monkeypatch):
    monkeypatch.setattr(ACTIONS["screenshot"], "only_in", ("chrome", "edge"))


def test_it_is_refused_with_a_sentence(alice):
    with pytest.raises(StepsRefused) as refused:
        make_flow(alice, browser="firefox", steps=[STEP])
    assert "is not available in Firefox, in which this flow is played" in str(refused.value)
    assert "it needs Chrome (headless shell) or Edge" in str(refused.value)
    (mistake,) = refused.value.mistakes
    assert (mistake.number, mistake.field) == (1, "action")


@pytest.mark.parametrize(
    ("browser", "enabled"), [("chrome", True), ("edge", True), ("firefox", False)]
)
def test_it_is_saved_where_it_can_be_played_or_is_switched_off(alice, browser, enabled):
    flow = make_flow(alice, browser=browser, steps=[{**STEP, "enabled": enabled}])
    assert len(current_version(flow).body["steps"]) == 1
