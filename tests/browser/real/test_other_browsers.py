"""The same flow in every browser that this machine has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site.server import free_port
from webapp.browser.driver import Browser, BrowserSettings, available_browsers, open_browser

pytestmark = pytest.mark.browser

KINDS = [one.kind for one in available_browsers() if one.is_installed]
FORM = (
    "<title>Shop</title><h1>Basket</h1><input id=f value=old><input type=checkbox id=c>"
    "<select id=s><option>A<option>B</select>"
    "<button onclick=\"document.querySelector('h1').textContent = 'Paid ' + confirm('Sure?')\">"
    "Pay</button>"
)


def test_the_browser_of_every_flow_is_among_them() -> None:
    assert {"chrome", "chrome-full"} <= set(KINDS)


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[pytest.mark.slow] * (kind == "firefox")) for kind in KINDS],
)
def test_a_flow_plays_and_a_failure_is_told(
    kind: str, folder: Path, play_on: Callable[[Browser], Play]
) -> None:
    with open_browser(BrowserSettings(kind=kind, folder=folder)) as browser:
        play = play_on(browser)
        seen = play(
            step("type", "#f", "new"),
            step("assert_value", "#f", "new", match="equals"),
            step("check", "#c"),
            step("select", "#s", "B"),
            step("click", "//button"),
            step("assert_text", "h1", "Paid true"),
            step("assert_title", None, "Shop"),
            step("type", "#f", "Hunter2-Moon", secret=True),
            html=FORM,
        )
        assert [(one.state, one.error) for one in seen] == [("passed", None)] * 9
        assert all((one.screenshot or b"").startswith(b"\x89PNG") for one in seen)
        assert any("answered with OK" in note for one in seen for note in one.notes)
        port = free_port()
        *_, failed = play(step("open", content=f"http://127.0.0.1:{port}/"))
        assert f"127.0.0.1:{port} refused the connection" in (failed.error or "")
        (missing,) = play(path="/404")
        assert "answered with status 404" in (missing.error or "")
        (looping,) = play(path="/loop")
        assert "it redirects for ever" in (looping.error or "")
    assert not list(folder.iterdir())
