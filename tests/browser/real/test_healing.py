"""A step whose first candidate is gone is healed by the next one, in Chromium and in Firefox."""

from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser

pytestmark = pytest.mark.browser

SAY = "<p id=log></p><script>const say = (t) => document.getElementById('log').append(t)</script>"


def by(*candidates: str) -> list[dict[str, str]]:
    pairs = [one.partition("=") for one in candidates]
    return [{"by": kind, "value": value} for kind, _, value in pairs]


def log_of(browser: Browser) -> Any:
    return browser.driver.execute_script("return document.getElementById('log').textContent")


def test_it_is_healed_and_says_why(play_both: Play, both: Browser) -> None:
    html = f"{SAY}<button id=old hidden>Buy</button><button onclick=say(1)>Buy now</button>"
    locators = by("css=#none", "id=old", 'role=button[name="Buy now"]')
    *_, clicked = play_both(step("click", locators=locators), html=html)
    assert (clicked.state, log_of(both)) == ("healed", "1")
    assert clicked.healed == (
        'Found by role button[name="Buy now"]. CSS #none: no such element; '
        "id “old”: it is not shown (display: none)."
    )
    assert [count for _, count in clicked.matches] == [0, 1, 1]
    assert 1000 <= (clicked.duration_ms or 0) < 2000


def test_an_element_that_comes_late_is_waited_for(play_both: Play, both: Browser) -> None:
    html = (
        f"{SAY}<button class=buy onclick=say(2)>Buy</button><script>setTimeout(() => {{"
        "const late = document.createElement('button'); late.id = 'late';"
        "late.textContent = 'Late';"
        "late.onclick = () => say(1); document.body.append(late) }, 400)</script>"
    )
    *_, clicked = play_both(step("click", locators=by("id=late", "css=.buy")), html=html)
    assert (clicked.state, log_of(both)) == ("passed", "1")
    assert (clicked.duration_ms or 0) < 1000


def test_a_match_behind_the_first_is_no_healing(play_both: Play, both: Browser) -> None:
    html = f"{SAY}<b hidden>x</b><b onclick=say(1)>y</b><b onclick=say(2)>z</b>"
    *_, clicked = play_both(step("click", locators=by("css=b", "css=#none")), html=html)
    assert (clicked.state, clicked.match_count, log_of(both)) == ("passed", 3, "1")
    assert clicked.notes == ("The first match of 3 elements could not be used; number 2 was.",)


def test_a_match_that_moves_is_not_passed_over(play_both: Play, both: Browser) -> None:
    html = (
        f"{SAY}<style>.m{{position:relative;animation:m .6s linear}}@keyframes m{{from{{left:0}}"
        "to{left:300px}}</style><button class='b m' onclick=say(1)>1</button>"
        "<p><button class=b onclick=say(2)>2</button>"
    )
    *_, clicked = play_both(step("click", locators=by("css=.b")), html=html)
    assert (clicked.state, log_of(both)) == ("passed", "1")


def test_an_assertion_of_ours_never_heals(play_both: Play) -> None:
    asserted = step(
        "assert_text", locators=by("css=#none", "css=h1"), content="Shop", timeout_seconds=0.3
    )
    *_, failed = play_both(asserted, html="<h1>Shop</h1>")
    assert failed.state == "failed"
    imported = asserted.model_copy(update={"heals": True})
    *_, healed = play_both(imported, html="<h1>Shop</h1>")
    assert (healed.state, str(healed.locator)) == ("healed", "h1")
