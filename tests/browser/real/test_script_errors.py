"""The errors of a page's scripts, and a browser that ends while it is listened to."""

import threading
from pathlib import Path

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.browser.real.test_network import QUIET, script
from tests.site import Site
from tests.site.server import free_port
from webapp.browser.driver import BrowserSettings, open_browser
from webapp.browser.errors import BrowserLost, RunStopped
from webapp.browser.player import Plan, play
from webapp.browser.stopping import Stop

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("setTimeout(() => {throw new Error('boom')}, 10)", "Error: boom"),
        ("Promise.reject(new TypeError('nope'))", "TypeError: nope"),
        ("setTimeout(() => null.x(), 10)", "TypeError: "),
        ("setTimeout(() => {throw 'plain'}, 10)", ""),
        ("this is no script", "SyntaxError: "),
    ],
)
def test_uncaught_errors_are_found(play_both: Play, source: str, words: str) -> None:
    later = step("wait", content="0.3")
    *_, seen = play_both(later, step("assert_no_script_errors"), html=script(source))
    assert seen.state == "failed" and seen.found == "1 error"
    assert f"met 1 error that nobody caught: “{words}" in (seen.error or "")
    if words:
        ignored = step("assert_no_script_errors", content=f"elsewhere\n{words}")
        assert play_both(later, ignored, html=script(source))[2].error is None


def test_an_error_tells_its_place(play_both: Play) -> None:
    html = "<h1>Page</h1>\n\n<script>setTimeout(() => {throw new Error('here')}, 1)</script>"
    *_, seen = play_both(step("wait", content="0.3"), step("assert_no_script_errors"), html=html)
    assert ", line 3)" in (seen.error or "")


def test_what_is_no_uncaught_error_does_not_count(play_both: Play, site: Site) -> None:
    source = (
        "console.error('said'); try {null.x()} catch {} Promise.reject(1).catch(() => 0);"
        f"fetch('http://localhost:{site.port}/answer.json').catch(() => 0); fetch('/500');"
        f"new WebSocket('ws://127.0.0.1:{free_port()}/')"
    )
    *_, seen = play_both(QUIET, step("assert_no_script_errors"), html=script(source))
    assert seen.error is None


@pytest.mark.parametrize("kind", ["chrome", "firefox"])
def test_a_run_that_is_stopped_while_it_listens_is_stopped(
    kind: str, folder: Path, site: Site
) -> None:
    """The browser is ended under the step, as a watchdog does it: that is no lost browser."""
    stop = Stop()
    plan = Plan(site.url, (step("wait_for_network", content="9"),), 20, allow_private=True)
    with open_browser(BrowserSettings(kind=kind, folder=folder)) as browser:

        def end() -> None:
            stop.request("cancelled")
            browser.kill()

        watchdog = threading.Timer(3, end)
        watchdog.start()
        with pytest.raises(RunStopped):
            list(play(plan, browser.page, stop))
        watchdog.join()


def test_a_firefox_that_dies_under_a_step_is_lost(folder: Path, site: Site) -> None:
    plan = Plan(site.url, (step("wait_for_network", content="9"),), 20, allow_private=True)
    with open_browser(BrowserSettings(kind="firefox", folder=folder)) as browser:
        watchdog = threading.Timer(3, browser.kill)
        watchdog.start()
        with pytest.raises(BrowserLost):
            list(play(plan, browser.page, Stop()))
        watchdog.join()
