"""What a page asks of the network, in Chromium and in Firefox."""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from tests.site.server import free_port
from webapp.browser.driver import Browser, BrowserSettings, open_browser
from webapp.browser.steps import Step

pytestmark = pytest.mark.browser

PlayOn = Callable[[Browser], Play]
QUIET = step("wait_for_network", content="0.3", number=2)


def soft(action: str, content: str | None = None, **more: object) -> Step:
    """A step after whose failure the run goes on."""
    return step(action, content=content, **more).model_copy(update={"on_failure": "soft"})


def script(source: str) -> str:
    """A page that runs this; in its own address the source cannot be read."""
    kept = base64.b64encode(source.encode()).decode()
    return f"<h1>Page</h1><script>(0, eval)(atob('{kept}'))</script>"


def test_the_network_is_waited_for(play_both: Play) -> None:
    """The second request begins when the first one is over, and both are waited for."""
    source = "fetch('/answer.json?after=0.5').then(() => fetch('/answer.json?after=0.4'))"
    _, seen, count = play_both(
        QUIET, step("assert_request", content="/answer.json", count=2, status="200", operator="=="),
        html=script(source),
    )  # fmt: skip
    assert (seen.error, count.error) == (None, None)
    assert (seen.duration_ms or 0) > 800


def test_a_request_that_does_not_end_is_named(play_both: Play) -> None:
    waiting = step("wait_for_network", content="0.2", timeout_seconds=0.8)
    _, seen = play_both(waiting, html=script("fetch('/never?a=1')"))
    assert seen.state == "failed"
    assert "The network was not quiet for 0.2 s within 0.8 s: still waiting for GET" in (
        seen.error or ""
    )
    assert "/never?a=1 (for " in (seen.error or "")
    ignoring = step("wait_for_network", content="0.2", ignore="nowhere\n/never*a=", number=2)
    assert play_both(ignoring, html=script("fetch('/never?a=1')"))[1].state == "passed"


def test_a_page_that_asks_again_and_again_is_never_quiet(play_both: Play) -> None:
    waiting = step("wait_for_network", content="0.4", timeout_seconds=1)
    _, seen = play_both(waiting, html=script("setInterval(() => fetch('/answer.json'), 150)"))
    assert "/answer.json" in (seen.error or "") and seen.state == "failed"


def test_streams_do_not_count_but_are_named(play_both: Play, both: Browser) -> None:
    source = "new EventSource('/stream'); new WebSocket(`ws://${location.host}/socket`)"
    _, seen, clean = play_both(
        step("wait_for_network"), step("assert_no_failed_requests"), html=script(source)
    )
    assert (seen.state, clean.error) == ("passed", None)
    (note,) = seen.notes
    assert "event stream http://" in note and "/stream" in note
    # Firefox does not tell of WebSockets, and so does not wait for them either.
    assert ("WebSocket ws://" in note) is (both.settings.kind != "firefox")


def test_what_was_asked_by_the_page_before_is_not_waited_for(play_both: Play) -> None:
    leaving = script("fetch('/never')")
    *_, quiet, clean, errors = play_both(
        step("open", content="/404", status=404), QUIET,
        step("assert_no_failed_requests", content="/404"), step("assert_no_script_errors"),
        html=leaving,
    )  # fmt: skip
    assert (quiet.error, clean.error, errors.error) == (None, None, None)


REQUESTS = script(
    "fetch('/answer.json', {method: 'POST'}); fetch('/500?x=1'); fetch('/go?to=/answer.json?then')"
)


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("/answer.json$", {"method": "POST", "status": 200, "operator": "=="}),
        ("/500", {"status": "5xx"}),
        ("127.0.0.1*/go?", {"status": "302", "operator": "=="}),
        ("answer.json?then$", {"method": "GET", "status": "2xx"}),
        ("ANSWER", {"operator": "==", "count": 2, "status": "200"}),
        ("/nowhere", {"operator": "==", "count": 0}),
        ("/answer", {"operator": "<=", "count": 3}),
    ],
)
def test_a_request_was_made(play_both: Play, content: str, options: dict[str, object]) -> None:
    *_, seen = play_both(QUIET, step("assert_request", content=content, **options), html=REQUESTS)
    assert seen.error is None
    assert seen.expected and seen.found


