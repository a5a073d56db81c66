"""What the keyboard does in Chromium and in Firefox: what the page's own listeners heard of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step

pytestmark = pytest.mark.browser
Ask = Callable[[str], Any]


@pytest.fixture
def ask(both: Browser) -> Iterator[Ask]:
    """Ask the page of an element by its id; afterwards no key is down."""
    names = "".join(
        f"const {one} = document.getElementById('{one}');" for one in ("one", "two", "area", "rich")
    )
    yield lambda what: both.driver.execute_script(f"{names} return {what}")
    both.driver.execute("clearActionState")
    both.page.held = ()


@pytest.mark.parametrize(
    ("steps", "what", "expected"),
    [
        ([step("type", "#one", "a{b}")], "one.value", "a{b}"),
        ([step("type", "#one", "er", append=True, keys=True)], "one.value", "older"),
        ([step("type", "#one", "new", keys=True)], "one.value", "new"),
        ([step("type", "#one", r"\{Enter} {x", keys=True)], "one.value", "{Enter} {x"),
        ([step("type", "#one", "ab{ArrowLeft}c", keys=True)], "one.value", "acb"),
        ([step("type", "#one", "abc{Control+a}x", keys=True)], "one.value", "x"),
        ([step("type", "#one", "a{Tab}b", keys=True)], "[one.value, two.value]", ["a", "b"]),
        ([step("type", "#area", "a\nb{Enter}ü€", keys=True)], "area.value", "a\nb\nü€"),
        ([step("type", "#area", "smile 😀{Backspace}!", keys=True)], "area.value", "smile !"),
        ([step("type", "#one", "s3cret{End}!", keys=True, secret=True)], "one.value", "s3cret!"),
        ([step("clear", "#one")], "one.value", ""),
        ([step("clear", "#rich")], "rich.innerText.trim()", ""),
        ([step("type", "#rich", "new")], "rich.innerText.trim()", "new"),
        ([step("press", "#one", "Shift+Home")], "one.selectionStart - one.selectionEnd", 0),
        ([step("press", "#one", "Control+a")], "one.selectionEnd - one.selectionStart", 3),
        (
            [step("click", "#two"), step("key_down", None, "a"), step("key_up", None, "a")],
            "two.value",
            "a",
        ),
        (
            [
                step("press", "#one", "End"),
                step("key_down", None, "Shift"),
                step("press", None, "Home"),
                step("key_up", None, "Shift"),
                step("press", None, "Delete"),
            ],
            "one.value",
            "",
        ),
        (
            [
                step("key_down", None, "Shift"),
                step("type", "#two", "AB"),
                step("key_up", None, "Shift"),
            ],
            "two.value",
            "AB",
        ),
    ],
    ids=lambda one: one.replace("\n", "") if isinstance(one, str) else "",
)
def test_the_page_gets_what_is_typed(
    play_both: Play, ask: Ask, steps: list[Step], what: str, expected: Any
) -> None:
    seen = play_both(*steps, path="/typing")
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * (len(steps) + 1)
    assert ask(what) == expected


def test_enter_in_a_text_sends_the_form(play_both: Play, ask: Ask) -> None:
    play_both(step("type", "#one", "shoes{Enter}", keys=True), path="/typing")
    assert ask("one.value") == "shoes"
    assert ask("window.heard.filter((word) => word === 'submit')") == ["submit"]
    assert "keydown Enter Enter" in ask("window.heard")


def test_a_key_that_is_held_is_heard_by_the_clicks_that_follow(play_both: Play, ask: Ask) -> None:
    seen = play_both(
        step("key_down", None, "Control"),
        step("click", "#two"),
        step("key_up", None, "Control"),
        step("click", "#two"),
        path="/typing",
    )
    assert [one.state for one in seen] == ["passed"] * 5
    assert ask("window.heard") == [
        "keydown Control ControlLeft ctrl",
        "click ctrl",
        "keyup Control ControlLeft",
        "click",
    ]


def test_the_keys_of_a_chord_are_pressed_in_their_order(play_both: Play, ask: Ask) -> None:
    play_both(step("press", None, "Control+Shift+k"), path="/typing")
    assert ask("window.heard.map((word) => word.split(' ').slice(0, 2).join(' '))") == [
        "keydown Control",
        "keydown Shift",
        "keydown K",
        "keyup K",
        "keyup Shift",
        "keyup Control",
    ]


@pytest.mark.parametrize(
    ("action", "content", "options", "words"),
    [
        ("type", "a{Etner}", {"keys": True}, r"“Etner” is not a key."),
        ("type", "a{Etner}", {"keys": True}, r"A brace that is no key is written \{."),
        ("key_down", "Control+a", {}, "“Control+a” is a chord, not one key."),
        ("key_up", "Hyper", {}, "“Hyper” is not a key."),
        ("press", "Enter+a", {}, "“Enter” cannot be held."),
    ],
)
def test_a_key_that_is_not_there_is_refused(
    action: str, content: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(StepInvalid) as refused:
        step(action, "#one" if action == "type" else None, content, **options)
    assert words in str(refused.value)
