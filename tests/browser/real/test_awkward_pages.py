"""What is covered, moves, is disabled, or lies in a shadow or a scrolled part, in both browsers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser
from webapp.browser.steps import Step, parse_step

pytestmark = pytest.mark.browser
QUICK = {"timeout_seconds": 0.3}
SHADE = "const shade = document.getElementById('host').shadowRoot;"


def inside(action: str, target: str, content: str | None = None, **options: Any) -> Step:
    """A step on an element in the shadow root of the page."""
    locators = [{"by": "pierce", "value": target}]
    values = {"number": 1, "action": action, "content": content, "options": options}
    return parse_step({**values, "locators": locators})


@pytest.fixture
def ask(both: Browser) -> Callable[[str], Any]:
    return lambda what: both.driver.execute_script(f"{SHADE} return {what}")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (step("click", "#covered", **QUICK), 'it is covered by <div id="veil">'),
        (step("click", "#covered", button="right", **QUICK), 'it is covered by <div id="veil">'),
        (step("double_click", "#covered", **QUICK), "Could not double-click #covered: it is cov"),
        (step("hover", "#covered", **QUICK), "Could not point at #covered: it is covered by"),
        (step("mouse_down", "#covered", **QUICK), "Could not press the button on #covered: it is"),
        (step("mouse_up", "#covered", **QUICK), "Could not release the button on #covered: it is"),
        (step("drag", "#covered", offset_x=5, **QUICK), "Could not drag #covered: it is covered"),
        (step("click", "#partly", **QUICK), 'it is covered by <div id="half">'),
        (
            step("click", "#partly", offset_x=100, offset_y=10, **QUICK),
            'it is covered by <div id="half">',
        ),
        (step("double_click", "#restless", **QUICK), "it is moving (waited 0.3 s)."),
        (step("drag", "#restless", offset_x=5, **QUICK), "Could not drag #restless: it is moving"),
        (
            step("drag", "#card", "", target="#restless", **QUICK),
            "Could not drag onto #restless: it is moving",
        ),
        (step("double_click", "#disabled", **QUICK), "it is disabled (waited 0.3 s)."),
        (step("type", "#fixed", "a{Enter}", keys=True, **QUICK), "it is read-only"),
        (step("change", "#fixed", "a", **QUICK), "Could not fill in #fixed: it is read-only"),
        (step("change", "#grey", "A", **QUICK), "Could not fill in #grey: it is disabled"),
        (step("add_selection", "#grey", "A", **QUICK), "Could not choose in #grey: it is disabled"),
        (step("set_value", "#fixed", "a", **QUICK), "Could not set the value of #fixed: it is rea"),
    ],
    ids=lambda one: one.title if isinstance(one, Step) else "",
)
def test_it_says_what_is_in_the_way(play_both: Play, made: Step, words: str) -> None:
    *_, failed = play_both(made, path="/awkward")
    assert failed.state == "failed"
    assert words in (failed.error or "")


def test_a_place_that_is_not_covered_can_be_clicked(
    play_both: Play, ask: Callable[[str], Any]
) -> None:
    seen = play_both(step("click", "#partly", offset_x=20, offset_y=10), path="/awkward")
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 2
    assert ask("window.heard") == ["click partly"]


def test_what_moves_is_used_when_it_has_come_to_rest(
    play_both: Play, ask: Callable[[str], Any]
) -> None:
    seen = play_both(step("click", "#moving", button="middle"), path="/awkward")
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 2
    assert ask("window.heard") == ["auxclick moving"]


def test_what_lies_deep_in_a_scrolled_part_is_used(
    play_both: Play, ask: Callable[[str], Any]
) -> None:
    seen = play_both(
        step("double_click", "#deep", offset_x=3, offset_y=3),
        step("drag", "#card", target="#bin"),
        path="/awkward",
    )
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 3
    assert ask("window.heard") == ["click deep", "click deep", "dblclick deep", "drop bin"]


def test_fields_in_a_shadow_are_filled_in(
    play_both: Play, ask: Callable[[str], Any], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    seen = play_both(
        inside("type", "#inner", "ab{ArrowLeft}c", keys=True),
        inside("change", "#inner", "acbd"),
        inside("change", "#list", "B"),
        inside("check", "#tick"),
        inside("set_rich_text", "#rich", "new"),
        inside("upload", "#file", "a.txt"),
        inside("double_click", "#press", offset_x=4, offset_y=4),
        path="/awkward",
        files={"a.txt": tmp_path / "a.txt"},
    )
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 8
    get = "const get = (id) => shade.getElementById(id);"
    assert ask(f"(() => {{ {get} return [get('inner').value, get('list').value] }})()") == [
        "acbd",
        "B",
    ]
    assert ask("shade.getElementById('tick').checked") is True
    assert ask("shade.getElementById('rich').innerText.trim()") == "new"
    assert ask("shade.getElementById('file').files[0].name") == "a.txt"
    assert ask("window.heard.slice(-3)") == ["click press", "click press", "dblclick press"]


def test_places_in_a_frame_are_counted_from_the_frame(play_both: Play, both: Browser) -> None:
    frame = "<p style='height: 150px'></p><iframe src='/dragging' width=600 height=500></iframe>"
    seen = play_both(
        step("switch_frame", "iframe"),
        step("drag", "#card", target="css=#bin"),
        step("drag", "#knob", offset_x=120),
        step("click", "#knob", offset_x=4, offset_y=4, button="right"),
        step("scroll", None, y=40),
        html=frame,
    )
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * 6
    ask = both.driver.execute_script
    assert "drop the card on bin" in ask("return window.heard")
    assert ask("return document.getElementById('knob').offsetLeft") == 120
    assert ask("return scrollY") == 40
