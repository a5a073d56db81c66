"""Tabs: found, gone to, named and closed; and what a page says of the ones it opens."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from webapp.browser.driver import Browser
from webapp.browser.stopping import Patience, Stop

pytestmark = pytest.mark.browser


def page(html: str) -> str:
    return f"/echo?q={quote(html)}"


HELP = page("<title>Help</title><h1>Help</h1><a href=/ target=_blank>more</a>")
SHOP = f"<title>Shop</title><h1>Shop</h1><a href='{HELP}' target=_blank>help</a>"
CLICK = step("click", "a")
NEWEST = step("switch_tab")


@pytest.fixture(autouse=True)
def _one_tab(request: pytest.FixtureRequest) -> Iterator[None]:
    named = {"both", "browser"} & set(request.fixturenames)
    pages = [request.getfixturevalue(name).page for name in named]
    yield
    for page in pages:
        page.begin(Patience(5, Stop()))
        first, *others = page.open_tabs()
        page.name_tab(first.handle, "")
        for tab in others:
            page.go_to_tab(tab.handle)
            page.close_tab()


def heading(text: str, **more: object) -> object:
    return step("assert_text", "h1", text, match="equals", **more)


def errors(seen: list) -> list:
    return [one.error for one in seen if one.error]


def test_a_new_tab_is_noted_and_gone_to(play_both: Play) -> None:
    _, clicked, still, gone, seen = play_both(
        CLICK, heading("Shop"), NEWEST, heading("Help"), html=SHOP
    )
    assert errors([clicked, still, gone, seen]) == []
    assert clicked.notes == ("A new tab opened; use “Switch tab” to go on in it",)
    assert still.notes == ()
    assert gone.found == "tab 2: “Help”"
    assert gone.screenshot is not None and gone.screenshot != still.screenshot


@pytest.mark.parametrize(
    "back",
    [
        step("switch_tab", by="first"),
        step("switch_tab", by="number", content="1"),
        step("switch_tab", by="title", content="Shop", match="equals"),
        step("switch_tab", by="title", content="^Sh.p$", match="matches"),
        step("switch_tab", by="url", content="Shop"),
        step("switch_tab", by="name", content="the shop"),
        step("close_tab"),
    ],
    ids=lambda one: one.title,
)
def test_every_way_back(back: object, play_both: Play) -> None:
    naming = step("name_tab", content="the shop")
    seen = play_both(naming, CLICK, NEWEST, heading("Help"), back, heading("Shop"), html=SHOP)
    assert errors(seen) == []


def test_a_tab_that_opens_late_is_waited_for(play_both: Play) -> None:
    html = f"<h1>Shop</h1><b onclick=\"setTimeout(() => window.open('{HELP}'), 600)\">late</b>"
    seen = play_both(step("click", "b"), NEWEST, heading("Help"), html=html)
    assert errors(seen) == []


def test_the_newest_tab_can_be_named_without_going_to_it(play_both: Play) -> None:
    seen = play_both(
        CLICK,
        step("name_tab", content="help", tab="newest"),
        heading("Shop"),
        step("switch_tab", by="name", content="help"),
        heading("Help"),
        html=SHOP,
    )
    assert errors(seen) == []


def test_closing_goes_back_to_the_tab_that_opened_it(play_both: Play) -> None:
    seen = play_both(
        CLICK,
        NEWEST,
        CLICK,
        NEWEST,
        step("assert_url", None, "/$", match="matches"),
        step("close_tab"),
        heading("Help"),
        step("close_tab"),
        heading("Shop"),
        step("close_tab"),
        html=SHOP,
    )
    assert errors(seen[:-1]) == []
    assert "This is the only tab" in (seen[-1].error or "")
    assert seen[6].notes == ("The run goes on in tab 2: “Help”",)


@pytest.mark.parametrize(
    ("going", "words"),
    [
        (NEWEST, "No new tab opened within 0.4 s. Open is tab 1."),
        (step("switch_tab", by="number", content="7"), "Tab 7 was not there within 0.4 s."),
        (
            step("switch_tab", by="title", content="Basket"),
            "The tab whose title is “Basket” was not there within 0.4 s. Open is tab 1 “Shop”.",
        ),
        (step("switch_tab", by="name", content="x"), "The tab named “x” was not there"),
        (step("name_tab", content="x", tab="newest"), "No new tab opened within 0.4 s"),
    ],
    ids=lambda one: getattr(one, "title", ""),
)
def test_a_tab_that_is_not_there(going, words: str, play_both: Play) -> None:
    going = going.model_copy(update={"timeout_seconds": 0.4})
    _, failed = play_both(going, html=SHOP)
    assert failed.state == "failed"
    assert words in (failed.error or "")


def test_a_tab_that_closes_itself_leaves_the_run_in_its_opener(play_both: Play) -> None:
    closing = page("<h1>Pop</h1><button onclick='window.close()'>x</button>")
    html = f"<h1>Shop</h1><b onclick=\"window.open('{closing}')\">pop</b>"
    seen = play_both(
        step("click", "b"), NEWEST, step("click", "button"), heading("Shop"), html=html
    )
    assert errors(seen) == []
    told = [note for one in seen for note in one.notes]
    assert "The tab closed itself; the run goes on in tab 1" in told


def test_a_tab_at_a_refused_address_is_not_looked_at(play_both: Play) -> None:
    html = "<h1>Shop</h1><a href='http://169.254.169.254/latest' target=_blank>meta</a>"
    seen = play_both(CLICK, NEWEST, html=html)
    assert seen[2].state == "errored"
    assert "cloud metadata" in (seen[2].error or "")
    assert seen[2].screenshot is None


def test_a_secret_is_masked_in_a_new_tab(play_both: Play) -> None:
    secret = "Hunter2-Moon"
    shows = page(
        "<style>*{caret-color:transparent}</style><div id=h></div>"
        "<script>h.attachShadow({mode:'open'}).innerHTML='<p>Hunter2-Moon'</script>"
    )
    empty = page("<style>*{caret-color:transparent}</style><div id=h></div><p>&nbsp;</p>")
    pictures = []
    for address in (shows, empty):
        html = f"<input id=f><a href='{address}' target=_blank>x</a>"
        seen = play_both(step("type", "#f", secret, secret=True), CLICK, NEWEST, html=html)
        assert errors(seen) == []
        pictures.append(seen[-1].screenshot)
    assert pictures[0] == pictures[1]


def test_a_secret_in_a_closed_root_is_masked_in_a_new_tab(play_steps: Play) -> None:
    calm = "<style>*{caret-color:transparent}</style><div id=h></div>"
    pictures = []
    for shown in ("Hunter2-Moon", "&nbsp;"):
        root = f"<script>h.attachShadow({{mode:'closed'}}).innerHTML='<p>{shown}'</script>"
        html = f"<input id=f><a href='{page(calm + root)}' target=_blank>x</a>"
        typed = step("type", "#f", "Hunter2-Moon", secret=True)
        pictures.append(play_steps(typed, CLICK, NEWEST, html=html)[-1].screenshot)
    assert pictures[0] == pictures[1] is not None


def test_a_new_tab_of_chromium_is_prepared_as_the_first_one(
    browser: Browser, play_steps: Play, site: Site
) -> None:
    play_steps(CLICK, NEWEST, step("open", content="/"), html=SHOP)
    shown = browser.driver.execute_script(
        "return !!window[Symbol.for('lamplighter roots')] && open('/x') === null"
    )
    assert shown, "no window opens without a click, and closed roots are known"
