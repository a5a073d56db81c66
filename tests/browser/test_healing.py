"""Another candidate than the first may stand in, but only after the first had a fair chance."""

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from webapp.browser.page import Look, Sight
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.stopping import Stop

FOUND = Sight(candidate=0, words="<button>", text="Buy")
HIDDEN = replace(FOUND, unmet="visible", why="it has no size", visible=False)


def candidates(*values: str) -> list[dict[str, str]]:
    return [{"by": "css", "value": value} for value in values]


def played(page: FakePage, action: str, *values: str, seconds: float = 0.3, **more: Any) -> Outcome:
    one = step(action, locators=candidates(*values), **more)
    *_, outcome = play(Plan(START, (one,), step_timeout_seconds=seconds), page, Stop())
    assert isinstance(outcome, Outcome)
    return outcome


def test_the_first_candidate_passes() -> None:
    outcome = played(FakePage(**{"#a": FOUND, "#b": FOUND}), "click", "#a", "#b")
    assert (outcome.state, outcome.healed, str(outcome.locator)) == ("passed", "", "#a")


def test_another_one_heals_and_says_why() -> None:
    page = FakePage(**{"#b": HIDDEN, "#c": FOUND})
    outcome = played(page, "click", "#a", "#b", "#c")
    assert (outcome.state, str(outcome.locator)) == ("healed", "#c")
    assert outcome.healed == ("Found by CSS #c. CSS #a: no such element; CSS #b: it has no size.")
    assert page.done[-2] == ("click", "<button>")


def test_the_first_one_has_a_fair_chance() -> None:
    page = FakePage(**{"#b": FOUND})
    began = time.monotonic()
    page.on["look"] = lambda: (
        page.elements.update({"#a": FOUND}) if time.monotonic() - began > 0.15 else None
    )
    outcome = played(page, "click", "#a", "#b", seconds=0.9)
    assert (outcome.state, str(outcome.locator)) == ("passed", "#a")


@pytest.mark.parametrize(("facts", "least"), [({}, 0.2), ({"ready": "loading"}, 0.3)])
def test_in_a_page_that_is_still_coming_it_is_longer(facts: Any, least: float) -> None:
    page = FakePage(**{"#b": FOUND})
    seen = page.look

    def look(*asked: Any) -> Look:
        return replace(seen(*asked), **facts)

    page.look = look  # type: ignore[method-assign]
    outcome = played(page, "click", "#a", "#b", seconds=0.6)
    assert outcome.state == "healed"
    assert least <= (outcome.duration_ms or 0) / 1000 < least + 0.2


def test_a_page_that_was_replaced_begins_it_anew() -> None:
    page = FakePage(**{"#b": FOUND})
    seen, began = page.look, time.monotonic()

    def look(*asked: Any) -> Look:
        return replace(seen(*asked), origin=1 if time.monotonic() - began > 0.15 else 0)

    page.look = look  # type: ignore[method-assign]
    outcome = played(page, "click", "#a", "#b", seconds=0.6)
    assert outcome.state == "healed"
    assert (outcome.duration_ms or 0) >= 340


def test_an_assertion_judges_the_first_candidate_alone() -> None:
    page = FakePage(**{"#b": FOUND})
    outcome = played(page, "assert_text", "#a", "#b", content="Buy", heals=False)
    assert outcome.state == "failed"
    assert outcome.matches and [str(one) for one, _ in outcome.matches] == ["#a"]


def test_an_imported_assertion_takes_the_first_that_matches() -> None:
    page = FakePage(**{"#b": FOUND})
    outcome = played(page, "assert_text", "#a", "#b", content="Buy", heals=True)
    assert (outcome.state, str(outcome.locator)) == ("healed", "#b")


def test_nothing_that_is_hidden_heals() -> None:
    page = FakePage(**{"#b": HIDDEN})
    outcome = played(page, "assert_hidden", "#a", "#b", heals=True)
    assert (outcome.state, outcome.healed) == ("passed", "")


def test_a_match_that_is_not_the_first_is_noted() -> None:
    page = FakePage(**{"#a": replace(FOUND, place=3)})
    outcome = played(page, "click", "#a")
    assert outcome.state == "passed"
    assert outcome.notes == ("The first 2 matches of 1 element could not be used; number 3 was.",)


def test_a_failure_names_the_first_match() -> None:
    outcome = played(FakePage(**{"#a": HIDDEN}), "click", "#a", "#b", seconds=0.1)
    assert outcome.error == (
        "Could not click #a: it has no size (waited 0.1 s). Matched: #a 1 element, #b 0 elements."
    )
