"""A step waits until its element can be used, and says what kept it from that."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play

pytestmark = pytest.mark.browser

SAY = "<p id=log></p><script>const say = (t) => document.getElementById('log').append(t)</script>"
BUTTON = "<button id=b onclick=say('hit')>Go</button>"


@pytest.mark.parametrize(
    "html",
    [
        "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', "
        "'<button id=b onclick=say(`hit`)>Go</button>'), 200)</script>x",
        f"{BUTTON}<script>b.disabled = true; setTimeout(() => b.disabled = false, 200)</script>",
        f"{BUTTON}<script>b.hidden = true; setTimeout(() => b.hidden = false, 200)</script>",
        f"{BUTTON}<div id=over style='position:fixed;inset:0;background:#eee'></div>"
        "<script>setTimeout(() => over.remove(), 200)</script>",
        f"<div style=height:4000px></div>{BUTTON}<div style=height:4000px></div>",
        f"<div style='position:sticky;top:0;height:300px;background:#eee'></div>"
        f"<div style=height:1500px></div>{BUTTON}<div style=height:1500px></div>",
        "<div style='width:300px;overflow:auto'><div style='width:3000px;text-align:right'>"
        f"{BUTTON}</div></div>",
    ],
    ids=["late", "disabled", "hidden", "covered", "below", "under a sticky head", "aside"],
)
def test_it_waits_and_then_hits(html: str, play_steps: Play, shown: Callable[[str], Any]) -> None:
    *_, clicked = play_steps(step("click", "#b"), html=SAY + html)
    assert clicked.error is None
    assert shown("return log.textContent") == "hit"


def test_it_waits_until_the_element_stands_still(
    play_steps: Play, shown: Callable[[str], Any]
) -> None:
    html = (
        f"{SAY}<style>#b{{position:absolute;animation:m .5s linear}}"
        f"@keyframes m{{from{{left:0}}to{{left:600px}}}}</style>{BUTTON}"
        "<script>var ended = false; b.onanimationend = () => ended = true;"
        "b.addEventListener('click', () => say(ended ? ' still' : ' moving'))</script>"
    )
    play_steps(step("click", "#b"), html=html)
    assert shown("return log.textContent") == "hit still"


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (f"{BUTTON}<div id=cookies class='bar big' style='position:fixed;inset:0'></div>",
         'it is covered by <div id="cookies" class="bar big">'),
        ("<button id=b disabled>x</button>", "it is disabled"),
        ("<fieldset disabled><button id=b>x</button></fieldset>", "it is disabled"),
        ("<button id=b aria-disabled=true>x</button>", "it is disabled (aria-disabled)"),
        ("<div id=d style=display:none><button id=b>x</button></div>y",
         'it is not shown (display: none of <div id="d">)'),
        ("<button id=b style=visibility:hidden>x</button>y",
         "it is not shown (visibility: hidden)"),
        ("<button id=b style='width:0;height:0;padding:0;border:0;overflow:hidden'></button>y",
         "it has no size"),
        ("<details><summary>s</summary><button id=b>x</button></details>",
         "it is in a part of the page that is folded away"),
        ("<button id=b style=pointer-events:none>x</button>",
         "it does not take the pointer (pointer-events: none)"),
        ("<button id=b style='position:absolute;left:-999px'>x</button>y",
         "it is outside the visible part of the page"),
        ("<input id=b type=hidden>y", "it is a hidden field"),
        ("<div inert><button id=b>x</button></div>", "<div> is inert"),
        ("<style>#b{position:absolute;animation:m 1s linear infinite}@keyframes m{from{left:0}"
         "to{left:600px}}</style><button id=b>x</button>", "it is moving"),
    ],
)  # fmt: skip
def test_it_says_what_was_not_met(html: str, why: str, play_steps: Play) -> None:
    *_, failed = play_steps(step("click", "#b", timeout_seconds=0.2), html=html)
    assert failed.error == f"Could not click #b: {why} (waited 0.2 s)."
    assert (failed.found or "").endswith(f": {why}")
    assert failed.expected == "an element #b that is visible, enabled, still and not covered"


def two(*values: str) -> list[dict[str, str]]:
    return [{"by": "css", "value": value} for value in values]


def test_the_first_candidate_that_can_be_used_wins(play_steps: Play) -> None:
    html = "<button id=a hidden>x</button><button class=b>y</button><button class=b>z</button>"
    *_, clicked = play_steps(step("click", locators=two(".none", "#a", ".b")), html=html)
    assert str(clicked.locator) == ".b"
    assert clicked.match_count == 2
    assert [(str(one), count) for one, count in clicked.matches] == [
        (".none", 0),
        ("#a", 1),
        (".b", 2),
    ]


def test_the_first_match_in_document_order_counts(
    play_steps: Play, shown: Callable[[str], Any]
) -> None:
    html = f"{SAY}<b onclick=say(1)>x</b><b onclick=say(2)>y</b>"
    play_steps(step("click", "//b"), html=html)
    assert shown("return log.textContent") == "1"


def test_a_failure_tells_what_each_candidate_matched(play_steps: Play) -> None:
    failed = play_steps(
        step("click", locators=two(".none", "b"), timeout_seconds=0.2),
        html="<b hidden>x</b><b hidden>y</b>z",
    )[-1]
    assert failed.error == (
        "Could not click b: it is not shown (display: none) (waited 0.2 s). "
        "Matched: .none 0 elements, b 2 elements."
    )


def test_an_element_behind_any_candidate_is_not_hidden(play_steps: Play) -> None:
    failed = play_steps(
        step("assert_hidden", locators=two(".renamed", "b"), timeout_seconds=0.2), html="<b>y</b>"
    )[-1]
    assert failed.state == "failed"


@pytest.mark.parametrize(
    ("by", "value"),
    [("id", "a:b"), ("name", "q"), ("link_text", "Log  in"), ("xpath", "//a[.//i]")],
)
def test_every_kind_of_locator_finds_its_element(by: str, value: str, play_steps: Play) -> None:
    html = "<a id=a:b name=q href=#x>\n Log <i>in</i></a>"
    *_, clicked = play_steps(step("click", locators=[{"by": by, "value": value}]), html=html)
    assert (clicked.error, clicked.match_count) == (None, 1)


def test_an_xpath_that_selects_no_elements_says_so(play_steps: Play) -> None:
    *_, failed = play_steps(step("click", "//b/text()", timeout_seconds=0.2), html="<b>x</b>")
    assert "The browser cannot use //b/text(): it selects text or attributes" in (
        failed.error or ""
    )


def test_an_assertion_waits_until_it_holds(play_steps: Play) -> None:
    html = (
        "<h1>Wait</h1><script>setTimeout(() => "
        "document.querySelector('h1').textContent = 'Done', 300)</script>"
    )
    *_, seen = play_steps(step("assert_text", "h1", "Done"), html=html)
    assert seen.state == "passed"
    assert (seen.duration_ms or 0) >= 150


def test_a_page_that_is_replaced_while_it_is_looked_at(play_steps: Play, site: Any) -> None:
    html = "<p>x<script>setTimeout(() => location.href = '/echo?q=<b>there</b>', 120)</script>"
    *_, seen = play_steps(step("click", "b"), html=html)
    assert seen.error is None


def test_a_bad_pattern_does_not_hang_the_worker(play_steps: Play) -> None:
    html = f"<h1>{'a' * 40}!</h1>"
    *_, failed = play_steps(step("assert_text", "h1", "(a+)+$", match="matches"), html=html)
    assert failed.state == "failed"
    assert "took longer than 2 s on a text of 41 characters" in (failed.error or "")
