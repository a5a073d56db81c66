"""Variables and blocks in Chromium and Firefox."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.browser.building import step, tree
from tests.browser.real.conftest import Play
from tests.imap import PASSWORD, USER, imap_server
from tests.site import Site
from webapp.browser.player import Outcome

pytestmark = pytest.mark.browser

SHOP = """<title>Shop</title><style>[hidden]{display:none}</style>
<div id=banner><button id=agree onclick="banner.remove()">Agree</button></div>
<h1 id=h data-kind=big>Order <b>4711</b> of tea</h1>
<input id=f value="12,50 EUR"><input id=c type=checkbox checked>
<p id=secret hidden>unseen words</p>
<ul id=list><li>tea</li><li>milk</li></ul>
<button id=more onclick="list.append(document.createElement('li'));
  if (list.children.length > 4) this.hidden = true">More</button>
<ol id=log></ol><input id=name><button id=add onclick="
  log.insertAdjacentHTML('beforeend', '<li>' + document.getElementById('name').value)">Add</button>
<script>document.cookie = 'lang=de%20AT'; document.cookie = 'other=1'</script>"""


def note(text: str) -> Any:
    return step("note", content=text)


def extract(target: str | None, **options: Any) -> Any:
    return step("extract", target, options={"variable": "v", **options})


def states(seen: list[Outcome]) -> list[tuple[str, str]]:
    return [(one.node.place, one.state) for one in seen[1:]]


@pytest.mark.parametrize(
    "target, options, value",
    [
        ("#h", {}, "Order 4711 of tea"),
        ("#h", {"pattern": r"Order (\d+)"}, "4711"),
        ("#f", {"source": "value"}, "12,50 EUR"),
        ("#h", {"source": "attribute", "name": "data-kind"}, "big"),
        ("#c", {"source": "property", "name": "checked"}, "true"),
        ("#h", {"source": "property", "name": "children.length"}, "1"),
        ("#list li", {"source": "count"}, "2"),
        ("#none", {"source": "count"}, "0"),
        (None, {"source": "title"}, "Shop"),
        (None, {"source": "url", "pattern": r"^(http)://"}, "http"),
        (None, {"source": "cookie", "name": "lang"}, "de%20AT"),
        (None, {"source": "text", "pattern": r"Order \d+ of \w+"}, "Order 4711 of tea"),
    ],
)
def test_extracting(
    play_both: Play, target: str | None, options: dict[str, Any], value: str
) -> None:
    *_, taken, said = play_both(extract(target, **options), note("[{{ v }}]"), html=SHOP)
    assert (taken.state, taken.error) == ("passed", None)
    assert said.notes == (f"[{value}]",)


def test_what_appears_later_is_waited_for(play_both: Play) -> None:
    html = "<p id=p>wait</p><script>setTimeout(() => { p.textContent = 'No 77' }, 400)</script>"
    *_, taken = play_both(extract("#p", pattern=r"No (\d+)"), html=html)
    assert taken.notes == ("v = 77",)


def test_variables_in_every_kind_of_locator(play_both: Play) -> None:
    html = """<main data-testid=buy-tea id=tea-id><label>Buy tea <input name=tea placeholder="tea?">
        </label><a href=#x>About tea</a><button>Drink tea</button></main>"""
    kinds = [
        ("css", "#{{ w }}-id"),
        ("xpath", "//input[@name='{{ w }}']"),
        ("id", "{{ w }}-id"),
        ("name", "{{ w }}"),
        ("test_id", "buy-{{ w }}"),
        ("role", 'button[name="Drink {{ w }}"]'),
        ("label", "Buy {{ w }}"),
        ("text", "Drink {{ w }}"),
        ("placeholder", "{{ w }}?"),
        ("link_text", "About {{ w }}"),
        ("partial_link_text", "{{ w }}"),
        ("pierce", "#{{ w }}-id"),
        ("chain", "css=#{{ w }}-id >>> css=button"),
    ]
    steps = [
        step("assert_visible", locators=[{"by": by, "value": value}], number=n)
        for n, (by, value) in enumerate(kinds, 2)
    ]
    seen = play_both(step("set_variable", content="tea", variable="w"), *steps, html=html)
    assert [(one.step.number, one.error) for one in seen if one.error] == []


def test_what_is_made_is_typed_and_found_again(play_both: Play) -> None:
    seen = play_both(
        step("generate", variable="mail", kind="email"),
        step("type", "#f", "{{ mail }}"),
        step("assert_value", "#f", "{{ mail }}", match="equals"),
        step("extract", "#f", variable="again", source="value"),
        step("assert_variable", variable="again", content="{{ mail }}", match="equals"),
        html=SHOP,
    )
    assert {one.state for one in seen} == {"passed"}
    assert seen[1].screenshot is None and seen[2].screenshot is not None


