"""Every kind of locator finds what people would point at, in Chromium and in Firefox."""

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from webapp.browser.asking import script
from webapp.browser.driver import Browser
from webapp.browser.locators import Locator
from webapp.browser.looking import as_asked
from webapp.browser.page import POINTER, Want
from webapp.browser.seeking import seek
from webapp.browser.stopping import Patience, Stop

pytestmark = pytest.mark.browser

HTML = """<!doctype html><title>Kinds</title><body>
<h1 id=head>Our  <em id=em>shop</em></h1>
<p id=hello>Hello <b id=bold>World</b>, says
<span id=upper style="text-transform:uppercase">Bob</span></p>
<p id=two>one<br>two</p><div id=cells><span>left</span> <span>right</span></div>
<p id=secret>shown <span id=gone hidden>hush</span></p><script>'Hello script'</script>
<label id=lab for=mail>E-mail: *</label>
<input id=mail name=email placeholder="you@example.org" data-qa=mail>
<label>Size <select id=size><option>Small<option selected>Large</select></label>
<label><input id=terms type=checkbox> I agree</label>
<span id=dark>Dark mode</span><button id=toggle aria-labelledby=dark role=switch>x</button>
<button id=close aria-label="Close it" data-testid=close data-x=one>&times;</button>
<button id=hid hidden>Buy</button>
<button id=buy data-cy="buy">Buy</button>
<input id=send type=submit value="Send off">
<a id=l1 href=#1>Log  in</a>
<a id=l2 href=#2><span>Log in here</span></a>
<a id=l3 href=#3 hidden>Log out</a>
<img id=pic alt="A cat"><div id=dup class=row><i id=i1 class=x>1</i></div>
<div class=row><i id=i2 class=x>2</i></div>
<section id=host></section>
<section id=outer><b id=light>Light</b></section>
<div style="display:contents" id=cont>Box</div>
<area id=none>
"""
SHADOW = """
const root = host.attachShadow({mode: 'open'});
root.innerHTML = '<button id=deep data-testid=deep>Deep button</button>' +
  '<p id=slotted><slot></slot></p><ul><li id=li1>a</li><li id=li2>b</li></ul>' +
  '<label for=f>Inner</label><input id=f placeholder=Inside>';
const second = outer.attachShadow({mode: 'open'});
second.innerHTML = '<div id=inner></div><slot></slot>';
const third = second.getElementById('inner').attachShadow({mode: 'open'});
third.innerHTML = '<button id=deepest class=go>Deepest</button>';
"""
CASES = [
    ("css", "#buy", "buy"),
    ("css", "#deep", ""),
    ("xpath", "//button[@data-cy]", "buy"),
    ("id", "buy", "buy"),
    ("name", "email", "mail"),
    ("test_id", "mail", "mail"),
    ("test_id", "close", "close"),
    ("test_id", "buy", "buy"),
    ("test_id", "deep", "deep"),
    ("test_id", "data-x=one", "close"),
    ("test_id", "data-x=two", ""),
    ("link_text", "Log in", "l1"),
    ("link_text", "log in", ""),
    ("partial_link_text", "Log", "l1 l2 l3"),
    ("partial_link_text", "in here", "l2"),
    ("text", "Our shop", "head"),
    ("text", "shop", "em"),
    ("text", "Hello World", "hello"),
    ("text", "World", "bold"),
    ("text", "BOB", "upper"),
    ("text", "Bob", "upper"),
    ("text", "one two", "two"),
    ("text", "left right", "cells"),
    ("text", "hush", ""),
    ("text", "script", ""),
    ("text", "Kinds", ""),
    ("text", "Large", "size"),
    ("text", "Small", ""),
    ("text", "Send off", "send"),
    ("text", "Deep button", "deep"),
    ("text", "Deepest", "deepest"),
    ("text", "Buy", "buy"),
    ("text", "Box", "cont"),
    ("label", "E-mail", "mail"),
    ("label", "E-mail: *", "mail"),
    ("label", "Size", "size"),
    ("label", "I agree", "terms"),
    ("label", "Dark mode", "toggle"),
    ("label", "Close it", "close"),
    ("label", "Inner", "f"),
    ("label", "Elsewhere", ""),
    ("placeholder", "you@example.org", "mail"),
    ("placeholder", "Inside", "f"),
    ("role", 'button[name="Buy"]', "buy"),
    ("role", 'button[name="Close it"]', "close"),
    ("role", 'button[name="Deep button"]', "deep"),
    ("role", 'switch[name="Dark mode"]', "toggle"),
    ("role", 'textbox[name="E-mail: *"]', "mail"),
    ("role", 'link[name="Log in"]', "l1"),
    ("role", '[name="A cat"]', "pic"),
    ("role", "image", "pic"),
    ("role", "checkbox", "terms"),
    ("role", 'button[name="buy"]', ""),
    ("pierce", "#deep", "deep"),
    ("pierce", ".go", "deepest"),
    ("pierce", "button", "toggle close hid buy deep deepest"),
    ("chain", "#host >>> button", "deep"),
    ("chain", "css=#host >>> xpath=//li[2]", "li2"),
    ("chain", "#host >>> xpath=//ul/li", "li1 li2"),
    ("chain", "#outer >>> #inner >>> role=button", "deepest"),
    ("chain", "#outer >>> id=light", "light"),
    ("chain", ".row >>> .x", "i1 i2"),
    ("chain", ".row >>> xpath=//i", "i1 i2"),
    ("chain", ".row >>> text=2", "i2"),
    ("chain", "id=dup >>> .x", "i1"),
    ("chain", ".nowhere >>> .x", ""),
]  # fmt: skip
FIND = """; return arguments[0].map((one) => {
  try { return find(one).map((found) => found.id).join(' ') } catch (error) { return String(error) }
})"""
MANY = """
const [unfit, how] = arguments;
const item = (_, i) => `<li><button class=b ${i < unfit ? how : ''}>Item ${i}</button></li>`;
document.body.innerHTML = '<div>'.repeat(10) + Array.from({length: 1000}, item).join('');
"""