def test_a_request_that_was_not_made_says_what_was(play_both: Play) -> None:
    asked = step("assert_request", content="/500", status=200, timeout_seconds=0.3)
    *_, seen = play_both(QUIET, asked, html=REQUESTS)
    assert "Expected at least 1 request to “/500” with status 200 but there were none" in (
        seen.error or ""
    )
    assert "there were: GET http://127.0.0.1" in (seen.error or "")
    assert "/500?x=1 (status 500)" in (seen.error or "")
    asked = step("assert_request", content="/nowhere", timeout_seconds=0.3)
    assert "to other addresses" in (play_both(QUIET, asked, html=REQUESTS)[2].error or "")
    asked = step("assert_request", content="/answer", count=1, operator="<=")
    seen = play_both(QUIET, asked, html=REQUESTS)[2]
    assert "at most 1 request to “/answer” but there were 3. These were: POST" in (seen.error or "")
    assert (seen.duration_ms or 0) < 2000  # it cannot become fewer


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("fetch('/500')", "/500 (status 500)"),
        ("fetch('/reset').catch(() => 0)", "/reset (CONNECTION_RESET)"),
        ("document.write('<img src=/404>')", "/404 (status 404)"),
    ],
)
def test_failed_requests_are_found(play_both: Play, source: str, words: str) -> None:
    *_, seen = play_both(QUIET, step("assert_no_failed_requests"), html=script(source))
    assert seen.state == "failed"
    assert words in (seen.error or "") and seen.found == "1 request"
    ignored = step("assert_no_failed_requests", content="/500\n/reset\n/404")
    assert play_both(QUIET, ignored, html=script(source))[2].error is None


def test_a_refused_connection_and_another_origin_are_failures(play_both: Play, site: Site) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/x"
    other = f"http://localhost:{site.port}/answer.json"
    source = f"fetch('{nobody}').catch(() => 0); fetch('{other}').catch(() => 0)"
    *_, seen = play_both(QUIET, step("assert_no_failed_requests"), html=script(source))
    assert nobody in (seen.error or "")
    asked = step("assert_request", content=other)
    assert play_both(QUIET, asked, html=script(source))[2].error is None


def test_what_the_page_gave_up_is_no_failure(play_both: Play) -> None:
    source = (
        "const c = new AbortController(); fetch('/never', {signal: c.signal}).catch(() => 0);"
        "setTimeout(() => c.abort(), 50)"
    )
    *_, seen = play_both(QUIET, step("assert_no_failed_requests"), html=script(source))
    assert seen.error is None
    assert "none failed" in (seen.found or "")


def test_a_request_without_an_answer_yet_is_noted(play_both: Play) -> None:
    *_, seen = play_both(step("assert_no_failed_requests"), html=script("fetch('/never')"))
    assert seen.state == "passed"
    assert any("Not answered yet: GET http://127.0.0.1" in note for note in seen.notes)


def test_a_run_does_not_see_the_one_before(play_both: Play) -> None:
    play_both(
        QUIET, step("assert_no_script_errors"), step("assert_no_failed_requests"),
        html=script("fetch('/500'); null.x()"),
    )  # fmt: skip
    seen = play_both(
        QUIET, step("assert_no_script_errors"), step("assert_no_failed_requests"),
        step("assert_request", content="*", operator="==", count=1),
    )  # fmt: skip
    assert [one.error for one in seen] == [None] * 5


def test_the_time_of_a_page_and_of_a_request(play_both: Play) -> None:
    html = script("fetch('/answer.json?after=0.4'); fetch('/answer.json')")
    _, _, page, fast, slow, none = play_both(
        QUIET,
        step("assert_response_time", content="4000"),
        step("assert_response_time", content="4000", of="request", url="/answer.json$"),
        soft("assert_response_time", content="300", of="request", url="/answer"),
        soft("assert_response_time", content="9", of="request", url="/no", timeout_seconds=0.2),
        html=html,
    )  # fmt: skip
    assert (page.error, fast.error) == (None, None)
    assert "/answer.json?after=0.4, the slowest of 2" in (slow.error or "")
    assert float((slow.found or "").removesuffix(" ms").replace(",", "")) > 390
    assert "no request went there within 0.2 s" in (none.error or "")


