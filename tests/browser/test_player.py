"""The player, against a page without a browser."""

from datetime import timedelta
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from webapp import clock
from webapp.browser.errors import BrowserLost, RunStopped, StepFailed
from webapp.browser.page import Sight
from webapp.browser.player import Began, Outcome, Plan, play
from webapp.browser.steps import Step
from webapp.browser.stopping import Stop

BUTTON = Sight(candidate=0, words="<button>")
FIELD = Sight(candidate=0, words="<input>", tag="input")


def outcomes(page: FakePage, *steps: Step, stop: Stop | None = None, **plan: Any) -> list[Outcome]:
    plan = {"url": START, "step_timeout_seconds": 0.1} | plan
    events = play(Plan(steps=steps, **plan), page, stop or Stop())
    return [event for event in events if isinstance(event, Outcome)]


def test_the_flows_address_is_opened_as_step_0() -> None:
    page = FakePage(b=BUTTON)
    opened, clicked = outcomes(page, step("click", "b"))
    assert (opened.ordinal, opened.step.number, opened.step.action) == (0, 0, "open")
    assert (clicked.ordinal, clicked.state) == (1, "passed")
    assert page.done == [("visit", START), ("picture",), ("click", "<button>"), ("picture",)]


def test_a_flow_that_opens_a_page_itself_has_no_step_0() -> None:
    page = FakePage()
    (only,) = outcomes(page, step("open", content="/login"))
    assert (only.ordinal, page.done[0]) == (0, ("visit", "https://shop.example/login"))


def test_a_step_that_is_switched_off_does_not_decide_what_is_first() -> None:
    page = FakePage()
    off = step("open", content="/a", enabled=False)
    seen = outcomes(page, off, step("wait", content="0"))
    assert [(one.ordinal, one.state) for one in seen] == [
        (0, "passed"),
        (1, "skipped"),
        (2, "passed"),
    ]
    assert seen[1].screenshot_note == "not taken: switched off"


def test_every_step_is_announced_with_its_place() -> None:
    events = list(play(Plan(START, (step("wait", content="0"),)), FakePage(), Stop()))
    began = [event for event in events if isinstance(event, Began)]
    assert [(event.ordinal, event.node.place) for event in began] == [(0, "0"), (1, "1")]


def test_after_a_failure_the_rest_is_skipped() -> None:
    page = FakePage(b=BUTTON)
    seen = outcomes(page, step("click", "gone"), step("click", "b", number=2))
    assert [one.state for one in seen] == ["passed", "failed", "skipped"]
    assert seen[1].error == "Could not click gone: no such element was on the page within 0.1 s."
    assert seen[1].found == "no such element"
    assert seen[1].screenshot == b"PNG"
    assert seen[2].started_at is None
    assert seen[2].screenshot_note == "not taken: step 1 failed"


def test_instants_are_aware_and_in_order() -> None:
    (opened,) = outcomes(FakePage())
    assert opened.started_at and opened.ended_at and opened.started_at.tzinfo
    assert opened.started_at <= opened.ended_at
    assert opened.duration_ms is not None and opened.duration_ms >= 0


def test_a_capture_that_fails_never_fails_the_step() -> None:
    page = FakePage()
    page.no_picture = "not taken: the page shows a secret value"
    (opened,) = outcomes(page)
    assert (opened.state, opened.screenshot) == ("passed", None)
    assert opened.screenshot_note == "not taken: the page shows a secret value"


def test_a_fault_of_our_own_is_never_green() -> None:
    page = FakePage(b=BUTTON)
    page.on["click"] = lambda: [][0]
    seen = outcomes(page, step("click", "b"), step("wait", content="0"))
    assert [one.state for one in seen] == ["passed", "errored", "skipped"]
    assert seen[1].error == "A fault of Lamplighter itself: IndexError: list index out of range"


def test_a_lost_browser_errs_the_step_and_ends_the_run() -> None:
    page = FakePage(b=BUTTON)
    page.on["click"] = lambda: _raise(BrowserLost("The browser ended in the middle of the run."))
    seen: list[Outcome] = []
    with pytest.raises(BrowserLost):
        for event in play(Plan(START, (step("click", "b"),)), page, Stop()):
            if isinstance(event, Outcome):
                seen.append(event)
    assert seen[-1].state == "errored"
    assert seen[-1].error == "The browser ended in the middle of the run."
    assert seen[-1].screenshot is None


