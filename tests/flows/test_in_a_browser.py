"""A real browser edits a flow: where the focus goes, and what the forms know by themselves."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.person import AXE
from tests.factories import make_flow
from tests.flows.trees import drawing_of, lines, steps_of, uid_of
from tests.runs.pages.conftest import chrome, person, site  # noqa: F401  fixtures
from tests.runs.pages.test_following import eventually
from webapp.extensions import db

pytestmark = pytest.mark.browser


@pytest.fixture
def flow(alice):
    return make_flow(alice)


def focused(person):  # noqa: F811
    return person.driver.execute_script("return document.activeElement.id")


def steps(person):  # noqa: F811
    return person.driver.execute_script(
        "return [...document.querySelectorAll('.step')].map((step) => step.dataset.uid)"
    )


def test_a_saved_step_has_the_focus_and_the_address_is_the_flows(person, flow):  # noqa: F811
    page = f"/flows/{flow.id}"
    person.goes_to(f"{page}?new=click#step-form")
    person.types("#locator-1", "#buy").sees("#locator-1").send_keys(Keys.ENTER)
    eventually(lambda: len(steps(person)) == 3)
    added = steps(person)[-1]
    eventually(lambda: focused(person) == f"edit-{added}")
    assert person.driver.current_url == person.home + page
    person.driver.switch_to.active_element.send_keys(Keys.ENTER)
    person.types("#step-name", "Buy it").presses("Save step")
    person.sees(".step-title", "Buy it")
    eventually(lambda: focused(person) == f"edit-{added}")


def test_a_locator_that_begins_like_an_xpath_is_one(person, flow):  # noqa: F811
    person.goes_to(f"/flows/{flow.id}?new=click#step-form")
    kind = person.sees(".locator-by")
    person.types("#locator-1", "a > b")
    assert kind.get_attribute("value") == "css"
    person.types("#locator-1", "(//button)[1]")
    assert kind.get_attribute("value") == "xpath"
    person.sees(".locator-check", "Reads well")


def test_a_mended_schedule_loses_the_servers_mistake(person):  # noqa: F811
    person.goes_to("/flows/new").types("#name", "A").types("#cron", "0 0").sees("#cron")
    person.driver.find_element(By.ID, "cron").send_keys(Keys.ENTER)
    person.sees("#cron-error", "Character")
    person.types("#cron", "0 25 * * *").sees(".preview-mistake")
    assert person.sees("#cron").get_attribute("aria-invalid") == "true"
    person.types("#cron", "0 6 * * *").sees(".preview-words", "06:00")
    assert person.sees("#cron").get_attribute("aria-invalid") is None
    assert not person.driver.find_element(By.ID, "cron-error").is_displayed()
    assert person.sees("#url-error")  # the other mistakes stay


TREE = "click One\ngroup Two\n  click Three\n  click Four\nif Five\nelse Six\nclick Seven"


@pytest.fixture
def tree(alice):
    return make_flow(alice, steps=steps_of(TREE))


def drawing(person):  # noqa: F811
    """The names in the list, indented as their blocks are; "" while it is being exchanged."""
    return person.driver.execute_script("""
        if (document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')) return '';
        const level = (step) => (step ? 1 + level(step.parentElement.closest('.step')) : -1);
        return [...document.querySelectorAll('.step')].map(
          (step) => '  '.repeat(level(step)) + step.dataset.title).join('\\n');
    """)


def saved(flow):
    """What is kept; reading it holds nothing that the server waits for."""
    db.session.expire_all()
    kept = drawing_of(flow)
    db.session.rollback()
    return kept


def handle(person, name):  # noqa: F811
    return person.driver.find_element(By.ID, f"handle-{uid_of(name)}")


def test_arrow_keys_move_a_step_into_a_block_and_keep_its_handle(person, tree):  # noqa: F811
    person.goes_to(f"/flows/{tree.id}")
    handle(person, "One").send_keys(Keys.ARROW_DOWN)
    eventually(lambda: drawing(person).startswith(lines("Two", "  One", "  Three")))
    eventually(lambda: focused(person) == f"handle-{uid_of('One')}")
    handle(person, "One").send_keys(Keys.ARROW_UP)
    eventually(lambda: drawing(person).startswith(lines("One", "Two")))
    eventually(lambda: focused(person) == f"handle-{uid_of('One')}")
    handle(person, "One").send_keys(Keys.ARROW_UP)
    person.sees(".lamp-toast", "It is the first step already.")


def drags(person, name, to, x=0, y=0):  # noqa: F811
    target = person.driver.find_element(By.CSS_SELECTOR, to)
    drag = ActionChains(person.driver, duration=120).click_and_hold(handle(person, name))
    drag.move_by_offset(4, 8).move_to_element_with_offset(target, x, y - 6)
    drag.move_by_offset(0, 6).pause(0.3).release().perform()


def test_a_step_is_dragged_into_a_block_and_out(person, tree):  # noqa: F811
    person.goes_to(f"/flows/{tree.id}")
    drags(person, "Seven", f"#step-{uid_of('Three')} > .step-line", y=-10)
    eventually(lambda: "  Seven" in drawing(person))
    drags(person, "Seven", f"#step-{uid_of('One')} > .step-line", y=-10)
    eventually(lambda: (now := drawing(person)) and "  Seven" not in now)
    assert saved(tree) == drawing(person)


def test_two_deleted_steps_are_both_undone_and_the_focus_follows(person, tree):  # noqa: F811
    person.goes_to(f"/flows/{tree.id}")
    before = drawing(person)
    for name, following in (("One", "Two"), ("Two", "Five")):
        person.sees(f"#menu-{uid_of(name)}").click()
        person.sees(f"#step-{uid_of(name)} .menu-item-danger").click()
        eventually(lambda following=following: focused(person) == f"edit-{uid_of(following)}")
    person.sees(".lamp-toast", "Two, with 2 steps in it")
    for name in ("One", "Two"):
        toasts = person.driver.find_elements(By.CSS_SELECTOR, ".lamp-toast")
        toast = next(one for one in toasts if f"Deleted: {name}" in one.text)
        toast.find_element(By.CSS_SELECTOR, "[data-undo] button").click()
        eventually(lambda name=name: focused(person) == f"edit-{uid_of(name)}")
    eventually(lambda: drawing(person) == before)
    assert saved(tree) == before
    assert not person.driver.find_elements(By.CSS_SELECTOR, ".notice-warning")


def test_an_action_is_found_by_the_name_that_another_tool_has_for_it(person, tree):  # noqa: F811
    person.goes_to(f"/flows/{tree.id}").presses("Add a step")
    eventually(lambda: focused(person) == "add-search")
    person.types("#add-search", "sendkeys")
    first = person.sees(".add-panel .menu-item.is-first", "Type")
    assert "sendKeys" in first.text
    shown = person.driver.find_elements(By.CSS_SELECTOR, ".add-groups .menu-item:not([hidden])")
    assert len(shown) < 5
    person.types("#add-search", "nothing of the kind").sees(".add-found", "No action is called so")
    person.types("#add-search", "click").sees("#add-search").send_keys(Keys.ARROW_DOWN)
    eventually(lambda: person.driver.switch_to.active_element.text.startswith("Click"))
    person.types("#add-search", "double").sees("#add-search").send_keys(Keys.ENTER)
    person.sees("#step-form h3", "New step")
    assert person.sees("#step-action").get_attribute("value") == "double_click"


def test_a_step_is_added_inside_a_block_from_its_foot(person, tree):  # noqa: F811
    person.goes_to(f"/flows/{tree.id}").sees(f"#into-{uid_of('Two')}").click()
    person.types("#add-search", "note").sees("#add-search").send_keys(Keys.ENTER)
    person.types("#step-content", "Hello").presses("Save step")
    person.sees(".step-title", "Hello")
    assert lines("  Four", "  ", "Five") in saved(tree)


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize(
    "query", ["", "?edit=" + uid_of("Three"), "?pick=1&into=" + uid_of("Five")]
)
def test_nothing_overflows_and_axe_finds_nothing_serious(person, alice, width, query):  # noqa: F811
    url = "https://shop.example.org/" + "long" * 60
    deep = "\n".join("  " * level + f"group Level {level}" for level in range(10))
    drawing = f"{TREE}\n{deep}\n" + "  " * 10 + "click Deepest"
    flow = make_flow(alice, url=url, steps=steps_of(drawing))
    chromium = person.driver
    chromium.set_window_size(max(width, 500), 900)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        person.goes_to(f"/flows/{flow.id}{query}").sees("#steps")
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert chromium.execute_script(wide) == 0
        chromium.execute_script(AXE.read_text())
        found = chromium.execute_async_script(
            "const done = arguments[0]; axe.run(document).then((all) => done(all.violations"
            ".filter((one) => ['serious', 'critical'].includes(one.impact))"
            ".map((one) => one.id + ' ' + one.nodes[0].html)))"
        )
        assert found == []
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_form_that_opens_has_the_focus(person, tree):  # noqa: F811
    person.goes_to(f"/flows/{tree.id}").sees(f"#edit-{uid_of('Three')}").send_keys(Keys.ENTER)
    person.sees("#step-form h3", "Edit step 3")
    eventually(lambda: focused(person) == "step-action")


def test_hints_follow_each_change_and_open_their_step(person, alice):  # noqa: F811
    waits = [{"number": number, "action": "wait", "content": "3"} for number in (1, 2)]
    flow = make_flow(alice, steps=waits)
    person.goes_to(f"/flows/{flow.id}").sees("#hints .count", "3")
    first = steps(person)[0]
    person.presses("More for step 2").presses("Delete")
    person.sees("#hints .count", "2")
    person.presses("Step 1, fixed wait").sees("#step-form", "Edit step 1")
    assert steps(person) == [first]
    assert person.driver.current_url == f"{person.home}/flows/{flow.id}"
