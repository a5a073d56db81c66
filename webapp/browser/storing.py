"""What a real browser keeps for a page: its cookies, its storage; and all that the page says."""

from webapp.browser.asking import Asking
from webapp.browser.matching import LONGEST_TEXT
from webapp.browser.page import Cookie, Stored


class Storing(Asking):
    """A page whose cookies, storage and whole text can be read."""

    def cookies(self, name: str) -> tuple[Cookie, ...]:
        """The cookies of this name that would be sent to this page; paths may tell them apart."""
        found = self._ask(self._driver.get_cookies)
        return tuple(
            Cookie(str(one["value"]), bool(one.get("httpOnly")))
            for one in found
            if one["name"] == name
        )

    def stored(self, area: str, key: str) -> Stored:
        said = self._facts("stored", area, key, LONGEST_TEXT)
        return Stored(said["value"], said["problem"])

    def page_text(self) -> str:
        """The visible text of the page, its open shadow roots included."""
        said = self._run("page_text", LONGEST_TEXT)
        return str(said or "")
