"""What a flow can expect of pages and elements, in Chromium and Firefox: held, and not held."""

from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.actions import ACTIONS
from webapp.browser.player import Outcome
from webapp.browser.steps import Step, parse_step

pytestmark = pytest.mark.browser

QUICK = {"timeout_seconds": 0.2}
STYLED = (
    "<style>:root{--accent: #f80}</style>"
    "<p id=p style='color:#ff0000;background-color:rgba(0,0,0,.5)'>red</p>"
)
FIELDS = (
    "<input id=f value=5><input id=d disabled><input id=r readonly><button id=b>Go</button>"
    "<fieldset disabled><input id=g></fieldset><p id=p>text</p><div id=e contenteditable>x</div>"
    "<select id=s><option value=a>Anna<option value=b selected>Berta</select>"
    "<button id=x aria-disabled=true>Not now</button><b id=a role=textbox aria-readonly=true>y</b>"
)
BOXES = (
    "<input type=checkbox id=on checked><input type=checkbox id=off><input type=radio id=radio>"
    "<b role=switch aria-checked=true id=switch>s</b><p id=p>no</p>"
    "<select><option id=first selected>1<option id=second>2</select>"
)
LISTS = (
    "<select id=s><option value=1>One<option value=2 selected> Two  words </select>"
    "<select id=m multiple><option value=a selected>A<option value=b>B<option value=c selected>C"
    "</select><select id=n multiple><option>A</select><p id=p>no</p>"
)
SHADOW = (
    "<h1>Light</h1><div id=host></div><div id=gone style=display:none></div><script>"
    "host.attachShadow({mode: 'open'}).innerHTML = 'bare <p>deep</p><p hidden>unseen</p>"
    "<style>p{color:red}</style><span id=inner></span><i style=display:contents><b>held</b></i>';"
    "host.shadowRoot.querySelector('#inner').attachShadow({mode: 'open'}).innerHTML = "
    "'<b>deeper</b>';"
    "gone.attachShadow({mode: 'open'}).innerHTML = '<p>ghost</p>'</script>"
)
STORE = (
    "<h1>x</h1><script>document.cookie = 'language=de%20AT; path=/'; localStorage.theme = 'dark';"
    "document.cookie = 'session_id=abc123secret; path=/';"
    "localStorage.auth = 'Swordfish9'; sessionStorage.step = '2'</script>"
)
FOCUS = (
    "<input id=f autofocus><button id=b>x</button><div id=host></div><script>"
    "host.attachShadow({mode: 'open'}).innerHTML = '<input id=deep>'</script>"
)


def cookie(name: str, content: str | None, timeout_seconds: float = 5, **more: object) -> Step:
    return parse_step(
        {
            "number": 1,
            "action": "assert_cookie",
            "content": content,
            "timeout_seconds": timeout_seconds,
            "options": {"name": name, **more},
        }
    )


HELD: list[tuple[str, Step]] = [
    (STYLED, step("assert_css", "#p", "rgb(255, 0, 0)", property="color", match="equals")),
    (STYLED, step("assert_css", "#p", "red", property="color", match="equals")),
    (STYLED, step("assert_css", "#p", "#F00", property="color")),
    (STYLED, step("assert_css", "#p", "blue", property="color", negate=True)),
    (STYLED, step("assert_css", "#p", "0.5", property="backgroundColor")),
    (STYLED, step("assert_css", "html", "#f80", property="--accent")),
    (STYLED, step("assert_css", "#p", r"^rgb", property="color", match="matches")),
    (FIELDS, step("assert_property", "#d", "true", property="disabled", match="equals")),
    (FIELDS, step("assert_property", "#f", "5", property="value", match="equals")),
    (FIELDS, step("assert_property", "#f", '"5"', property="value", match="equals")),
    (FIELDS, step("assert_property", "#f", "1", property="value.length", match="equals")),
    (FIELDS, step("assert_property", "#p", "null", property="onclick", match="equals")),
    (FIELDS, step("assert_property", "#p", "TEXT", property="tagName", negate=True)),
    (FIELDS, step("assert_exists", "#p")),
    ("<p id=p hidden>x</p><h1>x</h1>", step("assert_exists", "#p")),
    ("<h1>x</h1>", step("assert_missing", "#p")),
    ("<h1>x</h1>", step("assert_missing", "#p", once=True)),
    ("<p id=p>x</p><script>setTimeout(() => p.remove(), 300)</script>",
     step("assert_missing", "#p")),
    ("<h1>x</h1><script>setTimeout(() => document.body.append(Object.assign(document.createElement("
     "'p'), {id: 'p'})), 300)</script>", step("assert_exists", "#p")),
    (FIELDS, step("assert_enabled", "#b")),
    (FIELDS, step("assert_enabled", "#r")),
    (FIELDS, step("assert_disabled", "#d")),
    (FIELDS, step("assert_disabled", "#g")),
    (FIELDS, step("assert_disabled", "#x")),
    *[(FIELDS, step("assert_editable", css)) for css in ("#f", "#e", "#s", "#b")],
    *[(FIELDS, step("assert_not_editable", css)) for css in ("#d", "#r", "#g", "#p", "#a")],
    *[(BOXES, step("assert_checked", css)) for css in ("#on", "#switch", "#first")],
    *[(BOXES, step("assert_unchecked", css)) for css in ("#off", "#radio", "#second")],
    (FOCUS, step("assert_focused", "#f")),
    (LISTS, step("assert_selected", "#s", "Two words", match="equals")),
    (LISTS, step("assert_selected", "#s", "2", match="equals", by="value")),
    (LISTS, step("assert_selected", "#s", "1", match="equals", by="value", negate=True)),
    (LISTS, step("assert_selected", "#m", "C", match="equals")),
    (LISTS, step("assert_selected", "#m", "B", match="equals", negate=True)),
    (LISTS, step("assert_selected", "#n", "", match="equals", by="value")),
    (STORE, cookie("language", None)),
    (STORE, cookie("nobody", None, negate=True)),
    (STORE, cookie("language", "de AT", match="equals")),
    (STORE, cookie("language", "de%20AT", match="equals")),
    (STORE, cookie("language", "fr", negate=True)),
    (STORE, step("assert_storage", None, "dark", key="theme", match="equals")),
    (STORE, step("assert_storage", None, None, key="theme")),
    (STORE, step("assert_storage", None, "2", key="step", area="session")),
    (STORE, step("assert_storage", None, None, key="step", negate=True)),
    *[(SHADOW, step("assert_page", None, word)) for word in ("Light", "bare", "deep", "deeper",
                                                            "held")],
    *[(SHADOW, step("assert_page", None, word, negate=True)) for word in ("unseen", "ghost",
                                                                         "color:red")],
    ("<h1>x</h1><script>setTimeout(() => document.body.append('Done'), 300)</script>",
     step("assert_page", None, "Done")),
    ("<h1>x</h1>", step("assert_script", None, "document.querySelectorAll('h1').length == 1")),
]  # fmt: skip

