"""Back, forward, reload and resize; and waits for what a page says."""

from urllib.parse import quote

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from webapp.browser.driver import Browser, BrowserSettings, open_browser

pytestmark = pytest.mark.browser


def page(html: str) -> str:
    return f"/echo?q={quote(html)}"


FIRST = "<title>First</title><h1>First</h1>"
SECOND = page("<title>Second</title><h1>Second</h1>")


def heading(text: str) -> object:
    return step("assert_text", "h1", text, match="equals")


def errors(seen: list) -> list:
    return [one.error for one in seen if one.error]


def test_through_the_history(play_both: Play) -> None:
    seen = play_both(
        heading("First"),
        step("open", content=SECOND),
        step("back"),
        heading("First"),
        step("forward"),
        heading("Second"),
        step("reload"),
        heading("Second"),
        html=FIRST,
    )
    assert errors(seen) == []
    assert seen[3].found in ("200", "unknown") and seen[3].screenshot is not None


def test_a_place_in_the_same_document_is_a_page_of_the_history(play_both: Play) -> None:
    html = (
        "<h1>First</h1><a href='#two'>x</a><script>onpopstate = onhashchange = () => "
        "document.querySelector('h1').textContent = location.hash || 'none'</script>"
    )
    seen = play_both(
        step("click", "a"),
        heading("#two"),
        step("back"),
        heading("none"),
        step("forward"),
        heading("#two"),
        html=html,
    )
    assert errors(seen) == []


def test_a_history_without_a_page_says_so(folder, site: Site, play_on) -> None:
    for kind in ("chrome", "firefox"):
        with open_browser(BrowserSettings(kind=kind, folder=folder)) as browser:
            play = play_on(browser)
            _, failed = play(step("back", timeout_seconds=3), html=FIRST)
            assert "this is the first page of the tab" in (failed.error or ""), kind
            assert failed.page_title == "First"
            *_, failed = play(step("open", content=SECOND), step("forward"), html=FIRST)
            assert "this is the last page of the tab" in (failed.error or ""), kind


@pytest.mark.parametrize("way", ["back", "forward", "reload"])
def test_an_error_page_fails_as_it_does_for_open(way: str, play_both: Play) -> None:
    broken = step("open", content="/404", status="any")
    steps = {
        "back": [broken, step("open", content="/"), step("back")],
        "forward": [broken, step("back"), step("forward")],
        "reload": [broken, step("reload")],
    }[way]
    *_, failed = play_both(*steps, html=FIRST)
    assert failed.state == "failed"
    assert "answered with status 404" in (failed.error or "")


def test_a_page_that_does_not_come_again(play_both: Play) -> None:
    html = "<h1>x</h1><script>history.replaceState(0, '', '/reset')</script>"
    _, failed = play_both(step("reload"), html=html)
    assert failed.state == "failed"
    assert "/reset could not be opened: " in (failed.error or "")


def test_the_page_gets_its_size(play_both: Play) -> None:
    html = (
        "<h1>x</h1><script>onresize = () => document.title = innerWidth + '/' + innerHeight"
        "</script>"
    )
    try:
        seen = play_both(
            step("resize", content="800x600"),
            step("assert_title", None, "800/600", match="equals"),
            step("resize", content="1024 × 700"),
            step("assert_title", None, "1024/700", match="equals"),
            html=html,
        )
        assert errors(seen) == []
    finally:
        play_both(step("resize", content="1366x768"))


def test_a_size_that_the_browser_does_not_make_fails(play_both: Play, both: Browser) -> None:
    try:
        _, seen = play_both(step("resize", content="360x640"), html="<h1>x</h1>")
        if both.settings.kind == "firefox":
            assert "could not make the page 360 × 640 pixels large: it made it 500" in (
                seen.error or ""
            )
        else:
            assert seen.error is None
    finally:
        play_both(step("resize", content="1366x768"))


LATER = (
    "<title>a</title><p id=p></p><input id=f disabled><input id=c type=checkbox><i id=g>g</i>"
    "<script>setTimeout(() => {{ {0} }}, 400)</script>"
)


@pytest.mark.parametrize(
    ("after", "wait"),
    [
        ("p.textContent = 'Done  now'", step("wait_for_text", "#p", "Done now", match="equals")),
        ("p.textContent = 'Done'", step("wait_for_text", content="Done")),
        ("document.title = 'b'", step("wait_for_title", content="b", match="equals")),
        ("location.hash = 'end'", step("wait_for_url", content="#end$", match="matches")),
        ("p.textContent = 'x'", step("wait_for", "#p", state="visible")),
        ("g.style.display = 'none'", step("wait_for", "#g", state="hidden")),
        ("g.remove()", step("wait_for", "#g", state="gone")),
        ("p.innerHTML = '<b hidden>x'", step("wait_for", "#p b", state="present")),
        ("f.disabled = false", step("wait_for", "#f", state="enabled")),
        ("c.disabled = true", step("wait_for", "#c", state="disabled")),
        ("f.disabled = false", step("wait_for", "#f", state="editable")),
        ("c.disabled = true", step("wait_for", "#c", state="not_editable")),
        ("c.checked = true", step("wait_for", "#c", state="checked")),
        (
            "c.checked = true; setTimeout(() => c.checked = false, 200)",
            step("wait_for", "#c", state="unchecked"),
        ),
    ],
    ids=lambda one: getattr(one, "title", ""),
)
def test_a_wait_ends_when_it_holds(after: str, wait, play_both: Play) -> None:
    seen = play_both(wait, html=LATER.format(after))
    assert errors(seen) == []


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (
            step("wait_for_text", "#p", "Done"),
            "Expected the text of #p to contain “Done” but it was “Hi”.",
        ),
        (step("wait_for_text", content="Done"), "to contain “Done”"),
        (
            step("wait_for_title", content="b"),
            "the title of the page to contain “b” but it was “a”",
        ),
        (step("wait_for_url", content="#end"), "the address of the page to contain “#end”"),
        (
            step("wait_for", "#none", state="present"),
            "for #none to be in the page but there was no",
        ),
        (step("wait_for", "#p", state="gone"), 'to be gone but <p id="p"> was visible'),
        (step("wait_for", "#f", state="disabled"), 'to be disabled but <input id="f"> was enabled'),
        (
            step("wait_for", "#r", state="editable"),
            'to be editable but <input id="r">: it is read-only',
        ),
        (
            step("wait_for", "#f", state="not_editable"),
            'to be not editable but <input id="f">: it can be',
        ),
        (step("wait_for", "#c", state="checked"), "was not checked"),
        (step("wait_for", "#p", state="unchecked"), "is neither a checkbox nor a radio button"),
    ],
    ids=lambda one: getattr(one, "title", ""),
)
def test_a_wait_in_vain_says_what_was_there(wait, words: str, play_both: Play) -> None:
    html = (
        "<title>a</title><p id=p>Hi</p><input id=f><input id=r readonly><input type=checkbox id=c>"
    )
    _, failed = play_both(wait.model_copy(update={"timeout_seconds": 0.3}), html=html)
    assert failed.state == "failed"
    assert words in (failed.error or "")
