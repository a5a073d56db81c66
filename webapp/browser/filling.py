"""Fill in and send the forms of a page in a real browser."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from selenium.webdriver.remote.file_detector import LocalFileDetector

from webapp.browser.devices import Devices
from webapp.browser.page import Chosen, FileField, Moved, Sight, Submitted

# An answer to a form may take its time; what it is, the next step asks.
SUBMIT_SECONDS = 2.0


class Filling(Devices):
    """Lists of choices, rich texts, files and sending, for `SeleniumPage`."""

    # The browser is on another machine, to which files have to be sent first.
    is_remote = False

    def choose(self, sight: Sight, by: str, content: str) -> Chosen:
        return _chosen(self._facts("choose", sight.element, by, content))

    def unchoose(self, sight: Sight, by: str, content: str) -> Chosen:
        return _chosen(self._facts("unchoose", sight.element, by, content))

    def field_text(self, sight: Sight) -> str:
        """What stands in a field of text."""
        return str(self._run("field_text", sight.element) or "")

    def set_rich_text(self, sight: Sight, text: str) -> bool:
        """False when the element cannot be edited."""
        return self._run("set_rich_text", sight.element, text) is not None

    def file_field(self, sight: Sight) -> FileField | None:
        """The field for files that an element is or belongs to, emptied."""
        seen = self._facts("file_field", sight.element)
        if seen["field"] is None:
            return None
        return FileField(seen["field"], seen["many"], seen["folder"], seen["disabled"])

    def upload(self, field: FileField, paths: Sequence[Path]) -> None:
        names = "\n".join(str(path) for path in paths)
        if not self.is_remote:
            self._do(lambda: field.element.send_keys(names))
            return
        with self._driver.file_detector_context(LocalFileDetector):
            self._do(lambda: field.element.send_keys(names))

    def submit(self, sight: Sight) -> Submitted:
        """Send the form; where that leads to another page, wait until it begins to come."""
        before = self.state().origin
        seen = self._facts("submit", sight.element)
        if seen.get("leaves"):
            self._await_other_page(before)
        return Submitted(seen["problem"], seen.get("name", ""), seen.get("why", ""))

    def _await_other_page(self, before: float) -> None:
        waited = 0.0
        while waited < SUBMIT_SECONDS and not self.patience.is_over:
            try:
                if self.state().origin != before:
                    return
            except Moved:
                return
            self.patience.pause(0.05)
            waited += 0.05


def _chosen(answer: dict[str, Any]) -> Chosen:
    return Chosen(answer["label"], answer["problem"], tuple(answer["choices"]))
