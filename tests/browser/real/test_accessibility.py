"""Accessibility of pages and elements, by axe-core, in Chromium and in Firefox."""

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser

pytestmark = pytest.mark.browser

GOOD = (
    "<html lang=en><title>Shop</title><main><h1>Shop</h1><label>Name <input></label>"
    "<button>Buy</button></main>"
)
BAD = (
    "<html lang=en><title>Shop</title><main id=m><h1>Shop</h1><input id=a><input id=b>"
    "<img id=i src=/404></main><div><button id=c>Buy</button></div>"
)


def test_a_page_without_barriers_passes(play_both: Play) -> None:
    _, seen = play_both(step("assert_accessible", impact="minor"), html=GOOD)
    assert (seen.error, seen.found) == (None, "none")


def test_the_barriers_are_listed(play_both: Play) -> None:
    _, seen = play_both(step("assert_accessible"), html=BAD)
    assert "The page breaks 2 rules of accessibility: " in (seen.error or "")
    assert "label (critical, 2 elements, the first is #a)" in (seen.error or "")
    assert "image-alt (critical, 1 element, the first is #i)" in (seen.error or "")
    assert seen.found == "2 rules"


@pytest.mark.parametrize(
    ("target", "options", "passes"),
    [
        (None, {"ignore": "label\nimage-alt"}, True),
        (None, {"ignore": "label"}, False),
        ("#c", {}, True),
        ("#a", {}, False),
        ("#m", {"ignore": "label\nimage-alt"}, True),
    ],
)
def test_an_element_a_level_and_ignored_rules(
    play_both: Play, target: str | None, options: dict[str, str], passes: bool
) -> None:
    _, seen = play_both(step("assert_accessible", target, **options), html=BAD)
    assert (seen.state == "passed") is passes
    if target and not passes:
        assert f"css {target}" in (seen.error or "") or target in (seen.error or "")


def test_milder_barriers_are_noted(play_both: Play) -> None:
    html = "<html lang=en><title>T</title><h1>Shop</h1><p>outside of any landmark</p>"
    _, seen = play_both(step("assert_accessible"), html=html)
    assert seen.state == "passed"
    assert any("Below that impact: " in note and "(moderate" in note for note in seen.notes)
    _, seen = play_both(step("assert_accessible", impact="moderate"), html=html)
    assert seen.state == "failed"


def test_the_page_keeps_its_own_axe(play_both: Play, both: Browser) -> None:
    html = GOOD + "<script>window.axe = 'mine'; window.define = () => null; define.amd = 1</script>"
    assert play_both(step("assert_accessible"), html=html)[1].error is None
    assert both.driver.execute_script("return window.axe") == "mine"
    assert play_both(step("assert_accessible"), html=GOOD)[1].error is None
    assert both.driver.execute_script("return 'axe' in window") is False


def test_a_missing_element_is_told(play_both: Play) -> None:
    missing = step("assert_accessible", "#nowhere", timeout_seconds=0.2)
    _, seen = play_both(missing, html=GOOD)
    assert "Could not examine" in (seen.error or "") and "no such element" in (seen.error or "")


def test_a_strict_policy_of_the_page_does_not_hinder(play_both: Play) -> None:
    html = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">" + GOOD
    assert play_both(step("assert_accessible"), html=html)[1].error is None