def test_blocks_play_a_whole_visit(play_both: Play) -> None:
    banner = (step("if", "#banner", test="visible"), [step("click", "#agree")])
    never = (step("if", "#banner", test="exists"), [step("click", "#gone")])
    unseen = (step("else_if", "#secret", test="hidden"), [note("hidden")])
    script = 'document.querySelectorAll("li").length >= {{ least }}'
    some = (step("if", test="script", content=script), [note("two at least")])
    more = (step("while", "#more", test="visible", limit=9), [step("click", "#more")])
    add = [step("type", "#name", "{{ one }}"), step("click", "#add")]
    every = (step("for_each", content="all", variable="one"), add)
    once = (
        step("do_while", "#log", test="text", content="again again", negate=True),
        [step("type", "#name", "again"), step("click", "#add")],
    )
    thrice = (step("repeat", content="3"), [step("click", "#add")])
    steps = tree(
        step("set_variable", content="2", variable="least", type="json"),
        step("set_variable", content='["tea", "milk"]', variable="all", type="json"),
        banner, never, unseen, (step("else"), [step("click", "#gone")]), some, more, every, once,
        thrice, step("assert_count", "#log li", "7"), step("assert_count", "#list li", "5"),
    )  # fmt: skip
    seen = play_both(*steps, html=SHOP)
    assert [(one.node.place, one.error) for one in seen if one.error] == []
    assert [one.notes[0] for one in seen if one.step.action == "note" and one.notes] == [
        "hidden",
        "two at least",
    ]


@pytest.mark.parametrize(
    "script, holds",
    [
        ("document.title === {{ t }}", True),
        ("'{{ t }}' === 'Shop'", True),
        ("Promise.resolve(0)", False),
        ("document.querySelector('#none')", False),
        ("document.body", True),
        ("''", False),
        ("undefined", False),
    ],
)
def test_scripts_as_conditions(play_both: Play, script: str, holds: bool) -> None:
    setting = step("set_variable", content="Shop", variable="t")
    seen = play_both(
        *tree(setting, (step("if", test="script", content=script), [note("x")])), html=SHOP
    )
    assert states(seen)[1:] == [("2", "passed"), ("3", "passed" if holds else "skipped")]


def test_a_script_that_fails_is_no_answer(play_both: Play) -> None:
    for script, words in (("nobody.home", "it failed"), ("1 +", "it cannot be read")):
        asked = step("if", test="script", content=script, timeout_seconds=2)
        seen = play_both(*tree((asked, [note("x")]), (step("else"), [note("y")])), html=SHOP)
        assert [one.state for one in seen[1:]] == ["failed", "skipped", "skipped", "skipped"]
        assert words in (seen[1].error or "")


def test_a_condition_waits_for_what_is_coming(play_both: Play) -> None:
    html = "<p>x</p><script>setTimeout(() => document.body.append('here it', ' is'), 900)</script>"
    at_once = (step("if", test="text", content="never here"), [note("early")])
    later = (step("if", test="text", content="here it is", wait_seconds=4), [note("late")])
    seen = play_both(*tree(at_once, later), html=html)
    assert states(seen) == [("1", "passed"), ("2", "skipped"), ("3", "passed"), ("4", "passed")]


def test_after_a_failure_the_page_is_still_cleaned_up(play_both: Play) -> None:
    steps = tree(
        step("assert_visible", "#none", timeout_seconds=0.3, retries=1),
        step("click", "#more"),
        (step("group", always=True), [step("click", "#agree"), step("assert_hidden", "#banner")]),
    )
    seen = play_both(*steps, html=SHOP)
    assert [one.state for one in seen[1:]] == ["failed", "skipped", "passed", "passed", "passed"]
    assert seen[1].notes[0].startswith("Try 1 of 2 failed: ")


def test_a_secret_variable_is_in_no_picture(play_both: Play) -> None:
    pictures = []
    for secret in ("Hunter2-Moon", "Zebra99-Lake"):
        html = f"<style>*{{caret-color:transparent}}</style><p>Key: {secret}</p><input id=f>"
        *_, taken, typed, clicked = play_both(
            extract("p", pattern=r"Key: (\S+)", secret=True),
            step("type", "#f", "{{ v }}"),
            step("click", "p"),
            html=html,
        )
        assert secret not in repr((taken, typed, clicked))
        assert taken.screenshot and typed.screenshot and clicked.screenshot
        pictures.append([Image.open(io.BytesIO(one.screenshot)).convert("RGB")
                         for one in (taken, typed, clicked)])  # fmt: skip
    for one, other in zip(*pictures, strict=True):
        assert ImageChops.difference(one, other).getbbox() is None


def test_an_answer_over_http_is_typed(play_both: Play, site: Site) -> None:
    seen = play_both(
        step("http_request", content=f"{site.url}/answer.json", expect_json="$.ok = true",
             extract="ok = json $.ok"),
        step("type", "#f", "it is {{ ok }}"),
        step("assert_value", "#f", "it is true", match="equals"),
        html=SHOP,
    )  # fmt: skip
    assert [one.error for one in seen if one.error] == []


def test_a_code_from_a_mail_and_one_from_an_app_are_typed(play_both: Play) -> None:
    with imap_server() as server:
        asked = {"host": "127.0.0.1", "port": server.port, "security": "plain", "user": USER}
        asked |= {"password": "{{ pw }}", "variable": "code"}
        soon = datetime.now(UTC) + timedelta(seconds=20)  # the run has yet to begin
        server.deliver("Your code: 271828", at=soon)
        seen = play_both(
            step("set_variable", content=PASSWORD, variable="pw", secret=True),
            step("totp", content="JBSWY3DPEHPK3PXP", secret=True, variable="app"),
            step("wait_for_mail", options=asked, timeout_seconds=10),
            step("type", "#f", "{{ code }}-{{ app }}"),
            step("assert_value", "#f", r"^271828-\d{6}$", match="matches"),
            html=SHOP,
        )
    assert [one.error for one in seen if one.error] == []
    assert PASSWORD not in repr(seen)
