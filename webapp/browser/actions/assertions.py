"""What a flow expects of an element. Every assertion waits until it holds, or its time is over."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.comparing import Comparing
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.actions.waiting import is_first_visible, state_words
from webapp.browser.matching import LONGEST_TEXT, Matcher, fold
from webapp.browser.page import Look, Page, Want
from webapp.browser.seeking import Judgement, hold

if TYPE_CHECKING:
    from webapp.browser.steps import Step

MOST_ELEMENTS = 1_000_000
COUNTS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
}


class MatchOptions(Options):
    match: Literal["contains", "equals", "matches"] = Option(
        "contains",
        title="How to compare",
        description="Blanks are folded. “matches” is a regular expression, found anywhere in the "
        f"first {LONGEST_TEXT:,} characters.",
    )


class NegatableOptions(MatchOptions):
    negate: bool = Option(
        False, title="The opposite", description="Holds when the comparison does not."
    )


class AttributeOptions(MatchOptions):
    attribute: str = Option(
        title="Attribute",
        min_length=1,
        max_length=200,
        json_schema_extra={
            "placeholder": "href",
            "right": "the name of an attribute, at most 200 characters",
        },
    )


class CountOptions(Options):
    operator: Literal["==", "!=", ">=", "<="] = Option("==", title="How to compare")


class Assertion(Action):
    """What assertions share: they change nothing, and no other element stands in for theirs."""

    changes_page: ClassVar[bool] = False
    heals: ClassVar[bool] = False


class Comparison(Comparing, Assertion):
    """What the assertions about a text share."""

    content: ClassVar[Field | None] = Field(
        "content", "Expected text", kind="textarea", required=True, placeholder="Welcome"
    )
    Options: ClassVar[type[Options]] = NegatableOptions

    @classmethod
    def subject(cls, step: Step) -> str:
        raise NotImplementedError(f"{cls.__name__} does not say what it compares.")

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect {cls.subject(step)} {matcher_of(step).words}"

    def judgement(self, step: Step, matcher: Matcher, found: str | None, absent: str) -> Judgement:
        expected = f"{self.subject(step)} {matcher.words}"
        if found is None:
            return Judgement(False, expected, absent, f"Expected {expected} but {absent}.")
        words = fold(found)
        message = f"Expected {expected} but it was “{words}”."
        return Judgement(self.holds(step, matcher, found), expected, words, message)

    def holds(self, step: Step, matcher: Matcher, found: str) -> bool:
        return matcher.holds(found)


def matcher_of(step: Step) -> Matcher:
    match = str(step.options.get("match", "contains"))
    return Matcher(match, step.content or "", bool(step.options.get("negate")))


class OfElement(Comparison):
    """A text that an element has."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        with matcher_of(step) as matcher:
            return hold(step, page, self.want(step), lambda look: self._judge(step, matcher, look))

    def want(self, step: Step) -> Want:
        return Want(text=True)

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        """What is compared, or None and why there is nothing to compare."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it reads.")

    def _judge(self, step: Step, matcher: Matcher, look: Look) -> Judgement:
        if look.best is None:
            return self.judgement(step, matcher, None, "no such element was on the page")
        return self.judgement(step, matcher, *self.of(step, look))


class AssertText(
    OfElement, name="assert_text", label="Expect text", group="Assertions", icon="text-recognition"
):
    """The text that a visitor sees in the element."""

    imports: ClassVar[tuple[str, ...]] = (
        "side:assertText",
        "side:verifyText",
        "side:assertNotText",
        "side:verifyNotText",
    )

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the text of {step.target}"

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        assert look.best is not None
        if not look.best.visible:
            return None, f"{look.best.words} was not visible: {look.best.why}"
        return look.best.text, ""


class AssertValue(
    OfElement, name="assert_value", label="Expect value", group="Assertions", icon="forms"
):
    """What a field holds: its value, for a list of choices the value of the chosen one."""

    imports: ClassVar[tuple[str, ...]] = (
        "side:assertValue",
        "side:verifyValue",
        "side:assertNotValue",
        "side:verifyNotValue",
    )

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the value of {step.target}"

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        assert look.best is not None
        return look.best.value, f"{look.best.words} is no field, so it has no value"


class AssertAttribute(
    OfElement, name="assert_attribute", label="Expect attribute", group="Assertions", icon="code"
):
    """An attribute of the element, as it is written in the page."""

    imports: ClassVar[tuple[str, ...]] = ("recorder:waitForElement",)
    Options: ClassVar[type[Options]] = AttributeOptions

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the attribute {step.options.get('attribute')} of {step.target}"

    def want(self, step: Step) -> Want:
        return Want(attribute=str(step.options.get("attribute")))

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        assert look.best is not None
        return look.best.attribute, f"{look.best.words} has no such attribute"


class AssertVisible(
    Assertion, name="assert_visible", label="Expect visible", group="Assertions", icon="eye"
):
    """The element is there, has a size, and is neither hidden nor transparent."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        return hold(step, page, Want(opacity=True), lambda look: self._judge(step, look))

    def _judge(self, step: Step, look: Look) -> Judgement:
        found = state_words(look)
        message = f"Expected {step.target} to be visible but {found}."
        return Judgement(is_first_visible(look), f"{step.target} is visible", found, message)


class AssertHidden(
    Assertion, name="assert_hidden", label="Expect hidden", group="Assertions", icon="eye-off"
):
    """No match of any candidate is visible: the element is hidden, or it is not there."""

    locators: ClassVar[Target] = "required"

    def run(self, step: Step, page: Page) -> Finding:
        want = Want(all_visible=True, opacity=True)
        return hold(step, page, want, lambda look: self._judge(step, look))

    def _judge(self, step: Step, look: Look) -> Judgement:
        found = state_words(look)
        message = f"Expected {step.target} to be hidden but {found}."
        holds = not any(look.visible_counts) and not look.problems
        return Judgement(holds, f"{step.target} is hidden", found, message)


class AssertCount(
    Assertion, name="assert_count", label="Expect number", group="Assertions", icon="list-numbers"
):
    """How many elements the first candidate that matches anything matches."""

    imports: ClassVar[tuple[str, ...]] = ("recorder:waitForElement",)
    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field(
        "content", "Number", kind="number", required=True, placeholder="3"
    )
    Options: ClassVar[type[Options]] = CountOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        text = content.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= MOST_ELEMENTS):
            return f"“{content[:60]}” is not a whole number from 0 to {MOST_ELEMENTS:,}."
        if options.get("operator") == ">=" and int(text) == 0:
            return "There are always 0 or more, so this would never fail."
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect {_count_words(step)} of {step.target}"

    def run(self, step: Step, page: Page) -> Finding:
        return hold(step, page, Want(), lambda look: self._judge(step, look))

    def _judge(self, step: Step, look: Look) -> Judgement:
        wanted, how = int(step.content or 0), str(step.options.get("operator", "=="))
        count = next((count for count in look.counts if count), 0)
        holds = COUNTS[how](count, wanted)
        expected = f"{_count_words(step)} of {step.target}"
        message = f"Expected {expected} but there were {count}."
        return Judgement(holds and not look.problems, expected, str(count), message)


def _count_words(step: Step) -> str:
    words = {"==": "exactly", "!=": "any number but", ">=": "at least", "<=": "at most"}
    return f"{words[step.options.get('operator', '==')]} {step.content}"
