"""What a flow expects of a page as a whole: title, address, text, cookies and storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import unquote

from pydantic import Field as Option

from webapp.browser.actions.assertions import Comparison, NegatableOptions, matcher_of
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Finding
from webapp.browser.matching import Matcher, fold
from webapp.browser.page import Page
from webapp.browser.private import NOT_SHOWN, is_private
from webapp.browser.seeking import Judgement, Unfit, poll

if TYPE_CHECKING:
    from webapp.browser.steps import Step

# How much of a long text a message shows.
LONGEST_SHOWN = 300


class OfPage(Comparison):
    """A text that a page has."""

    def run(self, step: Step, page: Page) -> Finding:
        with matcher_of(step) as matcher:
            judgement = poll(page, self.judge(step, page, matcher), lambda seen: seen.holds)
        finding = Finding(expected=judgement.expected, found=judgement.found)
        if judgement.holds:
            return finding
        trouble = page.trouble()
        message = f"{judgement.message} {trouble}" if trouble else judgement.message
        raise Unfit(message, judgement.expected, judgement.found, finding)

    def judge(self, step: Step, page: Page, matcher: Matcher) -> Callable[[], Judgement]:
        """What asks the page, and says whether the answer is as expected."""
        return lambda: self.judgement(step, matcher, self.of_page(page), "there was no page")

    def of_page(self, page: Page) -> str:
        raise NotImplementedError(f"{type(self).__name__} does not say what it reads.")


class AssertTitle(
    OfPage, name="assert_title", label="Expect title", group="Assertions", icon="heading"
):
    """The title of the page, as the browser's tab shows it."""

    imports: ClassVar[tuple[str, ...]] = ("side:assertTitle", "side:verifyTitle")

    @classmethod
    def subject(cls, step: Step) -> str:
        return "the title of the page"

    def of_page(self, page: Page) -> str:
        return page.state().title


class AssertUrl(OfPage, name="assert_url", label="Expect address", group="Assertions", icon="link"):
    """The address of the page, with everything behind “?” and “#”."""

    @classmethod
    def subject(cls, step: Step) -> str:
        return "the address of the page"

    def of_page(self, page: Page) -> str:
        return page.state().url


class AssertPage(
    OfPage, name="assert_page", label="Expect on page", group="Assertions", icon="file-text"
):
    """The text that a visitor sees anywhere on the page, also inside open shadow roots."""

    @classmethod
    def subject(cls, step: Step) -> str:
        return "the text of the page"

    def judge(self, step: Step, page: Page, matcher: Matcher) -> Callable[[], Judgement]:
        expected = f"{self.subject(step)} {matcher.words}"

        def asked() -> Judgement:
            text = fold(page.page_text())
            words = _part(page.secrets.mask(text), page.secrets.mask(matcher.content))
            message = f"Expected {expected} but it was {words}."
            return Judgement(matcher.holds(text), expected, words, message)

        return asked