@pytest.fixture
def page(both: Browser, site: Site) -> Browser:
    both.driver.get(f"{site.url}/echo?q=x")
    both.driver.execute_script("document.write(arguments[0]); document.close()", HTML)
    both.driver.execute_script(SHADOW)
    return both


def test_each_kind_finds_its_elements(page: Browser) -> None:
    code = script("drawn") + script("names") + script("finding") + FIND
    found = page.driver.execute_script(code, [as_asked(by, value) for by, value, _ in CASES])
    wrong = [(*case, ids) for case, ids in zip(CASES, found, strict=True) if ids != case[2]]
    assert wrong == []


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("role", 'button[name="Deep button"]'),
        ("text", "Deep button"),
        ("pierce", "#deep"),
        ("chain", "#host >>> #deep"),
        ("test_id", "deep"),
    ],
)
def test_what_is_in_a_shadow_root_can_be_clicked(
    by: str, value: str, play_both: Play, both: Browser
) -> None:
    html = (
        "<div id=host></div><p id=log></p><script>host.attachShadow({mode: 'open'}).innerHTML = "
        "'<button id=deep data-testid=deep>Deep button</button>';"
        "host.shadowRoot.querySelector('button').onclick = () => log.append('hit')</script>"
    )
    *_, clicked = play_both(step("click", locators=[{"by": by, "value": value}]), html=html)
    assert (clicked.error, clicked.match_count) == (None, 1)
    assert both.driver.execute_script("return log.textContent") == "hit"


@pytest.mark.parametrize(
    ("by", "value"),
    [("css", ".b"), ("xpath", "//button"), ("role", "button"), ("text", "Item"), ("pierce", ".b")],
)
@pytest.mark.parametrize(("unfit", "how", "place"), [(0, "", 1), (900, "hidden", 901)])
def test_of_a_thousand_matches_the_first_that_can_be_used_counts(
    by: str, value: str, unfit: int, how: str, place: int, both: Browser, site: Site
) -> None:
    both.driver.get(f"{site.url}/echo?q=x")
    both.driver.execute_script(MANY, unfit, how)
    both.page.begin(Patience(5, Stop()))
    found, finding = seek(
        step("click", locators=[{"by": by, "value": value}]), both.page, POINTER, "click"
    )
    unspoken = unfit if by in ("role", "text") else 0
    assert (finding.match_count, found.place) == (1000 - unspoken, place - unspoken)
    said = both.driver.execute_script("return arguments[0].textContent", found.element)
    assert said == f"Item {unfit}"


def test_only_some_matches_that_cannot_be_used_are_looked_at_closely(
    both: Browser, site: Site
) -> None:
    both.driver.get(f"{site.url}/echo?q=x")
    both.driver.execute_script(MANY, 0, "")
    cover = "<div style='position:fixed;inset:0;background:#fff'></div>"
    both.driver.execute_script("document.body.insertAdjacentHTML('beforeend', arguments[0])", cover)
    both.page.begin(Patience(5, Stop()))
    look = both.page.look([Locator(by="css", value=".b")], Want(POINTER))
    assert look.winner is None and look.best is not None
    assert look.best.why.startswith("it is covered by <div")
    assert (look.best.place, look.counts) == (1, (1000,))
