"""Conditions and the branches behind them, against a page without a browser."""

from dataclasses import replace
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.playing import BUTTON, HIDDEN, SHOWN, bad, no, ok, page_with, played, told, yes
from webapp.browser.actions import ACTIONS
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step, parse_step


def test_the_first_branch_that_holds_is_played_and_no_other() -> None:
    seen = played(
        (no(), [ok()]), (yes("else_if"), [ok()]), (yes("else_if"), [ok()]), (step("else"), [ok()])
    )
    assert told(seen) == [
        "1 passed",
        "2 skipped: its condition did not hold",
        "3 passed",
        "4 passed",
        "5 skipped: a branch before it was taken",
        "6 skipped: a branch before it was taken",
        "7 skipped: a branch before it was taken",
        "8 skipped: a branch before it was taken",
    ]


def test_else_is_played_when_nothing_held() -> None:
    seen = played((no(), [ok()]), (no("else_if"), [ok()]), (step("else"), [ok()]), ok())
    assert [one.state for one in seen] == [
        "passed", "skipped", "passed", "skipped", "passed", "passed", "passed"
    ]  # fmt: skip


def test_each_if_has_its_own_branches() -> None:
    seen = played((yes(), [ok()]), (no(), [ok()]), (step("else"), [ok()]))
    assert told(seen)[-2:] == ["5 passed", "6 passed"]


@pytest.mark.parametrize("first", [yes, no])
def test_the_branches_behind_an_if_that_is_switched_off_are_out(first: Any) -> None:
    seen = played(
        (first(), [ok()]), (first(enabled=False), [ok()]), (yes("else_if"), [ok()]),
        (step("else"), [ok()]),
    )  # fmt: skip
    why = "the “If” before it is switched off"
    assert told(seen)[2:] == [
        "3 skipped: switched off",
        "4 skipped: switched off",
        *(f"{n} skipped: {why}" for n in (5, 6, 7, 8)),
    ]


def test_a_branch_that_is_switched_off_is_as_if_it_were_not_there() -> None:
    off = (yes("else_if", enabled=False), [ok()])
    assert told(played((no(), [ok()]), off, (step("else"), [ok()])))[-2:] == [
        "5 passed",
        "6 passed",
    ]
    assert told(played((yes(), [ok()]), off, (step("else"), [ok()])))[-1] == (
        "6 skipped: a branch before it was taken"
    )


def test_a_condition_that_cannot_be_asked_fails_and_takes_no_branch() -> None:
    asked = step("if", test="variable", variable="nobody", content="x", on_failure="soft")
    seen = played((asked, [ok()]), (step("else"), [ok()]), ok())
    assert told(seen) == [
        "1 failed",
        "2 skipped: step 1 failed",
        "3 skipped: step 1 failed",
        "4 skipped: step 1 failed",
        "5 passed",
    ]
    assert seen[0].error is not None and "Step 1 reads the variable “nobody”" in seen[0].error


def test_a_condition_that_cannot_be_asked_ends_the_run() -> None:
    seen = played((step("if", test="variable", variable="nobody", content="x"), [ok()]), ok())
    assert [one.state for one in seen] == ["failed", "skipped", "skipped"]


def test_a_failure_in_a_branch_leaves_the_others_out_for_the_right_reason() -> None:
    seen = played((yes(), [bad()]), (step("else"), [ok()]))
    assert told(seen) == [
        "1 passed",
        "2 failed",
        "3 skipped: step 2 failed",
        "4 skipped: step 2 failed",
    ]


def test_else_if_stands_behind_an_if_only() -> None:
    with pytest.raises(StepInvalid, match="stands directly behind “If”"):
        played(ok(), (yes("else_if"), [ok()]))


