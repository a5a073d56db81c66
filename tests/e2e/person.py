"""Somebody in front of a browser: types, presses, looks, and takes pictures for the README."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, Self, TypeVar

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as until
from selenium.webdriver.support.ui import WebDriverWait

from webapp.browser.driver import BrowserSettings, open_browser

T = TypeVar("T")
PATIENCE_SECONDS = 20
DRAWN = """
return !document.querySelector('[hx-trigger="load"], .htmx-request') && [...document.images].every(
  (image) => image.complete || image.getBoundingClientRect().top > innerHeight)
"""
# `make screenshots` names docs/img here; otherwise the pictures are only for whoever looks.
AXE = Path("webapp/browser/scripts/vendor/axe-4.14.1.min.js")
PICTURES = Path(os.environ.get("SCREENSHOTS", "tests/output"))


# Nobody presses what lies under the bar at the top: one scrolls.
TO_THE_MIDDLE = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })"


class Person:
    def __init__(self, driver: WebDriver, home: str) -> None:
        self.driver, self.home = driver, home

    def goes_to(self, address: str) -> Self:
        self.driver.get(address if "://" in address else self.home + address)
        return self

    def sees(self, css: str, text: str = "", seconds: float = PATIENCE_SECONDS) -> WebElement:
        """The first visible element for this selector that contains the text."""

        def look(driver: WebDriver) -> WebElement | None:
            for element in driver.find_elements(By.CSS_SELECTOR, css):
                if element.is_displayed() and text in element.text:
                    return element
            return None

        return self._waits(look, f"visible {css} with “{text}”", seconds)

    def types(self, css: str, text: str) -> Self:
        field = self.sees(css)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)
        return self

    def presses(self, text: str) -> Self:
        """Press the button or link with exactly these words."""
        words = f"normalize-space()={text!r} or @aria-label={text!r}"
        xpath = f"//*[self::button or self::a or self::summary][not(@aria-hidden)][{words}]"

        def press(driver: WebDriver) -> bool:
            for element in driver.find_elements(By.XPATH, xpath):
                if element.is_displayed() and element.is_enabled():
                    driver.execute_script(TO_THE_MIDDLE, element)
                    element.click()
                    return True
            return False

        self._waits(press, f"“{text}” to press", PATIENCE_SECONDS)
        return self

    def is_at(self, part: str) -> Self:
        WebDriverWait(self.driver, PATIENCE_SECONDS).until(until.url_contains(part))
        return self

    def _waits(self, look: Callable[[WebDriver], T | None], what: str, seconds: float) -> T:
        """The first true answer; a failure names what never came, and leaves a picture."""
        waiting = WebDriverWait(self.driver, seconds, 0.1, ignored_exceptions=[WebDriverException])
        try:
            return waiting.until(look)
        except TimeoutException:
            self.takes_a_picture("gave-up")
            found = self.driver.find_element(By.TAG_NAME, "body").text
            raise AssertionError(
                f"no {what} at {self.driver.current_url} (gave-up.png); it says:\n{found}"
            ) from None

    def reads(self, mail: EmailMessage) -> Self:
        """Open the mail as a mail program shows it, with its pictures inside."""
        html = mail.get_body(("html",)).get_content()
        for part in mail.walk():
            if cid := part.get("Content-ID"):
                picture = b64encode(part.get_content()).decode()
                data = f"data:{part.get_content_type()};base64,{picture}"
                html = html.replace(f"cid:{cid.strip('<>')}", data)
        with NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
            file.write(html)
            file.flush()
            return self.goes_to(f"file://{file.name}")

    def has_a_screen(self, width: int, height: int) -> Self:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        return self

    def prefers(self, colours: str) -> Self:
        """`light` or `dark`, as the system would say."""
        features = [{"name": "prefers-color-scheme", "value": colours}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        return self

    def asks_axe(self) -> list[dict[str, Any]]:
        """The serious and critical faults of accessibility that axe-core finds in this page."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "axe.run(document, {resultTypes: ['violations']}).then(arguments[0])"
        )
        return [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]

    def takes_a_picture(self, name: str) -> None:
        """What the window shows, once its pictures are there, or after a moment without them."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        with suppress(TimeoutException):
            WebDriverWait(self.driver, 5, 0.1).until(lambda driver: driver.execute_script(DRAWN))
        self.driver.save_screenshot(str(PICTURES / f"{name}.png"))


@contextmanager
def person_at(home: str) -> Iterator[Person]:
    """A fresh browser with a profile of its own, gone afterwards."""
    with TemporaryDirectory(prefix="lamp-person-") as folder:
        settings = BrowserSettings(folder=Path(folder), width=1280, height=900)
        with open_browser(settings) as browser:
            yield Person(browser.driver, home)
