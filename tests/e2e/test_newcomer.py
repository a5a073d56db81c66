"""A newcomer's first day, in a real browser: from registering to all is well again."""

import re
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.e2e.person import Person, person_at
from tests.e2e.stack import Stack

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "nora@example.org", "a lantern in the fog"
# A whole minute until the clock strikes, and the run itself.
UNTIL_THE_NEXT_MINUTE = 90.0
PAGES = ["/flows/", "/flows/new", "/flows/1", "/runs/", "/runs/1", "/account/", "/account/keys"]
STEPS = [
    ("Type", "name", "q", "lantern", "Search for a lantern"),
    ("Press", "name", "q", "Enter", "Send the search"),
    ("Click", "css", "#products a[href$='/harbour-lantern']", None, "Open the Harbour lantern"),
    ("Click", "id", "add-to-basket", None, "Put it into the basket"),
    ("Click", "id", "to-checkout", None, "Go to checkout"),
    ("Expect text", "css", "h1", "Log in", "The shop asks who pays"),
]


@pytest.fixture(scope="module")
def nora(stack: Stack) -> Iterator[Person]:
    with person_at(stack.url) as person:
        yield person


@pytest.fixture(scope="module")
def registered(nora: Person, stack: Stack) -> Person:
    nora.goes_to("/register")
    nora.types("#name", "Nora").types("#email", EMAIL).types("#password", PASSWORD)
    nora.takes_a_picture("register")
    nora.presses("Create account")
    text = stack.postbox.wait(EMAIL, "onfirm").get_body(("plain",)).get_content()
    nora.goes_to(re.search(r"http\S+/confirm/\S+", text)[0])
    nora.sees("h1", "Flows")
    return nora


def add_step(person: Person, action: str, by: str, value: str, content: str | None, name: str):
    before = len(person.driver.find_elements(By.CSS_SELECTOR, "#steps > li.step"))
    if not person.driver.find_elements(By.CSS_SELECTOR, "details.add-step[open]"):
        person.presses("Add a step")
    person.presses(action)
    Select(person.sees("#step-form .locator-by")).select_by_value(by)
    person.types("#locator-1", value)
    if content is not None:
        person.types("#step-content", content)
    person.types("#step-name", name)
    person.presses("Save step")
    person.sees(f"#steps > li.step:nth-of-type({before + 2})", name)


def test_the_sample_flow_is_one_click_and_then_green(registered: Person, stack: Stack):
    nora = registered
    nora.goes_to("/flows/").sees(".empty")
    nora.takes_a_picture("flows-empty")
    nora.presses("Add the sample flow")
    nora.sees("h1", "Buy a lantern at Wick & Wax")
    nora.presses("Run now")
    nora.sees("h1 .state-passed", seconds=60)
    assert "wick-and-wax" not in nora.driver.page_source


def test_a_newcomer_learns_by_mail_what_broke_and_that_it_is_mended(
    registered: Person, stack: Stack
):
    nora, shop = registered, f"{stack.demo_url}/noras-shop"
    nora.goes_to("/flows/new")
    nora.types("#name", "Buy a lantern").types("#url", f"{shop}/").types("#cron", "* * * * *")
    nora.sees("#schedule-preview", "very minute")
    nora.types("#step_timeout_seconds", "2")
    nora.presses("Create and add steps")
    nora.sees("h1", "Buy a lantern")
    for step in STEPS:
        add_step(nora, *step)
    nora.takes_a_picture("editor")

    nora.presses("Run now").is_at("/runs/")
    nora.sees(".log-line.log-passed .log-picture", seconds=60)
    nora.takes_a_picture("run-live")
    nora.sees("h1 .state-passed", seconds=60)
    assert len(nora.driver.find_elements(By.CSS_SELECTOR, ".log-line.log-passed")) == 7
    nora.takes_a_picture("run-passed")

    nora.goes_to(f"{shop}/switches").presses("Break: missing button").sees(".switch.is-broken")
    nora.goes_to("/flows/").presses("Buy a lantern").presses("Activate").sees("h1 .state-active")
    mail = stack.postbox.wait(EMAIL, "broke", UNTIL_THE_NEXT_MINUTE)
    text = mail.get_body(("plain",)).get_content()
    assert "step 5" in mail["subject"] and "Go to checkout" in mail["subject"]
    assert "to-checkout" in text and f"{shop}/basket" in text
    assert [part for part in mail.walk() if part.get_content_type() == "image/png"]
    nora.reads(mail)
    nora.takes_a_picture("mail-broken")
    nora.goes_to(re.search(r"http\S+/runs/\d+", text)[0])
    nora.sees("#failure-title", "Step 5 failed: Go to checkout")
    assert len(nora.driver.find_elements(By.CSS_SELECTOR, ".log-line.log-skipped")) == 1
    nora.takes_a_picture("run-failed")

    nora.goes_to(f"{shop}/switches").presses("Mend everything")
    nora.sees("#mend-everything.button-quiet")
    recovery = stack.postbox.wait(EMAIL, "works again", UNTIL_THE_NEXT_MINUTE)
    assert "Buy a lantern" in recovery["subject"]
    broken = [m for m in stack.postbox.mails if EMAIL in m["to"] and "broke" in m["subject"]]
    assert len(broken) == 1, "one mail when it breaks, not one per run"
    nora.goes_to("/runs/")
    nora.sees("table, .runs", "Buy a lantern")
    nora.takes_a_picture("runs")
    nora.goes_to("/flows/").presses("Buy a lantern").presses("Pause").sees("h1 .state-paused")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_not_scroll_sideways_on_a_phone(registered: Person, path: str):
    registered.has_a_screen(360, 800).goes_to(path)
    wide = registered.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 360


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_fault_for_those_who_do_not_see_it(
    registered: Person, path: str, colours: str
):
    registered.has_a_screen(1440, 900).prefers(colours).goes_to(path)
    faults = registered.asks_axe()
    assert [f"{one['id']}: {one['help']}" for one in faults] == []
