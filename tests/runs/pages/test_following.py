"""A real browser shows what a run does, while it does it."""

import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.factories import make_flow, make_run
from tests.runs.pages.playing import begin, end, play_step
from webapp.live.hub import current_hub
from webapp.runs.states import State, StepState

pytestmark = pytest.mark.browser
STEPS = tuple(
    {"number": n, "action": "open" if n == 1 else "click", "name": f"Step no. {n}", **more}
    for n, more in [
        (1, {"content": "/"}),
        *((n, {"locators": [{"by": "css", "value": f"#b{n}"}]}) for n in range(2, 5)),
    ]
)


@pytest.fixture
def run(alice):
    return make_run(make_flow(alice, STEPS))


def eventually(claim, seconds=8.0):
    """The value of the claim once it is true."""
    deadline = time.monotonic() + seconds
    while True:
        if value := claim():
            return value
        assert time.monotonic() < deadline, "it did not become true on the page"
        time.sleep(0.05)


def states(person):
    return person.driver.execute_script(
        "return [...document.querySelectorAll('.log-line')]"
        ".map((line) => line.className.split('log-line log-')[1])"
    )


def text(person, selector):
    return person.driver.execute_script(
        "return document.querySelector(arguments[0])?.textContent.trim() ?? ''", selector
    )


def open_run(person, run):
    person.driver.get(f"{person.home}/runs/{run.id}")
    eventually(lambda: text(person, "[data-live-pill]") == "Live")


def test_a_page_follows_its_run_to_the_end(person, run):
    open_run(person, run)
    assert states(person) == ["waiting"] * 4
    begin(run)
    eventually(lambda: text(person, ".run-heading .state") == "Running")
    eventually(lambda: states(person) == ["running", "waiting", "waiting", "waiting"])
    play_step(run, 0)
    eventually(lambda: states(person) == ["passed", "running", "waiting", "waiting"])
    progress = person.driver.find_element(By.TAG_NAME, "progress")
    assert (progress.get_attribute("value"), progress.get_attribute("max")) == ("1", "4")
    assert text(person, "[data-steps-done]") == "1 of 4"
    play_step(run, 1, StepState.FAILED, error="#b2 is not there", expected="a button", found="none")
    play_step(run, 2, StepState.SKIPPED)
    play_step(run, 3, StepState.SKIPPED)
    end(run, State.FAILED, failed_step_number=2, failed_step_name="Step no. 2", error="no button")
    eventually(lambda: text(person, ".run-heading .state") == "Failed")
    assert states(person) == ["passed", "failed", "skipped", "skipped"]
    assert "Step 2 failed" in text(person, ".failure-title")
    assert "a button" in text(person, ".failure-facts")
    assert person.driver.find_elements(By.TAG_NAME, "progress") == []
    loaded = (
        "return [...document.querySelectorAll('.log-picture img')].every((i) => i.naturalWidth)"
    )
    eventually(lambda: person.driver.execute_script(loaded))


def test_a_page_that_was_cut_off_catches_up(person, run):
    open_run(person, run)
    begin(run)
    eventually(lambda: text(person, ".run-heading .state") == "Running")
    for ordinal in range(4):
        current_hub().cut_all()
        play_step(run, ordinal)
    current_hub().cut_all()
    end(run, State.PASSED)
    eventually(lambda: text(person, ".run-heading .state") == "Passed")
    assert states(person) == ["passed"] * 4


def test_a_page_that_was_offline_catches_up(person, run):
    open_run(person, run)
    driver = person.driver
    driver.execute_cdp_cmd("Network.enable", {})
    cut = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **cut})
    current_hub().cut_all()
    eventually(lambda: "interrupted" in text(person, "[data-live-pill]"))
    begin(run)
    play_step(run, 0)
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **cut})
    eventually(lambda: states(person)[0] == "passed", 15)
    eventually(lambda: text(person, "[data-live-pill]") == "Live", 15)


def test_seven_tabs_follow_one_run_by_one_stream(person, run):
    driver = person.driver
    first = driver.current_window_handle
    open_run(person, run)
    tabs = [first]
    for _ in range(6):
        driver.switch_to.new_window("tab")
        tabs.append(driver.current_window_handle)
        open_run(person, run)
    try:
        eventually(lambda: sum(current_hub().counts().values()) == 1)
        driver.switch_to.window(first)
        driver.get("about:blank")  # the tab that held the stream is gone; another takes over
        begin(run)
        play_step(run, 0)
        for tab in tabs[1:]:
            driver.switch_to.window(tab)
            eventually(lambda: states(person)[:2] == ["passed", "running"])
        eventually(lambda: sum(current_hub().counts().values()) == 1)
    finally:
        for tab in tabs[1:]:
            driver.switch_to.window(tab)
            driver.close()
        driver.switch_to.window(first)


def test_other_pages_are_told_when_a_run_starts_and_fails(person, run):
    driver = person.driver
    driver.get(f"{person.home}/runs/")
    eventually(lambda: text(person, "[data-live-pill]") == "Live")
    begin(run)
    eventually(lambda: "Checkout has started" in text(person, "#toasts"))
    eventually(lambda: text(person, ".runs-state") == "Running")
    end(run, State.FAILED, failed_step_number=2, failed_step_name="Step no. 2", error="no button")
    eventually(lambda: "Checkout failed at step 2" in text(person, "#toasts"))
    assert len(driver.find_elements(By.CSS_SELECTOR, "#toasts .lamp-toast")) == 1
    eventually(lambda: text(person, ".runs-state") == "Failed")
    driver.find_element(By.CSS_SELECTOR, "#toasts a").click()
    eventually(lambda: driver.current_url.endswith(f"/runs/{run.id}"))


def test_pictures_open_large_and_turn_by_keyboard(person, run):
    begin(run)
    for ordinal in range(3):
        play_step(run, ordinal)
    driver = person.driver
    driver.get(f"{person.home}/runs/{run.id}")
    driver.find_element(By.CSS_SELECTOR, ".log-picture").click()
    viewer = driver.find_element(By.ID, "viewer")
    assert viewer.is_displayed()
    assert text(person, "#viewer-caption") == "Step 1: Step no. 1"
    body = driver.switch_to.active_element
    body.send_keys(Keys.ARROW_RIGHT)
    assert text(person, "#viewer-caption") == "Step 2: Step no. 2"
    play_step(run, 3)
    eventually(lambda: states(person)[3] == "passed")
    driver.switch_to.active_element.send_keys(Keys.END)
    assert text(person, "#viewer-caption") == "Step 4: Step no. 4"
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert text(person, "[data-viewer-count]") == "4 of 4"
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    eventually(lambda: not viewer.is_displayed())
