"""What follows a failure or a stop: retries, what is always played, what is tolerated."""

import pytest

from tests.browser.building import step, tree
from tests.browser.fakes import START, FakePage
from tests.browser.playing import bad, no, ok, page_with, played, told, yes
from webapp.browser.errors import RunStopped, StepFailed
from webapp.browser.player import Began, Outcome, Plan, play
from webapp.browser.stopping import Stop


@pytest.mark.parametrize("kind", ["soft", "degraded", "optional"])
def test_the_run_goes_on_after_a_failure_that_is_tolerated(kind: str) -> None:
    seen = played(bad(on_failure=kind), ok())
    assert [one.state for one in seen] == ["failed", "passed"]
    assert seen[0].step.on_failure == kind
    assert not seen[0].breaks


@pytest.mark.parametrize("kind", ["soft", "degraded", "optional"])
def test_a_fault_of_our_own_is_never_tolerated(kind: str) -> None:
    page = page_with()
    page.on["click"] = lambda: [][0]
    seen = played(step("click", "b", on_failure=kind), ok(), page=page)
    assert [one.state for one in seen] == ["errored", "skipped"]


def test_what_is_always_played_is_played_after_a_failure() -> None:
    seen = played(bad(), ok(), ok(always=True), (step("group", always=True), [ok(), ok()]), ok())
    assert told(seen) == [
        "1 failed",
        "2 skipped: step 1 failed",
        "3 passed",
        "4 passed",
        "5 passed",
        "6 passed",
        "7 skipped: step 1 failed",
    ]


def test_an_always_step_that_fails_does_not_hide_the_first_failure() -> None:
    seen = played(bad(), bad(always=True), ok(always=True), ok())
    assert told(seen) == ["1 failed", "2 failed", "3 passed", "4 skipped: step 1 failed"]


def test_a_failure_in_an_always_group_skips_its_rest_only() -> None:
    group = (step("group", always=True), [bad(), ok(), ok(always=True)])
    assert told(played(bad(), group, ok(always=True))) == [
        "1 failed",
        "2 passed",
        "3 failed",
        "4 skipped: step 3 failed",
        "5 passed",
        "6 passed",
    ]


def test_an_always_step_in_a_group_that_is_not_reached_is_played() -> None:
    seen = played(bad(), (step("group"), [ok(), (step("group"), [ok(always=True)])]))
    assert told(seen) == [
        "1 failed",
        "2 skipped: step 1 failed",
        "3 skipped: step 1 failed",
        "4 skipped: step 1 failed",
        "5 passed",
    ]


def test_an_always_step_in_a_branch_or_loop_that_is_not_reached_is_not() -> None:
    seen = played(
        bad(), (yes(), [ok(always=True)]), (step("repeat", content="2"), [ok(always=True)])
    )
    assert [one.state for one in seen] == ["failed"] + ["skipped"] * 4


def test_always_goes_for_all_branches_of_an_if() -> None:
    seen = played(bad(), (no(always=True), [ok()]), (step("else"), [ok()]))
    assert told(seen)[-2:] == ["4 passed", "5 passed"]
    seen = played(bad(), (yes(), [ok()]), (step("else", always=True), [ok()]))
    assert [one.state for one in seen] == ["failed"] + ["skipped"] * 4


def test_always_steps_end_a_round_that_failed() -> None:
    seen = played((step("repeat", content="3"), [bad(), ok("out", always=True)]), ok())
    assert told(seen)[-2:] == ["3 passed", "4 skipped: step 2 failed"]


def test_an_always_step_that_is_switched_off_is_not_played() -> None:
    assert told(played(bad(), ok(always=True, enabled=False)))[1] == "2 skipped: switched off"


def failing(times: int) -> tuple[FakePage, list[int]]:
    page, tries = page_with(), []

    def click() -> None:
        tries.append(1)
        if len(tries) <= times:
            raise StepFailed(f"It slipped {len(tries)}.")

    page.on["click"] = click
    return page, tries


def test_a_step_is_tried_again_and_tells_of_the_tries() -> None:
    page, tries = failing(2)
    (one,) = played(step("click", "b", retries=3), page=page)
    assert (one.state, len(tries)) == ("passed", 3)
    assert one.notes == (
        "Try 1 of 4 failed: It slipped 1.",
        "Try 2 of 4 failed: It slipped 2.",
    )


def test_the_last_try_counts() -> None:
    page, tries = failing(9)
    one, *_ = played(step("click", "b", retries=2), ok(), page=page)
    assert (one.state, one.error, len(tries)) == ("failed", "It slipped 3.", 3)
    assert len(one.notes) == 2


def test_a_fault_of_our_own_is_not_tried_again() -> None:
    page, tries = page_with(), []

    def click() -> None:
        tries.append(1)
        raise ValueError("ours")

    page.on["click"] = click
    one, *_ = played(step("click", "b", retries=5), page=page)
    assert (one.state, len(tries)) == ("errored", 1)


def test_each_try_reads_the_variables_anew_and_has_its_own_time() -> None:
    page, patiences = page_with(), []
    page.on["click"] = lambda: patiences.append(page.patience) or _slip()  # type: ignore[func-returns-value]
    played(step("click", "b", retries=1, timeout_seconds=3), page=page)
    assert len({id(one) for one in patiences}) == 2
    assert {one.seconds for one in patiences} == {3}


def _slip() -> None:
    raise StepFailed("It slipped.")


def test_a_condition_is_asked_again_when_it_failed() -> None:
    page, asked = page_with(), []

    def look() -> None:
        asked.append(1)
        if len(asked) == 1:
            raise StepFailed("The page was away.")

    page.on["look"] = look
    seen = played((yes(retries=1), [ok()]), page=page)
    assert told(seen) == ["1 passed", "2 passed"]
    assert seen[0].notes == ("Try 1 of 2 failed: The page was away.",)


def test_a_stop_in_a_loop_ends_it_at_once() -> None:
    page, stop, seen = page_with(), Stop(), []
    page.on["click"] = lambda: stop.request("cancelled") if len(page.done) > 5 else None
    steps = tree((step("repeat", content="100"), [step("click", "b")]))
    with pytest.raises(RunStopped):
        for event in play(Plan(START, steps), page, stop):
            if isinstance(event, Outcome):
                seen.append(event)
    assert (seen[-1].state, seen[-1].error) == ("errored", "stopped: cancelled")
    assert len(seen) < 12


def test_a_stop_between_steps_plays_no_always_step() -> None:
    page, stop, seen = page_with(), Stop(), []
    with pytest.raises(RunStopped):
        for event in play(Plan(START, tree(ok(), ok(always=True))), page, stop):
            seen.append(event)
            if isinstance(event, Outcome) and event.ordinal == 1:
                stop.request("timed_out")
    assert [type(one) for one in seen] == [Began, Outcome, Began, Outcome]


def test_a_condition_that_waits_hears_the_stop() -> None:
    page, stop, seen = page_with(), Stop(), []
    page.on["look"] = lambda: stop.request("cancelled")
    asked = step("if", "gone", test="exists", wait_seconds=30, timeout_seconds=60)
    with pytest.raises(RunStopped):
        seen += play(Plan(START, tree((asked, [ok()]))), page, stop)