# html, step, and what its message says
NOT_HELD: list[tuple[str, Step, str]] = [
    (STYLED, step("assert_css", "#p", "blue", property="color", **QUICK),
     "Expected the CSS property color of #p to contain “blue” but it was “rgb(255, 0, 0)”."),
    (STYLED, step("assert_css", "#p", "x", property="colr", **QUICK), "has no such property"),
    (FIELDS, step("assert_property", "#d", "false", property="disabled", match="equals", **QUICK),
     "Expected the property disabled of #d to be “false” but it was “true”."),
    (FIELDS, step("assert_property", "#f", "x", property="nothing.at.all", **QUICK),
     "has no such property"),
    (FIELDS, step("assert_property", "#f", "x", property="click", **QUICK), "it was a function"),
    (FIELDS, step("assert_property", "#f", "x", property="parentNode", **QUICK), "an element"),
    ("<h1>x</h1>", step("assert_exists", "#p", **QUICK),
     "Expected #p to be on the page but there was no such element."),
    (FIELDS, step("assert_missing", "#p", **QUICK),
     "Expected #p to be missing but <p id=\"p\"> was there."),
    ("<p id=p>x</p><script>setTimeout(() => p.remove(), 1500)</script>",
     step("assert_missing", "#p", once=True), "Expected #p to be missing but"),
    (FIELDS, step("assert_enabled", "#d", **QUICK),
     "Expected #d to be enabled but it is disabled."),
    (FIELDS, step("assert_disabled", "#b", **QUICK), "<button id=\"b\"> is enabled."),
    (FIELDS, step("assert_editable", "#r", **QUICK),
     "Expected #r to be editable but it is read-only."),
    (FIELDS, step("assert_editable", "#p", **QUICK), "its text cannot be edited"),
    (FIELDS, step("assert_not_editable", "#f", **QUICK), "is editable."),
    (BOXES, step("assert_checked", "#off", **QUICK), "is not checked."),
    (BOXES, step("assert_checked", "#p", **QUICK), "<p id=\"p\"> is no checkbox"),
    (BOXES, step("assert_unchecked", "#on", **QUICK), "is checked."),
    (BOXES, step("assert_unchecked", "#p", **QUICK), "<p id=\"p\"> is no checkbox"),
    (FOCUS, step("assert_focused", "#b", **QUICK),
     "Expected #b to be focused but the focus was on <input id=\"f\">."),
    ("<input id=f>", step("assert_focused", "#f", **QUICK), "the focus was on no element."),
    (LISTS, step("assert_selected", "#s", "One", **QUICK),
     "Expected the label of what is chosen in #s to contain “One” but it was “Two words”."),
    (LISTS, step("assert_selected", "#m", "B", match="equals", **QUICK), "it was “A”, “C”."),
    (LISTS, step("assert_selected", "#m", "C", match="equals", negate=True, **QUICK), "not to be"),
    (LISTS, step("assert_selected", "#p", "x", **QUICK), "<p id=\"p\"> is no list of choices"),
    (STORE, cookie("nobody", None, **QUICK),
     "Expected a cookie “nobody” but the browser has no such cookie for this page."),
    (STORE, cookie("language", None, negate=True, **QUICK),
     "Expected no cookie “language” but there was one."),
    (STORE, cookie("language", "fr", **QUICK), "it was “de%20AT”."),
    (STORE, step("assert_storage", None, "light", key="theme", **QUICK),
     "Expected the value “theme” in the local storage to contain “light” but it was “dark”."),
    (STORE, step("assert_storage", None, "x", key="nobody", **QUICK), "there is no such key"),
    (SHADOW, step("assert_page", None, "Paid", **QUICK),
     "Expected the text of the page to contain “Paid” but it was “Light"),
    (SHADOW, step("assert_page", None, "deeper", negate=True, **QUICK), "not to contain “deeper”"),
]  # fmt: skip