@pytest.mark.parametrize(
    "asked, holds",
    [
        (step("if", "b", test="exists"), True),
        (step("if", "gone", test="exists"), False),
        (step("if", "gone", test="missing"), True),
        (step("if", "b", test="visible"), True),
        (step("if", "h", test="visible"), False),
        (step("if", "h", test="hidden"), True),
        (step("if", "gone", test="hidden"), True),
        (step("if", "b", test="hidden"), False),
        (step("if", "t", test="text", content="items"), True),
        (step("if", "t", test="text", content="items", negate=True), False),
        (step("if", "t", test="text", content="3 items  left", match="equals"), True),
        (step("if", "t", test="text", content=r"\d items", match="matches"), True),
        (step("if", "gone", test="text", content="items"), False),
        (step("if", "gone", test="text", content="items", negate=True), False),
        (step("if", "h", test="text", content="x", negate=True), False),
        (step("if", test="url", content="shop.example"), True),
        (step("if", test="title", content="Shop", match="equals"), True),
        (step("if", test="title", content="Cart"), False),
        (step("if", test="variable", variable="n", content="7", match="equals"), True),
        (step("if", test="variable", variable="order.id", content="8", match="equals"), True),
        (step("if", test="variable", variable="n", content="{{ n }}"), True),
        (step("if", test="variable", variable="e", content="", match="equals"), True),
        (step("if", test="text", content="on the page"), True),
    ],
)
def test_what_conditions_ask(asked: Step, holds: bool) -> None:
    page = page_with(t=SHOWN, h=HIDDEN)
    page.page_text = lambda: "words on the page"  # type: ignore[method-assign]
    set_up = [
        step("set_variable", content="7", variable="n"),
        step("set_variable", content='{"id": 8}', variable="order", type="json"),
        step("set_variable", content="", variable="e"),
    ]
    seen = played(*set_up, (asked, [ok()]), page=page)
    assert [one.state for one in seen[3:]] == ["passed", "passed" if holds else "skipped"]
    assert seen[3].expected and seen[3].found
    assert seen[3].screenshot_note == "not taken: this step does not touch the page"


def test_a_condition_waits_as_long_as_it_is_told_to() -> None:
    page, looks = page_with(), []

    def look() -> None:
        looks.append(1)
        if len(looks) == 3:
            page.elements["late"] = BUTTON

    page.on["look"] = look
    asked = step("if", "late", test="exists", wait_seconds=5, timeout_seconds=5)
    assert told(played((asked, [ok()]), page=page)) == ["1 passed", "2 passed"]
    page.elements.pop("late")
    looks[:] = []
    assert told(played((step("if", "late", test="exists"), [ok()]), page=page))[1].startswith(
        "2 skipped"
    )
    assert len(looks) == 1


def test_a_locator_that_the_browser_cannot_use_is_no_answer() -> None:
    page = page_with()
    seen_by = page.look

    def look(*args: Any) -> Any:
        return replace(seen_by(*args), problems=("css “b”",))

    page.look = look  # type: ignore[method-assign]
    (asked, _) = played((no(), [ok()]), page=page)
    assert asked.state == "failed"
    assert asked.error is not None and "cannot use css “b”" in asked.error


@pytest.mark.parametrize(
    "action, values, sentence",
    [
        ("if", {"options": {"test": "exists"}}, "give a locator"),
        ("if", {"options": {"test": "title"}}, "needs to know what to compare with"),
        ("if", {"options": {"test": "variable"}, "content": "x"}, "needs the name of one"),
        ("if", {"options": {"test": "script"}}, "needs to know what to compare with"),
        (
            "while",
            {"options": {"test": "title", "match": "matches"}, "content": "("},
            "has a mistake at position 1",
        ),
        ("repeat", {"content": "-1"}, "is not a whole number of times"),
        ("for_each", {"content": "list"}, "“For each” cannot do without it"),
        ("for_each", {"content": "list", "options": {"variable": "1st"}}, "a letter or _ first"),
        ("group", {"content": "x"}, "takes no content"),
    ],
)
def test_blocks_refuse_what_they_cannot_play(
    action: str, values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StepInvalid, match=sentence):
        parse_step({"number": 1, "action": action} | values)


def test_a_dialog_is_left_open_for_the_step_behind_those_beside_the_page() -> None:
    page, left = page_with(), []
    page.on["click"] = lambda: left.append(page.leave_dialog)
    dialog = next(name for name, action in ACTIONS.items() if action.needs_dialog)
    played(step("click", "b"), ok(), step(dialog, content=None), page=page)
    played(step("click", "b"), ok(), step("click", "b"), page=page)
    assert left[:2] == [True, False]