@pytest.mark.parametrize("gone", [True, False])
def test_a_refused_picture_errs_the_step_only_if_the_browser_is_gone(gone: bool) -> None:
    page, seen = FakePage(), []

    def refuse() -> None:
        if gone:
            page.state = refuse  # type: ignore[method-assign, assignment]
        raise BrowserLost("The browser's driver could not go on.")

    page.on["picture"] = refuse
    try:
        for event in play(Plan(START, ()), page, Stop()):
            if isinstance(event, Outcome):
                seen.append(event)
    except BrowserLost:
        seen.append("raised")
    assert seen[0].state == ("errored" if gone else "passed")
    assert seen[0].screenshot_note == "not taken: The browser's driver could not go on."
    assert seen[1:] == (["raised"] if gone else [])


@pytest.mark.parametrize("reason", ["cancelled", "timed_out"])
def test_a_stop_ends_a_waiting_step(reason: Any) -> None:
    page, stop = FakePage(), Stop()
    page.on["look"] = lambda: stop.request(reason)
    seen: list[Outcome] = []
    with pytest.raises(RunStopped) as ended:
        for event in play(Plan(START, (step("click", "gone"),)), page, stop):
            if isinstance(event, Outcome):
                seen.append(event)
    assert ended.value.reason == reason
    assert (seen[-1].state, seen[-1].error) == ("errored", f"stopped: {reason}")


def test_a_stop_during_a_step_that_passes_is_not_green() -> None:
    page, stop = FakePage(b=BUTTON), Stop()
    page.on["click"] = lambda: stop.request("cancelled")
    with pytest.raises(RunStopped):
        seen = outcomes(page, step("click", "b"), stop=stop)
        assert seen[-1].state != "passed"


def test_a_failure_after_a_stop_is_the_stops() -> None:
    page, stop = FakePage(b=BUTTON), Stop()

    def fail() -> None:
        stop.request("timed_out")
        raise StepFailed("The element went away.")

    page.on["click"] = fail
    with pytest.raises(RunStopped):
        outcomes(page, step("click", "b"), stop=stop)


def test_the_runs_end_bounds_every_wait() -> None:
    soon = clock.now() + timedelta(seconds=0.1)
    with pytest.raises(RunStopped) as ended:
        outcomes(FakePage(), step("wait", content="30"), run_deadline=soon)
    assert ended.value.reason == "timed_out"


def test_a_step_has_its_own_time() -> None:
    page = FakePage()
    outcomes(page, step("wait", content="0", timeout_seconds=3))
    assert page.patience.seconds == 3


def test_an_address_that_is_refused_is_nobodys_failure_but_ours() -> None:
    page = FakePage()
    (opened,) = outcomes(page, url="http://169.254.169.254/latest/")
    assert (opened.state, page.done) == ("errored", [("picture",)])
    assert opened.error is not None and "metadata" in opened.error


def test_a_page_that_leads_to_a_refused_address_shows_no_picture() -> None:
    page = FakePage(b=BUTTON)
    page.on["click"] = lambda: page.visit("http://169.254.169.254/latest/")
    seen = outcomes(page, step("click", "b"), step("wait", content="0"))
    assert [one.state for one in seen] == ["passed", "errored", "skipped"]
    assert seen[1].screenshot is None
    assert seen[1].screenshot_note == "not taken: the page is at an address that is refused"


def test_no_secret_is_in_anything_that_is_told() -> None:
    page = FakePage(f=FIELD)
    page.on["type"] = lambda: _raise(
        StepFailed("Found “hunter2 x” and hunter2%20x", "hunter2 x", "HUNTER2 x")
    )
    page.on["visit"] = lambda: None
    page.told = ["The page showed a dialog: “hunter2 x”"]
    secret = step("type", "f", "hunter2 x", secret=True, name="Type hunter2 x")
    seen = outcomes(page, secret, url="https://shop.example/?p=hunter2+x")
    assert "hunter2" not in repr(seen).lower()
    assert seen[1].step.name == "Type ••••"
    assert seen[1].error == "Found “••••” and ••••"
    assert seen[0].page_url == "https://shop.example/?p=••••"


def test_a_secret_step_reaches_the_page_with_its_secret() -> None:
    page = FakePage(f=FIELD)
    outcomes(page, step("type", "f", "hunter2", secret=True))
    assert ("type", "<input>", "hunter2", False, True) in page.done


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("first", "has_step_0"),
    [
        ((step("resize", content="900x700"), step("open", content="/a")), False),
        ((step("note", content="x"), step("open", content="/a")), False),
        ((step("group"), step("open", content="/a")), True),
        ((step("hover", "b"), step("open", content="/a")), True),
        ((step("resize", content="900x700"),), True),
        ((), True),
    ],
)
def test_step_0_is_left_out_where_a_page_is_opened_before_one_is_needed(first, has_step_0) -> None:
    numbered = tuple(one.model_copy(update={"number": n}) for n, one in enumerate(first, 1))
    assert (
        Plan(START, numbered).written[:1] != () and Plan(START, numbered).written[0].place == "0"
    ) is has_step_0