def told(seen: list[Outcome]) -> str:
    """What a person reads of these steps; the address of the page holds its HTML in these tests."""
    return repr([(one.error, one.expected, one.found, one.notes) for one in seen])


def name_of(value: Any) -> str | None:
    return value.action if isinstance(value, Step) else None


@pytest.mark.parametrize(("html", "one"), HELD, ids=name_of)
def test_what_is_as_expected_passes(html: str, one: Step, play_both: Play) -> None:
    seen = play_both(one, html=html)[-1]
    assert (seen.state, seen.error) == ("passed", None)


@pytest.mark.parametrize(("html", "one", "words"), NOT_HELD, ids=name_of)
def test_what_is_not_says_what_was_found(html: str, one: Step, words: str, play_both: Play) -> None:
    seen = play_both(one, html=html)[-1]
    assert seen.state == "failed"
    assert (seen.error or "").startswith("Expected ") and words in (seen.error or "")
    assert seen.expected and seen.found


def test_no_assertion_takes_another_element_for_its_own() -> None:
    asserting = [one for name, one in ACTIONS.items() if name.startswith("assert_")]
    healing = [one.name for one in asserting if one.locators != "none" and one.heals]
    assert healing == []


def test_the_values_of_keys_are_not_told(play_both: Play) -> None:
    seen = play_both(
        cookie("session_id", "zzz", **QUICK),
        html=STORE,
    )
    assert "it was something else (it looks like a key to something" in (seen[-1].error or "")
    assert "abc123" not in told(seen)
    seen = play_both(step("assert_storage", None, "zzz", key="auth", **QUICK), html=STORE)
    assert "Swordfish9" not in told(seen)
    seen = play_both(step("assert_storage", None, "Swordfish9", key="auth"), html=STORE)
    assert seen[-1].state == "passed"


def test_a_cookie_that_scripts_must_not_read_is_compared_but_not_told(play_both: Play) -> None:
    held, missed = play_both(
        cookie("colour", "deep-blue"),
        cookie("colour", "zzz", **QUICK),
        path="/cookie?name=colour&value=deep-blue",
    )[1:]
    assert held.state == "passed" and missed.state == "failed"
    assert "HttpOnly" in (missed.error or "") and "deep-blue" not in told([missed])


def test_a_page_without_storage(play_both: Play) -> None:
    html = "<iframe sandbox='allow-scripts' srcdoc='<h1>x</h1>'></iframe>"
    seen = play_both(
        step("switch_frame", "iframe"),
        step("assert_storage", None, "x", key="theme", **QUICK),
        html=html,
    )[-1]
    assert "this page has no local storage" in (seen.error or "")


def test_the_focus_in_a_shadow_root(play_both: Play) -> None:
    seen = play_both(
        step("run_script", None, "host.shadowRoot.querySelector('input').focus()"),
        step("assert_focused", "#b", **QUICK),
        html=FOCUS,
    )[-1]
    assert 'the focus was on <input id="deep">' in (seen.error or "")


def test_a_secret_at_the_edge_of_a_long_text_is_not_told_in_part(play_both: Play) -> None:
    html = f"<p>{'x' * 290} {{{{}}}}</p><input id=f>".replace(
        "{{}}", "Hunter2-Moonlight" + "y" * 50
    )
    seen = play_both(
        step("set_variable", None, "Hunter2-Moonlight", variable="word", secret=True),
        step("assert_page", None, "nowhere", **QUICK),
        html=html,
    )[-1]
    assert seen.state == "failed" and "Hunter" not in repr(seen)


def test_a_text_around_what_should_not_be_there(play_both: Play) -> None:
    html = f"<p>{'before ' * 200}Error 500{' after' * 200}</p>"
    seen = play_both(step("assert_page", None, "Error", negate=True, **QUICK), html=html)[-1]
    assert "before Error 500 after" in (seen.error or "")
    assert "characters in all" in (seen.error or "")


def test_the_picture_of_an_element_is_kept(play_both: Play) -> None:
    html = "<div id=d style='width:40px;height:30px;background:red'></div><h1>x</h1>"
    whole, alone = play_both(step("screenshot"), step("screenshot", "#d"), html=html)[1:]
    assert whole.screenshot and alone.screenshot
    width, height = (int.from_bytes(alone.screenshot[at : at + 4]) for at in (16, 20))
    assert (width, height) == (40, 30)