@pytest.mark.slow
def test_a_slow_page_is_over_its_budget(play_both: Play) -> None:
    budget = step("assert_response_time", content="300", until="response")
    _, seen = play_both(budget, path="/?after=0.5")
    assert "Expected the document of the page to come within 300 ms, but it took" in (
        seen.error or ""
    )
    budget = step("assert_response_time", content="300", timeout_seconds=0.5)
    _, seen = play_both(budget, path="/slow-image")
    assert "it was still loading after 0.5 s" in (seen.error or "")
    budget = step("assert_response_time", content="4000", until="ready")
    assert play_both(budget, path="/slow-image")[1].error is None


def test_a_secret_in_an_address_is_masked(play_both: Play) -> None:
    typed = step("type", "input", "Hunter2-Moon sun", secret=True)
    html = "<input>" + script(
        "const f = document.querySelector('input'); let later;"
        "f.oninput = () => {clearTimeout(later); later = setTimeout(() => {"
        "fetch('/500?token=' + encodeURIComponent(f.value)); throw new Error('x' + f.value)}, 99)}"
    )
    _, _, _, failed, errors, asked = play_both(
        typed, QUIET, soft("assert_no_failed_requests"), soft("assert_no_script_errors"),
        soft("assert_request", content="/500", status=200, timeout_seconds=0.1),
        html=html,
    )  # fmt: skip
    for seen in (failed, errors, asked):
        told = f"{seen.error} {seen.found} {seen.expected} {seen.notes}"
        assert seen.state == "failed"
        assert "Hunter2" not in told and "Moon" not in told
    assert "/500?token=••••" in (failed.error or "")


@pytest.mark.slow
def test_a_busy_page_costs_little(play_both: Play) -> None:
    source = "for (let i = 0; i < 500; i++) fetch('/answer.json?i=' + i)"
    quiet = step("wait_for_network", timeout_seconds=60)
    play_both(quiet, html=script(source))
    asked = step("assert_request", content="?i=", count=500, operator="==", status=200)
    began = time.monotonic()
    *_, seen = play_both(quiet, asked, html=script(source))
    print(json.dumps({"all": time.monotonic() - began, "assert_ms": seen.duration_ms}))
    assert seen.error is None
    assert (seen.duration_ms or 0) < 1000


def test_a_frame_of_another_site_is_watched_too(play_both: Play, site: Site) -> None:
    inner = quote("<script>null.x()</script><img src=/404?inner>")
    html = f"<iframe src='http://localhost:{site.port}/echo?q={inner}'></iframe>"
    _, _, failed, errors = play_both(
        QUIET, soft("assert_no_failed_requests"), soft("assert_no_script_errors"),
        html=html,
    )  # fmt: skip
    assert "/404?inner (status 404)" in (failed.error or "")
    assert "TypeError" in (errors.error or "")


def test_what_a_new_tab_asked_is_not_taken_for_nothing(fresh: Browser, play_on: PlayOn) -> None:
    """Chromium tells of a tab from the moment on in which its driver sees it, and that is said."""
    inner = quote("<h1>In</h1><script>fetch('/500')</script>")
    _, _, _, seen = play_on(fresh)(
        step("click", "a"), step("wait", content="0.5"), step("assert_no_failed_requests"),
        html=f"<a target=_blank href='/echo?q={inner}'>Open</a>",
    )  # fmt: skip
    assert seen.state == "passed"
    assert any(
        "what a new tab asks of the network in its first moment" in one for one in seen.notes
    )


def test_a_favicon_is_nothing_that_a_page_asked_for(folder: Path, play_on: PlayOn) -> None:
    with open_browser(BrowserSettings(kind="chrome-full", folder=folder)) as browser:
        *_, seen = play_on(browser)(QUIET, step("assert_no_failed_requests"))
    assert (seen.error, seen.found) == (None, "1 request, none failed")
