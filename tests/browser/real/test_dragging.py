"""Drag and drop in Chromium and in Firefox: by the page's drag events, and by the pointer."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser
from webapp.browser.errors import StepInvalid

pytestmark = pytest.mark.browser
Ask = Callable[[str], Any]


@pytest.fixture
def drag(play_both: Play, both: Browser) -> Callable[..., Ask]:
    """Drag on the page for it; gives a way to ask the page what came of it."""

    def play(source: str, **options: Any) -> Ask:
        seen = play_both(step("drag", source, **options), path="/dragging")
        assert [(one.state, one.error) for one in seen] == [("passed", None)] * 2
        return lambda what: both.driver.execute_script(
            f"const get = (id) => document.getElementById(id); return {what}"
        )

    return play


@pytest.mark.parametrize("source", ["#card", "#label"])
def test_a_draggable_element_is_dropped_on_another(drag: Callable[..., Ask], source: str) -> None:
    words = drag(source, target="css=#bin")("window.heard")
    assert words[0] == "dragstart"
    assert "dragenter" in words
    assert words[-2:] == ["drop the card on bin", "dragend move"]


def test_what_takes_nothing_gets_nothing(drag: Callable[..., Ask]) -> None:
    words = drag("#card", target="#closed")("window.heard")
    assert not [word for word in words if word.startswith("drop")]
    assert words[-1] == "dragend none"


def test_the_first_locator_that_finds_something_is_the_target(drag: Callable[..., Ask]) -> None:
    words = drag("#card", target="css=#absent\nxpath=//div[@id='bin']")("window.heard")
    assert "drop the card on bin" in words


def test_a_draggable_element_is_dragged_by_pixels(drag: Callable[..., Ask]) -> None:
    words = drag("#card", offset_x=20, offset_y=130)("window.heard")
    assert "drop the card on bin" in words


def test_a_page_that_moves_it_by_the_pointer_gets_the_pointer(drag: Callable[..., Ask]) -> None:
    words = drag("#stubborn", target="#bin")("window.heard")
    assert words[-1] == "let go over bin"


def test_a_slider_is_moved(drag: Callable[..., Ask]) -> None:
    assert drag("#knob", offset_x=140)("get('knob').offsetLeft") == 140


def test_a_range_is_moved(drag: Callable[..., Ask]) -> None:
    # A range takes its value from where it is pressed: its middle, to begin with.
    assert 70 <= int(drag("#range", offset_x=75)("get('range').value")) <= 80


def test_a_list_is_sorted(drag: Callable[..., Ask]) -> None:
    ask = drag("//li[.='one']", target="//li[.='three']")
    assert ask("[...get('list').children].map((item) => item.textContent)") in (
        ["two", "three", "one"],
        ["two", "one", "three"],
    )


def test_a_target_that_does_not_fit_beside_the_source_is_scrolled_to(
    drag: Callable[..., Ask], both: Browser
) -> None:
    ask = drag("#stubborn", target="#low")
    assert ask("window.heard.at(-1)") == "let go over low"


def test_a_place_outside_the_window_is_none(play_both: Play) -> None:
    made = step("drag", "#knob", offset_x=9000, timeout_seconds=0.3)
    *_, failed = play_both(made, path="/dragging")
    assert failed.error == (
        'Could not drag <div id="knob"> by 9000, 0 px: that is outside the window.'
    )


def test_a_target_that_is_not_there_is_told(play_both: Play) -> None:
    made = step("drag", "#card", target="css=#absent", timeout_seconds=0.3)
    *_, failed = play_both(made, path="/dragging")
    assert failed.error == (
        "Could not drag onto #absent: no such element was on the page within 0.3 s."
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Say where to drag it: onto an element, or by how many pixels."),
        ({"target": "#a", "offset_x": 3}, "Drag it onto an element or by pixels, not both."),
        ({"target": "css=#a["}, "“#a[”: "),
    ],
)
def test_a_drag_without_a_place_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(StepInvalid) as refused:
        step("drag", "#card", **options)
    assert words in str(refused.value)
