"""The page of a real browser, driven by Selenium."""

from webapp.browser.auditing import Auditing
from webapp.browser.capturing import OutOfReach, capture
from webapp.browser.concealing import Concealing
from webapp.browser.downloading import Downloading
from webapp.browser.filling import Filling
from webapp.browser.keying import Keying
from webapp.browser.looking import Looking
from webapp.browser.page import PictureRefused, Sight
from webapp.browser.pointing import Pointing
from webapp.browser.scripting import Scripting
from webapp.browser.storing import Storing
from webapp.browser.windows import Windowing


class SeleniumPage(
    Looking, Pointing, Keying, Filling, Scripting, Storing, Windowing, Downloading, Auditing
):
    """Implements `webapp.browser.page.Page`."""

    def focus_picture(self, sight: Sight) -> None:
        self._picture_of = sight.element

    def picture(self) -> bytes:
        if self._no_picture:
            raise PictureRefused(f"not taken: {self._no_picture}")
        with self._outside(), Concealing(self.secrets, self._driver, self._ask) as concealing:
            picture = self._capture()
            if concealing.finds_more():
                raise PictureRefused("not taken: the page shows a secret value")
            return picture

    def _capture(self) -> bytes:
        if self._picture_of is None:
            return self._whole()
        element = self._picture_of
        with self._inside():
            return bytes(self._ask(lambda: element.screenshot_as_png))

    def _whole(self) -> bytes:
        if not self._is_chromium:
            return self._ask(self._driver.get_screenshot_as_png)
        try:
            for _ in range(2):
                self.patience.stop.check()
                if picture := capture(self._driver, self._window):
                    return picture
                self.state()  # a dialog is answered, and a page that is gone or busy tells so
        except OutOfReach:
            return self._ask(self._driver.get_screenshot_as_png)
        raise PictureRefused("not taken: the browser gave no picture of the page")