def _part(text: str, wanted: str) -> str:
    """What there was: the beginning of a long text, or what stands around what it should not say.

    Secrets are masked before it is cut: half a secret is one, too.
    """
    if len(text) <= LONGEST_SHOWN:
        return f"“{text}”" if text else "empty"
    at = max(0, text.find(wanted) - LONGEST_SHOWN // 3)
    part = text[at : at + LONGEST_SHOWN]
    before, behind = "…" if at else "", "…" if at + LONGEST_SHOWN < len(text) else ""
    return f"“{before}{part}{behind}” ({len(text):,} characters in all)"


class CookieOptions(NegatableOptions):
    name: str = Option(
        title="Name of the cookie",
        min_length=1,
        max_length=500,
        json_schema_extra={"placeholder": "language", "right": "the name of a cookie"},
    )


class StorageOptions(NegatableOptions):
    key: str = Option(
        title="Key",
        min_length=1,
        max_length=500,
        json_schema_extra={"placeholder": "theme", "right": "a key of the storage"},
    )
    area: Literal["local", "session"] = Option(
        "local",
        title="Storage",
        description="session: what is forgotten when the tab is closed.",
    )


class _Kept(OfPage):
    """Something that the browser keeps for the page, which may be there whatever it says."""

    content: ClassVar[Field | None] = Field(
        "content",
        "Expected value",
        kind="textarea",
        placeholder="dark",
        help="When empty, it only has to be there (or, with “the opposite”, must not be).",
    )
    thing: ClassVar[str]

    @classmethod
    def named(cls, step: Step) -> str:
        raise NotImplementedError(f"{cls.__name__} does not say what it reads.")

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the {cls.named(step)}"

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return False

    @classmethod
    def summary(cls, step: Step) -> str:
        if step.content is None:
            return f"Expect {'no' if step.options.get('negate') else 'a'} {cls.named(step)}"
        return super().summary(step)

    def values(self, step: Step, page: Page) -> tuple[list[str], str, str]:
        """All values there are, why they are not shown (or ""), and why there are none."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it reads.")

    def judge(self, step: Step, page: Page, matcher: Matcher) -> Callable[[], Judgement]:
        def asked() -> Judgement:
            values, hidden, absent = self.values(step, page)
            if step.content is None:
                return self._existence(step, values, absent)
            if not values:
                return self.judgement(step, matcher, None, absent)
            judged = [self.judgement(step, matcher, value, "") for value in values]
            every = all if matcher.negate else any
            holds, one = every(each.holds for each in judged), judged[0]
            found, message = one.found, one.message
            if hidden:
                found = f"a value that is not shown: {hidden}"
                message = f"Expected {one.expected} but it was something else ({hidden})."
            return Judgement(holds, one.expected, found, message)

        return asked

    def _existence(self, step: Step, values: list[str], absent: str) -> Judgement:
        negate = bool(step.options.get("negate"))
        expected = f"{'no' if negate else 'a'} {self.named(step)}"
        found = "there was one" if values else absent
        return Judgement(
            bool(values) is not negate, expected, found, f"Expected {expected} but {found}."
        )


class AssertCookie(
    _Kept, name="assert_cookie", label="Expect cookie", group="Assertions", icon="cookie"
):
    """A cookie that the browser would send to the page, and what it says."""

    Options: ClassVar[type[Options]] = CookieOptions

    @classmethod
    def named(cls, step: Step) -> str:
        return f"cookie “{step.options.get('name')}”"

    def values(self, step: Step, page: Page) -> tuple[list[str], str, str]:
        name = str(step.options["name"])
        found = page.cookies(name)
        hidden = ""
        if any(one.http_only for one in found):
            hidden = "its value is hidden from scripts (HttpOnly), so it is not shown"
        elif any(is_private(name, one.value) for one in found):
            hidden = NOT_SHOWN
        # Sites write other signs as %20, so either way of writing it counts.
        values = [text for one in found for text in {one.value: 0, unquote(one.value): 0}]
        return values, hidden, "the browser has no such cookie for this page"


class AssertStorage(
    _Kept, name="assert_storage", label="Expect storage", group="Assertions", icon="database"
):
    """A value in the local or session storage of the page."""

    Options: ClassVar[type[Options]] = StorageOptions

    @classmethod
    def named(cls, step: Step) -> str:
        return f"value “{step.options.get('key')}” in the {step.options.get('area')} storage"

    def values(self, step: Step, page: Page) -> tuple[list[str], str, str]:
        key, area = str(step.options["key"]), str(step.options["area"])
        stored = page.stored(area, key)
        if stored.problem:
            return [], "", f"this page has no {area} storage ({stored.problem})"
        if stored.value is None:
            return [], "", f"there is no such key in the {area} storage of this page"
        return [stored.value], NOT_SHOWN if is_private(key, stored.value) else "", ""
