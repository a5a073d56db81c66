"""A page that misbehaves fails its step in a sentence, and harms nobody else."""

import time
from collections.abc import Callable

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.calls import PageCrashed
from webapp.browser.driver import Browser

pytestmark = pytest.mark.browser

OnBrowser = Callable[[Browser], Play]


@pytest.mark.parametrize("ask", ["alert('Hello')", "confirm('Hello')", "prompt('Hello', 'x')"])
def test_a_dialog_is_answered_with_ok_and_noted(ask: str, play_steps: Play) -> None:
    html = f"<button onclick=\"this.textContent = 'said ' + {ask}\">Go</button>"
    *_, clicked, seen = play_steps(
        step("click", "button"), step("assert_text", "button", "said"), html=html
    )
    assert (clicked.error, seen.error) == (None, None)
    told = [*clicked.notes, *seen.notes]
    assert told == ["The page showed a dialog, answered with OK: “Hello”"]
    assert clicked.screenshot and seen.screenshot
    expected = {"alert": "undefined", "confirm": "true", "prompt": "x"}[ask.partition("(")[0]]
    *_, seen = play_steps(
        step("click", "button"), step("assert_text", "button", expected), html=html
    )
    assert seen.error is None


def test_a_dialog_before_anything_else(play_steps: Play) -> None:
    opened, seen = play_steps(
        step("assert_text", "h1", "Hi"), html="<script>alert('First')</script><h1>Hi</h1>"
    )
    assert (opened.error, seen.error) == (None, None)
    assert "The page showed a dialog, answered with OK: “First”" in [*opened.notes, *seen.notes]


def test_leaving_a_page_that_asks_to_stay(play_steps: Play) -> None:
    html = (
        "<input id=f><script>onbeforeunload = (e) => { e.preventDefault(); return 'stay' }</script>"
    )
    *_, left = play_steps(step("type", "#f", "x"), step("open", content="/"), html=html)
    assert left.error is None


def test_dialogs_without_end(fresh: Browser, play_on: OnBrowser) -> None:
    html = "<h1>x</h1><script>setTimeout(() => { for (;;) alert('again') }, 500)</script>"
    started = time.monotonic()
    seen = play_on(fresh)(step("click", "#none"), html=html, step_timeout_seconds=1.0)
    assert seen[-1].state in ("failed", "skipped")
    assert any("goes on showing dialogs" in (one.error or "") for one in seen)
    assert time.monotonic() - started < 8


def test_a_script_without_end(fresh: Browser, play_on: OnBrowser) -> None:
    html = "<button onclick='for (;;);'>Go</button>"
    started = time.monotonic()
    seen = play_on(fresh)(
        step("click", "button"), step("assert_text", "h1", "x"), html=html, step_timeout_seconds=1.0
    )
    failed = next(one for one in seen if one.state == "failed")
    assert "The page did not answer for 1 s" in (failed.error or "")
    assert (failed.screenshot_note or "").startswith("not taken: The page did not answer")
    assert time.monotonic() - started < 8


def test_a_page_that_crashes(fresh: Browser, play_on: OnBrowser) -> None:
    play = play_on(fresh)
    play(html="<h1>x</h1>")
    with pytest.raises(PageCrashed):
        fresh.page.visit("chrome://crash")
    seen = play(step("wait", content="0"), path="/")
    assert (seen[0].state, seen[1].state) == ("failed", "skipped")
    assert seen[0].error == "The page crashed: its process in the browser died."
    assert (
        seen[0].screenshot_note == "not taken: The page crashed: its process in the browser died."
    )


def test_a_page_that_closes_itself(fresh: Browser, play_on: OnBrowser) -> None:
    html = "<button onclick=\"window.open('/', '_self'); window.close()\">Bye</button>"
    seen = play_on(fresh)(
        step("click", "button"), step("assert_text", "h1", "x", timeout_seconds=0.5), html=html
    )
    assert seen[-1].state in ("failed", "skipped")
    assert [one.state for one in seen].count("errored") == 0


def test_a_storm_of_windows(fresh: Browser, play_on: OnBrowser) -> None:
    html = "<button onclick='for (let i = 0; i < 300; i++) window.open(`/echo?q=${i}`)'>Go</button>"
    *_, clicked, seen = play_on(fresh)(
        step("click", "button"), step("assert_text", "button", "Go"), html=html
    )
    assert (clicked.error, seen.error) == (None, None)
    assert len(fresh.driver.window_handles) < 5


def test_a_page_with_very_many_elements(play_steps: Play) -> None:
    html = "<div id=all></div><h1>End</h1><script>all.innerHTML = '<p>x</p>'.repeat(50000)</script>"
    *_, text, count, hidden = play_steps(
        step("assert_text", "h1", "End"),
        step("assert_count", "p", "50000"),
        step("assert_hidden", "//b"),
        html=html,
    )
    assert [text.error, count.error, hidden.error] == [None, None, None]


def test_a_page_that_broke_the_words_of_the_language(play_steps: Play) -> None:
    html = (
        "<h1>Hi</h1><script>Array.prototype.toJSON = () => 'no';"
        "Object.prototype.evil = 1; window.JSON = null</script>"
    )
    *_, seen = play_steps(step("assert_text", "h1", "Hi"), step("click", "h1"), html=html)
    assert seen.error is None
