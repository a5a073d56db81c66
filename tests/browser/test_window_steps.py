"""Steps about tabs, frames, dialogs and sizes, as they are written."""

from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from webapp.browser.errors import DialogLeft, StepInvalid
from webapp.browser.page import Moved, Sight
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.steps import Step
from webapp.browser.stopping import Stop

BUTTON = Sight(0, words="<button>", checked=None)


def outcomes(page: FakePage, *steps: Step) -> list[Outcome]:
    plan = Plan(START, steps, step_timeout_seconds=0.1)
    return [one for one in play(plan, page, Stop()) if isinstance(one, Outcome)]


@pytest.mark.parametrize(
    ("action", "content", "options", "words"),
    [
        ("switch_tab", "2", {}, "The tab just opened needs no content."),
        ("switch_tab", None, {"by": "title"}, "“Switch tab” by title needs it: which title?"),
        ("switch_tab", "0", {"by": "number"}, "“0” is not the number of a tab"),
        ("switch_tab", "(", {"by": "url", "match": "matches"}, "The regular expression has"),
        ("name_tab", "x" * 101, {}, "The name has 101 characters"),
        ("switch_frame", "0", {"to": "top"}, "To top no numbers are needed."),
        ("switch_frame", None, {"to": "index"}, "Which frame?"),
        ("switch_frame", "a", {"to": "index"}, "“a” does not name frames by number"),
        ("resize", "big", {}, "“big” is not a size. Example: 1280x800"),
        ("resize", "10x10", {}, "Width and height go from 50 to 10,000 pixels."),
        ("assert_dialog", " ", {}, "this would never fail"),
        ("assert_dialog", "(", {"match": "matches"}, "The regular expression has a mistake"),
    ],
)
def test_what_cannot_be_played_is_refused(
    action: str, content: str | None, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(StepInvalid) as refused:
        step(action, content=content, **options)
    assert words in str(refused.value)


def test_only_a_step_before_one_about_a_dialog_leaves_it_open() -> None:
    page = FakePage(b=BUTTON)
    left: list[bool] = []
    page.on["click"] = lambda: left.append(page.leave_dialog)
    outcomes(page, step("click", "b"), step("click", "b"), step("assert_title", None, "Shop"))
    switched_off = step("accept_dialog", enabled=False)
    outcomes(page, step("click", "b"), switched_off, step("click", "b"))
    page.on["click"] = lambda: (left.append(page.leave_dialog), _open(page))
    outcomes(page, step("click", "b"), step("accept_dialog"))
    outcomes(page, step("click", "b"), step("wait", content="0"), step("accept_dialog"))
    assert left == [False, False, False, False, True, True]
    assert ("answer_dialog", True, None) in page.done


def test_a_dialog_that_ends_a_step_which_acted_passes_it() -> None:
    page = FakePage(b=BUTTON)
    page.on["click"] = lambda: _leave(acted=True)
    seen = outcomes(page, step("click", "b"), step("accept_dialog", always=True))
    assert (seen[1].state, seen[1].notes) == (
        "passed",
        ("It opened a dialog, left for the next step.",),
    )
    page.on["click"] = lambda: _leave(acted=False)
    assert outcomes(page, step("click", "b"), step("accept_dialog"))[1].state == "failed"


def test_an_assertion_that_a_dialog_ends_has_not_passed() -> None:
    page = FakePage()
    page.on["state"] = lambda: _leave(acted=True) if page.leave_dialog else None
    seen = outcomes(page, step("assert_title", None, "Shop"), step("accept_dialog"))
    assert seen[1].state == "failed"


def test_the_note_about_an_open_dialog_tells_no_secret() -> None:
    page = FakePage(b=BUTTON)
    page.on["click"] = lambda: _open(page, "Is it Hunter2-Moon?")
    typed = step("type", "b", "Hunter2-Moon", secret=True)
    seen = outcomes(page, typed, step("click", "b"), step("accept_dialog"))
    assert seen[2].screenshot_note == "not taken: a dialog is open, with “Is it ••••?”"
    assert "Hunter2" not in repr(seen)


def test_a_page_that_goes_away_under_a_step_fails_it() -> None:
    page = FakePage(b=BUTTON)
    page.on["hover"] = lambda: _move()
    seen = outcomes(page, step("hover", "b"))
    assert seen[1].state == "failed"


def _open(page: FakePage, text: str = "Sure?") -> None:
    page.open_dialog = text


def _leave(acted: bool) -> None:
    raise DialogLeft("Sure?", acted)


def _move() -> None:
    raise Moved("the frame was detached")
