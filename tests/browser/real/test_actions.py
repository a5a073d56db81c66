"""Every action in a real browser: once as it should be, and once with what it says when not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.actions import ACTIONS
from webapp.browser.steps import Step

pytestmark = pytest.mark.browser

QUICK = {"timeout_seconds": 0.2}
LOG = (
    "<p id=log></p><p>log</p>"
    "<script>const say = (t) => document.getElementById('log').textContent += t</script>"
)
FIELD = "<input id=f value=old>"
LIST = (
    "<select id=s><option value=1>One<option value=2> Two  words <option value=3 disabled>Three"
    "</select>"
)
BOX = "<input type=checkbox id=c>"
TALL = "<div style=height:3000px></div><b id=low>low</b>"

# action: html, step, and the script that shows that it worked
PASSING: list[tuple[str, Step, str]] = [
    (
        f"<button onclick=say('hit')>Go</button>{LOG}",
        step("click", "button"),
        "log.textContent=='hit'",
    ),
    (
        f"<i onmouseover=say('over')>Menu</i>{LOG}",
        step("hover", "i"),
        "log.textContent.startsWith('over')",
    ),
    (BOX, step("check", "#c"), "c.checked"),
    ("<input type=checkbox id=c checked>", step("check", "#c"), "c.checked"),
    (
        "<style>input{opacity:0;position:absolute}label{display:block;position:relative;width:90px;"
        "height:30px}</style><label><input type=checkbox id=c><b>Terms</b></label>",
        step("check", "#c"),
        "c.checked",
    ),
    ("<input type=radio name=r id=c>", step("check", "#c"), "c.checked"),
    (
        "<b role=switch aria-checked=false id=c "
        "onclick=this.setAttribute('aria-checked',true)>On</b>",
        step("check", "#c"),
        "c.getAttribute('aria-checked')=='true'",
    ),
    ("<input type=checkbox id=c checked>", step("uncheck", "#c"), "!c.checked"),
    (TALL, step("scroll_to", "#low"), "low.getBoundingClientRect().top < innerHeight"),
    (FIELD, step("clear", "#f"), "f.value==''"),
    ("<input type=date id=f value=2026-01-01>", step("clear", "#f"), "f.value==''"),
    (FIELD, step("type", "#f", "new"), "f.value=='new'"),
    (FIELD, step("type", "#f", "er", append=True), "f.value=='older'"),
    ("<textarea id=f>old</textarea>", step("type", "#f", "a\nb"), "f.value=='a\\nb'"),
    ("<textarea id=f></textarea>", step("type", "#f", "x" * 10_000), "f.value.length==10000"),
    (FIELD, step("type", "#f", "smile 😀"), "f.value=='smile 😀'"),
    ("<div id=f contenteditable>old</div>", step("type", "#f", "new"), "f.innerText=='new'"),
    ("<input type=date id=f>", step("type", "#f", "2027-01-31"), "f.value=='2027-01-31'"),
    ("<input type=number id=f value=1>", step("type", "#f", "42"), "f.value=='42'"),
    ("<input type=email id=f value=a@b>", step("type", "#f", "c@d.org"), "f.value=='c@d.org'"),
    (
        f"<input id=f oninput=say('i') onkeydown=say('k') onchange=say('c')><input id=g>{LOG}",
        step("type", "#f", "ab"),
        "log.textContent=='kiki'",
    ),
    (
        f"<form onsubmit=say('sent');event.preventDefault()><input id=f></form>{LOG}",
        step("press", "#f", "Enter"),
        "log.textContent=='sent'",
    ),
    (FIELD, step("press", "#f", "Control+a"), "f.selectionEnd-f.selectionStart==3"),
    (
        f"<script>onkeydown=e=>say(e.key)</script>{LOG}",
        step("press", None, "ArrowDown"),
        "log.textContent=='ArrowDown'",
    ),
    (LIST, step("select", "#s", "Two words"), "s.value=='2'"),
    (LIST, step("select", "#s", "2", by="value"), "s.value=='2'"),
    (LIST, step("select", "#s", "1", by="index"), "s.value=='2'"),
    (
        f"<select id=s onchange=say('c')><option>A<option>B</select>{LOG}",
        step("select", "#s", "B"),
        "log.textContent=='c'",
    ),
    (
        "<script>setTimeout(()=>document.body.append('x'),100);"
        "setTimeout(()=>{document.body.innerHTML='<b>late</b>'},200)</script><p>x",
        step("wait_for", "b"),
        "true",
    ),
    ("<b hidden>x</b><p>x", step("wait_for", "b", state="hidden"), "true"),
    ("<p>x", step("wait_for", "b", state="gone"), "true"),
    (
        "<button id=b disabled>x</button><script>setTimeout(()=>b.disabled=false,150)</script>",
        step("wait_for", "#b", state="enabled"),
        "!b.disabled",
    ),
    ("<p>x", step("wait", None, "0.05"), "true"),
    (
        "<h1> Welcome \n <b>home</b></h1>",
        step("assert_text", "h1", "Welcome home", match="equals"),
        "true",
    ),
    ("<h1>Total 12.50</h1>", step("assert_text", "h1", r"\d+\.50$", match="matches"), "true"),
    ("<h1>Hello</h1>", step("assert_text", "h1", "Bye", negate=True), "true"),
    ("<select><option>Pick me</select>", step("assert_text", "option", "Pick me"), "true"),
    (FIELD, step("assert_value", "#f", "old", match="equals"), "true"),
    (LIST, step("assert_value", "#s", "1"), "true"),
    ("<title>Shop – basket</title>x", step("assert_title", None, "basket"), "true"),
    ("x", step("assert_url", None, "/echo?q="), "true"),
    ("<a href=/there>x</a>", step("assert_attribute", "a", "/there", attribute="href"), "true"),
    ("<h1>x</h1>", step("assert_visible", "h1"), "true"),
    ("<a><img width=9 height=9></a>", step("assert_visible", "a"), "true"),
    ("<h1 style=display:none>x</h1><p>y", step("assert_hidden", "h1"), "true"),
    ("<h1 style=opacity:0>x</h1><p>y", step("assert_hidden", "h1"), "true"),
    ("<p>x", step("assert_hidden", "h1"), "true"),
    ("<i>1</i><i>2</i>", step("assert_count", "i", "2"), "true"),
    ("<i>1</i><i>2</i>", step("assert_count", "i", "1", operator=">="), "true"),
    ("<p>x", step("assert_count", "i", "0"), "true"),
    ("<p>x", step("screenshot"), "true"),
    (TALL, step("screenshot", "#low"), "true"),
    ("<p>x", step("open", None, "/404", status="404"), "true"),
    ("<p>x", step("open", None, "/500", status="any"), "true"),
    ("<p>x", step("open", None, "#part"), "location.hash=='#part'"),
]

GONE = "no such element was on the page within 0.2 s."
FAILING: list[tuple[str, Step, str]] = [
    ("<p>x", step("click", "button", **QUICK), f"Could not click button: {GONE}"),
    ("<p>x", step("hover", "//b", **QUICK), f"Could not point at //b: {GONE}"),
    (
        FIELD,
        step("check", "#f", **QUICK),
        'Could not check #f: <input id="f"> is neither a checkbox nor a radio button.',
    ),
    (
        "<input type=radio checked id=c>",
        step("uncheck", "#c", **QUICK),
        "Expected #c to be not checked after the click but it was checked.",
    ),
    (
        "<b id=low hidden>x</b><p>x",
        step("scroll_to", "#low", **QUICK),
        "Could not scroll to #low: it is not shown (display: none) (waited 0.2 s).",
    ),
    (
        "<input id=f value=old readonly>",
        step("clear", "#f", **QUICK),
        "Could not clear #f: it is read-only (waited 0.2 s).",
    ),
    (
        "<input id=f disabled>",
        step("type", "#f", "x", **QUICK),
        "Could not type into #f: it is disabled (waited 0.2 s).",
    ),
    (
        "<input id=f type=file>",
        step("type", "#f", "/etc/passwd", **QUICK),
        "Could not type into #f: it is a field of type “file”, which takes no text (waited 0.2 s).",
    ),
    (
        "<h1>x</h1>",
        step("type", "h1", "x", **QUICK),
        "Could not type into h1: it is no field that takes text (waited 0.2 s).",
    ),
    (
        "<input type=date id=f>",
        step("type", "#f", "tomorrow", **QUICK),
        'The field <input id="f" type="date"> does not accept “tomorrow”. Fields of type date take '
        "their value as HTML writes it, like 2027-01-31, 14:30 or #ff8800.",
    ),
    ("<p>x", step("press", "#f", "Enter", **QUICK), f"Could not press a key in #f: {GONE}"),
    (
        LIST,
        step("select", "#s", "Four", **QUICK),
        "Could not choose in #s: no label “Four”. It has “One”, “Two words”, “Three” "
        "(waited 0.2 s).",
    ),
    (
        LIST,
        step("select", "#s", "Three", **QUICK),
        "Could not choose “Three” in #s: that choice is disabled (waited 0.2 s).",
    ),
    (
        "<div class=list>x</div>",
        step("select", "div", "x", **QUICK),
        'Could not choose in div: <div class="list"> is no list of choices. Lists that a page '
        "draws itself are worked with “click”.",
    ),
    (
        "<p>x",
        step("wait_for", "b", **QUICK),
        "Waited 0.2 s for b to be visible but there was no such element.",
    ),
    (
        "<b>x</b>",
        step("wait_for", "b", state="gone", **QUICK),
        "Waited 0.2 s for b to be gone but <b> was visible.",
    ),
    (
        "<b hidden>x</b><b>y</b>",
        step("wait_for", "b", state="hidden", **QUICK),
        "Waited 0.2 s for b to be hidden but another match was visible. "
        "b matches 2 elements; the first counts.",
    ),
    (
        "<button disabled>x</button>",
        step("wait_for", "button", state="enabled", **QUICK),
        "Waited 0.2 s for button to be enabled but <button> was visible, and it is disabled.",
    ),
    (
        "<h1>Goodbye</h1>",
        step("assert_text", "//h1", "Welcome", **QUICK),
        "Expected the text of //h1 to contain “Welcome” but it was “Goodbye”.",
    ),
    (
        "<h1 hidden>Welcome</h1><p>x",
        step("assert_text", "//h1", "Welcome", **QUICK),
        "Expected the text of //h1 to contain “Welcome” but <h1> was not visible: "
        "it is not shown (display: none).",
    ),
    (
        "<p>x",
        step("assert_text", "//h1", "Welcome", negate=True, **QUICK),
        "Expected the text of //h1 not to contain “Welcome” but no such element was on the page.",
    ),
    (
        FIELD,
        step("assert_value", "#f", "new", match="equals", **QUICK),
        "Expected the value of #f to be “new” but it was “old”.",
    ),
    (
        "<h1>x</h1>",
        step("assert_value", "h1", "x", **QUICK),
        "Expected the value of h1 to contain “x” but <h1> is no field, so it has no value.",
    ),
    (
        "<title>Shop</title>x",
        step("assert_title", None, "^Bas", match="matches", **QUICK),
        "Expected the title of the page to match “^Bas” but it was “Shop”.",
    ),
    (
        "x",
        step("assert_url", None, "/echo", negate=True, **QUICK),
        "Expected the address of the page not to contain “/echo” but it was “http://127.0.0.1:",
    ),
    (
        "<a>x</a>",
        step("assert_attribute", "a", "/there", attribute="href", **QUICK),
        "Expected the attribute href of a to contain “/there” but <a> has no such attribute.",
    ),
    (
        "<h1 style=visibility:hidden>x</h1><p>x",
        step("assert_visible", "h1", **QUICK),
        "Expected h1 to be visible but <h1> was hidden: it is not shown (visibility: hidden).",
    ),
    (
        "<h1 style=opacity:0>x</h1><p>x",
        step("assert_visible", "h1", **QUICK),
        "Expected h1 to be visible but <h1> was hidden: it is transparent (opacity: 0).",
    ),
    (
        "<h1>x</h1>",
        step("assert_hidden", "h1", **QUICK),
        "Expected h1 to be hidden but <h1> was visible.",
    ),
    (
        "<i>1</i><i>2</i>",
        step("assert_count", "i", "1", operator="<=", **QUICK),
        "Expected at most 1 of i but there were 2. i matches 2 elements; the first counts.",
    ),
    ("<p>x", step("screenshot", "b", **QUICK), f"Could not take a picture of b: {GONE}"),
    (
        "<p>x",
        step("open", None, "/404"),
        "/404 answered with status 404, but a status below 400 was",
    ),
    (
        "<p>x",
        step("open", None, "/", status="404"),
        "/ answered with status 200, but the status 404",
    ),
]


@pytest.mark.parametrize(
    ("html", "action", "proof"), PASSING, ids=lambda one: getattr(one, "title", "")
)
def test_it_does_what_it_says(
    html: str, action: Step, proof: str, play_steps: Play, shown: Callable[[str], Any]
) -> None:
    seen = play_steps(action, html=html)
    assert [(one.state, one.error) for one in seen] == [("passed", None)] * len(seen)
    assert shown(f"return {proof}")
    assert all((one.screenshot or b"").startswith(b"\x89PNG") for one in seen)


@pytest.mark.parametrize(
    ("html", "action", "message"), FAILING, ids=lambda one: getattr(one, "title", "")
)
def test_it_says_why_it_could_not(html: str, action: Step, message: str, play_steps: Play) -> None:
    failed = play_steps(action, html=html)[-1]
    assert failed.state == "failed"
    assert message in (failed.error or "")
    assert failed.expected and failed.found
    assert failed.screenshot is not None


def test_every_action_is_tried_in_a_real_browser() -> None:
    """Here, or in one of the modules beside this one that play them in both browsers."""
    texts = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py"))
    named = {name for text in texts for name in re.findall(r'\(\s*"(\w+)"', text)}
    assert set(ACTIONS) - named == set()
