"""A real browser edits a flow: where the focus goes, and what the forms know by themselves."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.factories import make_flow
from tests.runs.pages.conftest import chrome, person, site  # noqa: F401  fixtures
from tests.runs.pages.test_following import eventually

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
