"""A step that opens a dialog never hangs the run, and the step behind it may be about it."""

import time

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play

pytestmark = pytest.mark.browser

ASK = "this.textContent = 'said ' + prompt('Your name?', 'Bob')"
PROMPT = f'<button onclick="{ASK}">Go</button>'
CONFIRM = "<button onclick=\"this.textContent = 'said ' + confirm('Delete it?')\">Go</button>"
CLICK = step("click", "button")
OPEN_NOTE = "not taken: a dialog is open, with “Delete it?”"


def said(text: str) -> object:
    return step("assert_text", "button", text, match="equals")


@pytest.mark.parametrize(
    ("html", "action", "text"),
    [
        (CONFIRM, step("accept_dialog"), "said true"),
        (CONFIRM, step("dismiss_dialog"), "said false"),
        (PROMPT, step("accept_dialog"), "said Bob"),
        (PROMPT, step("dismiss_dialog"), "said null"),
        (PROMPT, step("answer_prompt", content="Ålice 😀"), "said Ålice 😀"),
        (PROMPT, step("answer_prompt"), "said Bob"),
    ],
)
def test_a_dialog_is_left_open_for_the_step_about_it(html, action, text, play_both: Play) -> None:
    _, clicked, answered, seen = play_both(CLICK, action, said(text), html=html)
    assert [clicked.error, answered.error, seen.error] == [None, None, None]
    assert clicked.screenshot is None and "a dialog is open" in (clicked.screenshot_note or "")
    assert clicked.notes == ()
    assert answered.screenshot is not None
    assert answered.found in ("Delete it?", "Your name?")


def test_the_text_is_compared_and_the_dialog_stays_for_the_next_step(play_both: Play) -> None:
    seen = play_both(
        CLICK,
        step("assert_dialog", content="Delete it?", match="equals"),
        step("dismiss_dialog"),
        said("said false"),
        html=CONFIRM,
    )
    assert [one.error for one in seen] == [None] * 5
    assert seen[2].screenshot_note == OPEN_NOTE


def test_a_dialog_that_is_only_compared_is_answered_with_ok(play_both: Play) -> None:
    seen = play_both(
        CLICK,
        step("assert_dialog", content="^Delete", match="matches"),
        said("said true"),
        html=CONFIRM,
    )
    assert [one.error for one in seen] == [None] * 4
    assert seen[2].notes == ("The dialog was answered with OK",)


def test_another_text_fails_and_says_which(play_both: Play) -> None:
    _, _, failed = play_both(CLICK, step("assert_dialog", content="Buy it?"), html=CONFIRM)
    assert failed.error == (
        "Expected the text of the dialog to contain “Buy it?” but it was “Delete it?”."
    )
    assert failed.screenshot is not None, "it was answered, so that the page can be looked at"


@pytest.mark.parametrize("action", ["accept_dialog", "dismiss_dialog", "answer_prompt"])
def test_no_dialog_is_said_after_the_time_of_the_step(action: str, play_both: Play) -> None:
    content = "x" if action == "answer_prompt" else None
    _, failed = play_both(step(action, content=content, timeout_seconds=0.3), html="<h1>x</h1>")
    assert failed.state == "failed"
    assert "the page opened none within 0.3 s" in (failed.error or "")


def test_a_dialog_that_comes_late_is_waited_for(play_both: Play) -> None:
    html = (
        "<button onclick=\"setTimeout(() => this.textContent = confirm('Late?'), 700)\">Go</button>"
    )
    seen = play_both(CLICK, step("dismiss_dialog"), said("false"), html=html)
    assert [one.error for one in seen] == [None] * 4


def test_a_dialog_that_takes_no_answer(play_both: Play) -> None:
    _, _, failed = play_both(CLICK, step("answer_prompt", content="x"), html=CONFIRM)
    assert "it is no prompt with a field to write in" in (failed.error or "")


def test_two_dialogs_in_a_row_have_a_step_each(play_both: Play) -> None:
    html = "<button onclick=\"this.textContent = confirm('A') + ' ' + prompt('B')\">Go</button>"
    seen = play_both(
        CLICK,
        step("dismiss_dialog"),
        step("answer_prompt", content="yes"),
        said("false yes"),
        html=html,
    )
    assert [one.error for one in seen] == [None] * 5


