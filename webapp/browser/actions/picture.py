"""Pictures that a flow asks for by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.page import Page
from webapp.browser.seeking import seek

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class Screenshot(Action, name="screenshot", label="Screenshot", group="Pictures", icon="camera"):
    """Take a picture of the page, or scroll to an element and take a picture of it alone."""

    locators: ClassVar[Target] = "optional"
    changes_page: ClassVar[bool] = False

    def run(self, step: Step, page: Page) -> Finding:
        if not step.locators:
            return Finding()
        sight, finding = seek(step, page, ("visible",), "take a picture of")
        page.focus_picture(sight)
        return finding
