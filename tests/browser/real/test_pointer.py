"""What the mouse does in Chromium and in Firefox: what the page's own listeners heard of it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step

pytestmark = pytest.mark.browser
CLICK = ["mousedown 0 100,50", "mouseup 0 100,50", "click 0 100,50"]


@pytest.fixture
def heard(both: Browser, play_both: Play) -> Callable[..., list[str]]:
    """Play steps on the listening page; everything that it heard of the mouse but moves."""

    def listen(*steps: Step, keys: bool = False) -> list[str]:
        seen = play_both(*steps, path="/listening")
        assert [(one.state, one.error) for one in seen] == [("passed", None)] * len(seen)
        words: list[str] = both.driver.execute_script("return window.heard")
        quiet = ("mouseenter", "mouseleave") if keys else ("mouseenter", "mouseleave", "key")
        return [word for word in words if not word.startswith(quiet)]

    return listen


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (step("click", "#pad"), CLICK),
        (
            step("click", "#pad", button="right"),
            ["mousedown 2 100,50", "contextmenu 2 100,50", "mouseup 2 100,50", "auxclick 2 100,50"],
        ),
        (
            step("click", "#pad", button="middle"),
            ["mousedown 1 100,50", "mouseup 1 100,50", "auxclick 1 100,50"],
        ),
        (
            step("click", "#pad", offset_x=10, offset_y=20),
            ["mousedown 0 10,20", "mouseup 0 10,20", "click 0 10,20"],
        ),
        (
            step("click", "#pad", modifiers="Control+Shift"),
            [f"{word} ctrl+shift" for word in CLICK],
        ),
        (step("double_click", "#pad"), [*CLICK, *CLICK, "dblclick 0 100,50"]),
        (
            step("double_click", "#pad", offset_x=5, offset_y=5),
            [word.replace("100,50", "5,5") for word in [*CLICK, *CLICK, "dblclick 0 100,50"]],
        ),
        (step("mouse_down", "#pad"), CLICK[:1]),
        (step("mouse_down", "#pad", offset_x=1, offset_y=2), ["mousedown 0 1,2"]),
    ],
    ids=lambda one: one.title if isinstance(one, Step) else "",
)
def test_the_page_hears_the_mouse(
    heard: Callable[..., list[str]], both: Browser, made: Step, expected: list[str]
) -> None:
    try:
        assert heard(made) == expected
    finally:
        both.driver.execute("clearActionState")


def test_three_clicks_are_three(heard: Callable[..., list[str]]) -> None:
    words = heard(step("click", "#pad", clicks=3))
    assert words.count("click 0 100,50") == 3
    assert "dblclick 0 100,50" in words


def test_what_is_pressed_stays_pressed_until_it_is_released(
    heard: Callable[..., list[str]],
) -> None:
    steps = step("mouse_down", "#pad"), step("mouse_up", "#pad", offset_x=9, offset_y=9)
    assert heard(*steps) == ["mousedown 0 100,50", "mouseup 0 9,9", "click 0 9,9"]


def test_a_click_is_held_as_long_as_it_says(heard: Callable[..., list[str]], both: Browser) -> None:
    assert heard(step("click", "#pad", hold_ms=900)) == CLICK
    assert both.driver.execute_script("return document.getElementById('pad').heldFor") >= 890


def test_the_pointer_comes_and_goes(play_both: Play, both: Browser) -> None:
    ask = both.driver.execute_script
    crossed = "return window.heard.filter((word) => /enter|leave/.test(word))"
    pad = "return document.getElementById('pad').last"
    play_both(step("hover", "#beside"), path="/listening")
    ask("window.heard.length = 0")
    play_again = [step("hover", "#pad", offset_x=30, offset_y=40)]
    page = both.page
    assert page.state().title == "Listening"
    seen = play_both(step("hover", "#beside"), *play_again, path="/listening")
    assert [one.state for one in seen] == ["passed"] * 3
    assert ask(crossed)[-1] == "mouseenter"
    assert ask(pad) == "30,40"
    seen = play_both(*play_again, step("mouse_out", "#pad"), path="/listening")
    assert [one.state for one in seen] == ["passed"] * 3
    assert ask(crossed)[-1] == "mouseleave"


def test_what_fills_the_window_has_no_place_beside_it(play_both: Play) -> None:
    *_, failed = play_both(step("mouse_out", "#full"), path="/listening")
    assert failed.error == (
        'Could not point away from #full: <div id="full"> fills the window, so there is no place '
        "beside it."
    )


@pytest.mark.parametrize(
    ("made", "expected", "ask"),
    [
        (step("scroll", None, y=500), [0, 500], "[scrollX, scrollY]"),
        (step("scroll", "#inner", x=30, y=200), [30, 200], "[inner.scrollLeft, inner.scrollTop]"),
        (step("scroll", "#inner", y=50, by=True), [0, 50], "[inner.scrollLeft, inner.scrollTop]"),
        (step("scroll_to", "#far"), True, "far.getBoundingClientRect().top < innerHeight"),
    ],
    ids=lambda one: one.title if isinstance(one, Step) else "",
)
def test_it_scrolls(play_both: Play, both: Browser, made: Step, expected: Any, ask: str) -> None:
    seen = play_both(made, path="/listening")
    assert [(one.state, one.notes) for one in seen] == [("passed", ())] * 2
    names = "".join(f"const {one} = document.getElementById('{one}');" for one in ("inner", "far"))
    assert both.driver.execute_script(f"{names} return {ask}") == expected


def test_a_distance_is_added_to_where_it_is(play_both: Play, both: Browser) -> None:
    by = step("scroll", None, y=300, by=True)
    play_both(by, by, path="/listening")
    assert both.driver.execute_script("return scrollY") == 600


def test_a_page_that_ends_before_is_noted(play_both: Play) -> None:
    *_, seen = play_both(step("scroll", "#inner", y=5000), path="/listening")
    assert seen.state == "passed"
    assert [note.partition(" to ")[0] for note in seen.notes] == ["It could be scrolled"]
    assert "only, not to 0, 5000" in seen.notes[0]


def test_a_place_far_away_in_an_element_is_brought_into_the_window(
    play_both: Play, both: Browser
) -> None:
    seen = play_both(step("click", "#tall", offset_x=10, offset_y=2900), path="/listening")
    assert [one.state for one in seen] == ["passed"] * 2
    assert both.driver.execute_script("return scrollY") > 1500


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"offset_x": 3}, "Give both numbers of pixels or neither: a place has two."),
        ({"modifiers": "Enter"}, "“Enter” cannot be held. Control, Shift, Alt and Meta can."),
        ({"clicks": 0}, "“0” is not a whole number from 1 to 20."),
        ({"hold_ms": -1}, "“-1” is not a whole number from 0 to 60,000."),
        ({"offset_x": "nan", "offset_y": 1}, "“nan” is not a number of pixels"),
    ],
)
def test_a_click_that_cannot_be_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(StepInvalid) as refused:
        step("click", "#pad", **options)
    assert words in str(refused.value)
