"""Wait for what the page says: its text, its address, its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from webapp.browser.actions.assertions import AssertText, matcher_of
from webapp.browser.actions.page_assertions import AssertPage, AssertTitle, AssertUrl
from webapp.browser.actions.registry import Finding, Target
from webapp.browser.page import Page

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class WaitForText(
    AssertText, name="wait_for_text", label="Wait for text", group="Waiting", icon="text-caption"
):
    """Wait until an element shows a text; without a locator, until the page does anywhere."""

    locators: ClassVar[Target] = "optional"
    imports: ClassVar[tuple[str, ...]] = ("side:waitForText",)

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the text of {step.target}"

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait for {cls.subject(step)} {matcher_of(step).words}"

    def run(self, step: Step, page: Page) -> Finding:
        if step.locators:
            return super().run(step, page)
        return AssertPage().run(step, page)


class WaitForUrl(
    AssertUrl, name="wait_for_url", label="Wait for address", group="Waiting", icon="link"
):
    """Wait until the address of the page is as expected, as after a redirect."""

    imports: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait for {cls.subject(step)} {matcher_of(step).words}"


class WaitForTitle(
    AssertTitle, name="wait_for_title", label="Wait for title", group="Waiting", icon="heading"
):
    """Wait until the title of the page is as expected."""

    imports: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait for {cls.subject(step)} {matcher_of(step).words}"
