"""A browser of ours never reaches our own services, whatever leads it there."""

import pytest

from webapp.browser.driver import BrowserSettings, open_browser
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.steps import parse_step
from webapp.browser.stopping import Stop

pytestmark = pytest.mark.browser


def outcomes(settings: BrowserSettings, plan: Plan) -> list[Outcome]:
    with open_browser(settings) as browser:
        return [one for one in play(plan, browser.page, Stop()) if isinstance(one, Outcome)]


def test_a_page_that_leads_to_our_own_port_finds_nobody_there(site, tmp_path):
    place = site.url.removeprefix("http://")
    settings = BrowserSettings(folder=tmp_path, own_addresses=(place,))
    with open_browser(settings) as browser:
        for host in ("127.0.0.1", "localhost", "a.localhost", "2130706433", "0.0.0.0"):
            script = (
                "return fetch(arguments[0], {mode: 'no-cors'}).then(() => 'there', () => 'gone')"
            )
            url = f"http://{host}:{place.rpartition(':')[2]}/"
            assert browser.driver.execute_script(script, url) == "gone", host


def test_opening_our_own_port_is_refused_in_words(site, tmp_path):
    place = site.url.removeprefix("http://")
    plan = Plan(f"{site.url}/", (), allow_private=True, own_addresses=(place,))
    (opened,) = outcomes(BrowserSettings(folder=tmp_path), plan)
    assert opened.state == "errored"
    assert "a service of Lamplighter itself" in (opened.error or "")


def test_the_same_page_is_visited_when_it_is_nobodys(site, tmp_path):
    step = parse_step({"number": 1, "action": "open", "content": "/"})
    plan = Plan(f"{site.url}/", (step,), allow_private=True, own_addresses=("127.0.0.1:1",))
    (opened,) = outcomes(BrowserSettings(folder=tmp_path, own_addresses=("127.0.0.1:1",)), plan)
    assert opened.state == "passed", opened.error
