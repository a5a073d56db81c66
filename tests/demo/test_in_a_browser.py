"""The sample flow in a real browser: green in a healthy shop, red at the step a switch breaks."""

import threading

import pytest
from werkzeug.serving import make_server

from tests.demo.conftest import SHOP
from webapp.browser.driver import BrowserSettings, open_browser
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.steps import parse_step
from webapp.browser.stopping import Stop
from webapp.flows.sample import sample_flow

pytestmark = pytest.mark.browser


@pytest.fixture
def address(shop):
    server = make_server("127.0.0.1", 0, shop, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def walk(address, tmp_path):
    """Play the sample flow; gives what became of each step, by its name."""

    def walk():
        flow = sample_flow(address, SHOP[1:])
        steps = tuple(parse_step(step) for step in flow["steps"])
        plan = Plan(flow["url"], steps, 2.0, allow_private=True, pictures=False)
        with open_browser(BrowserSettings(folder=tmp_path / "browsers")) as browser:
            events = list(play(plan, browser.page, Stop()))
        return {event.step.name: event for event in events if isinstance(event, Outcome)}

    return walk


def test_a_healthy_shop_is_green(walk):
    outcomes = walk()
    assert {name: one.error for name, one in outcomes.items() if one.state != "passed"} == {}
    assert len(outcomes) == 14


@pytest.mark.parametrize(
    ("switch_name", "value", "step"),
    [
        ("missing_button", "on", "Go to checkout"),
        ("wrong_total", "on", "The total is right"),
        ("server_error", "on", "The total is right"),
        ("javascript_error", "on", "The shop says thank you"),
        ("slow_page", "6", "Send the search"),
    ],
)
def test_a_switch_makes_it_red_at_the_step_that_it_breaks(walk, switch, switch_name, value, step):
    switch(**{switch_name: value})
    outcomes = walk()
    broken = [
        (name, one.state)
        for name, one in outcomes.items()
        if one.state not in {"passed", "skipped"}
    ]
    assert broken == [(step, "failed")], {name: one.error for name, one in outcomes.items()}