def test_dialogs_that_no_step_is_about_are_answered_and_noted(play_both: Play) -> None:
    html = (
        "<button onclick=\"this.textContent = confirm('A') + ' ' + prompt('B', 'b')\">Go</button>"
    )
    _, clicked, seen = play_both(CLICK, said("true b"), html=html)
    assert (clicked.error, seen.error) == (None, None)
    assert list(clicked.notes) == [
        "The page showed a dialog, answered with OK: “A”",
        "The page showed a dialog, answered with OK: “B”",
    ]


@pytest.mark.parametrize("ask", ["onload", "onfocus", "setTimeout", "onchange", "onmousedown"])
def test_a_dialog_at_any_moment_hangs_nothing(ask: str, play_both: Play) -> None:
    html = {
        "onload": "<input><script>alert('Hi')</script>",
        "onfocus": "<input onfocus=\"if (!window.was) { was = 1; alert('Hi') }\">",
        "setTimeout": "<input><script>for (const ms of [1, 50, 100, 150, 200, 400]) "
        "setTimeout(() => alert('Hi'), ms)</script>",
        "onchange": "<input onchange=\"alert('Hi')\">",
        "onmousedown": "<input onmousedown=\"alert('Hi')\">",
    }[ask]
    started = time.monotonic()
    seen = play_both(
        step("type", "input", "abc"),
        step("assert_value", "input", "abc", match="equals"),
        step("click", "input"),
        step("press", content="Tab"),
        step("wait", content="0.5"),
        html=html,
    )
    assert [one.error for one in seen] == [None] * 6
    told = [note for one in seen for note in one.notes]
    assert "The page showed a dialog, answered with OK: “Hi”" in told
    assert time.monotonic() - started < 10


def test_a_choice_that_opens_a_dialog_is_made_once(play_both: Play) -> None:
    html = (
        "<select onchange=\"document.title += 'c'; confirm('Sure?')\"><option>A<option>B</select>"
    )
    seen = play_both(
        step("select", "select", "B"),
        step("assert_value", "select", "B"),
        step("assert_title", None, "c", match="equals"),
        html=html,
    )
    assert [one.error for one in seen] == [None] * 4
    seen = play_both(step("select", "select", "B"), step("dismiss_dialog"), html=html)
    assert [one.error for one in seen] == [None] * 3
    assert "It opened a dialog, left for the next step." in seen[1].notes


def test_a_dialog_at_load_may_be_the_business_of_the_next_step(play_both: Play) -> None:
    html = "<h1>x</h1><script>document.title = confirm('First')</script>"
    seen = play_both(step("dismiss_dialog"), step("assert_title", None, "false"), html=html)
    assert [one.error for one in seen] == [None] * 3


def test_a_dialog_before_the_step_has_acted_fails_it(play_both: Play) -> None:
    html = "<h1>x</h1><script>setTimeout(() => alert('Early'), 600)</script>"
    seen = play_both(step("click", "#none"), step("accept_dialog"), html=html)
    assert seen[1].state == "failed"
    assert "A dialog with “Early” opened before this step was done" in (seen[1].error or "")


def test_a_dialog_in_a_frame(play_both: Play) -> None:
    html = f"<iframe srcdoc='{CONFIRM.replace(chr(39), '&#39;')}'></iframe>"
    seen = play_both(
        step("switch_frame", "iframe"),
        CLICK,
        step("dismiss_dialog"),
        said("said false"),
        CLICK,
        said("said true"),
        html=html,
    )
    assert [one.error for one in seen] == [None] * 7
    assert "answered with OK: “Delete it?”" in seen[5].notes[0]


def test_leaving_and_closing_a_page_that_asks_to_stay(play_both: Play) -> None:
    asks = "<input id=f><script>onbeforeunload = (e) => { e.preventDefault(); return 's' }</script>"
    seen = play_both(
        step("type", "#f", "x"),
        step("reload"),
        step("type", "#f", "x"),
        step("open", content="/"),
        step("back"),
        step("type", "#f", "x"),
        html=asks,
    )
    assert [one.error for one in seen] == [None] * 7


def test_a_secret_in_a_dialog_is_not_told(play_both: Play) -> None:
    html = "<input><button onclick=\"alert(document.querySelector('input').value)\">Go</button>"
    seen = play_both(
        step("type", "input", "Hunter2-Moon", secret=True), CLICK, step("accept_dialog"), html=html
    )
    assert [one.error for one in seen] == [None] * 4
    assert "Hunter2" not in repr(seen)
