"""A dialog that opens while a page is looked at ends the script, and the driver gives nothing."""

from types import SimpleNamespace

import pytest

from webapp.browser.locators import Locator
from webapp.browser.page import Moved, Want
from webapp.browser.selenium_page import SeleniumPage


class BrokenOff:
    """A driver whose scripts are all broken off."""

    command_executor = SimpleNamespace(client_config=SimpleNamespace(timeout=0))

    def __getattr__(self, name):
        return lambda *words: None


@pytest.fixture
def page() -> SeleniumPage:
    return SeleniumPage(BrokenOff(), is_chromium=False)


def test_a_look_that_was_broken_off_is_to_be_repeated(page):
    with pytest.raises(Moved):
        page.look([Locator(by="css", value="h1")], Want())


def test_so_is_a_question_for_the_state_of_the_page(page):
    with pytest.raises(Moved):
        page.state()
