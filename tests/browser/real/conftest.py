"""One browser for all tests of this folder, and the site that it visits."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.site import Site
from webapp.browser.driver import Browser, BrowserSettings, open_browser
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.steps import Step
from webapp.browser.stopping import Stop

Play = Callable[..., list[Outcome]]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> BrowserSettings:
    return BrowserSettings(folder=tmp_path_factory.mktemp("browsers"))


@pytest.fixture(scope="session")
def browser(settings: BrowserSettings) -> Iterator[Browser]:
    with open_browser(settings) as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox(settings: BrowserSettings) -> Iterator[Browser]:
    """It starts slowly, so all tests of a process share one."""
    with open_browser(settings.of_kind("firefox")) as browser:
        yield browser


@pytest.fixture(params=["chrome", "firefox"])
def both(request: pytest.FixtureRequest) -> Browser:
    """Chromium, then Firefox: a test that asks for it is run in each."""
    name = "browser" if request.param == "chrome" else "firefox"
    browser: Browser = request.getfixturevalue(name)
    return browser


@pytest.fixture
def play_both(both: Browser, play_on: Callable[[Browser], Play]) -> Play:
    """`play_steps` in Chromium, then in Firefox."""
    return play_on(both)


@pytest.fixture
def fresh(settings: BrowserSettings) -> Iterator[Browser]:
    """A browser of its own, for tests that break it."""
    with open_browser(settings) as browser:
        yield browser


@pytest.fixture
def play_on(site: Site) -> Iterator[Callable[[Browser], Play]]:
    resized: list[Browser] = []

    def on(browser: Browser) -> Play:
        def play_steps(*steps: Step, html: str = "", path: str = "", **plan: Any) -> list[Outcome]:
            """Open a page (made of `html`, or at a `path` of the site) and play the steps on it."""
            if any(step.action == "resize" for step in steps):
                resized.append(browser)
            url = site.url + (path or f"/echo?q={quote(html or '<h1>Start</h1>')}")
            made = Plan(url, steps, **{"allow_private": True, "step_timeout_seconds": 5.0} | plan)
            events = play(made, browser.page, Stop())
            return [event for event in events if isinstance(event, Outcome)]

        return play_steps

    yield on
    for browser in resized:  # the next test finds the window as it is made
        browser.driver.set_window_size(browser.settings.width, browser.settings.height)


@pytest.fixture
def play_steps(browser: Browser, play_on: Callable[[Browser], Play]) -> Play:
    return play_on(browser)


@pytest.fixture
def shown(browser: Browser) -> Callable[[str], Any]:
    """Ask the page itself, behind the engine's back."""
    return browser.driver.execute_script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "browsers"
