"""What a flow expects of the state of an element: there or gone, usable, checked, focused."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field as Option

from webapp.browser.actions.assertions import Assertion
from webapp.browser.actions.fields import Options
from webapp.browser.actions.registry import Finding, Target
from webapp.browser.page import Look, Page, Sight, Want
from webapp.browser.seeking import Judgement, Unfit, finding_of, hold, poll

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class _State(Assertion):
    """What the assertions about a state share."""

    locators: ClassVar[Target] = "required"
    state: ClassVar[str]
    wanted: ClassVar[Want] = Want(facts=True)

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect {step.target} to be {cls.state}"

    def run(self, step: Step, page: Page) -> Finding:
        return hold(step, page, self.wanted, lambda look: self.judge(step, look))

    def judge(self, step: Step, look: Look) -> Judgement:
        holds, found = False, "there was no such element"
        if look.best is not None:
            holds, found = self.seen(look.best)
        expected = f"{step.target} to be {self.state}"
        return Judgement(holds, expected, found, f"Expected {expected} but {found}.")

    def seen(self, sight: Sight) -> tuple[bool, str]:
        """Whether the element is in this state, and what was found of it."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it expects.")


class AssertExists(
    _State, name="assert_exists", label="Expect present", group="Assertions", icon="box"
):
    """The element is in the page, whether it can be seen or not."""

    state: ClassVar[str] = "on the page"
    imports: ClassVar[tuple[str, ...]] = (
        "side:assertElementPresent",
        "side:verifyElementPresent",
        "recorder:waitForElement",
    )

    def seen(self, sight: Sight) -> tuple[bool, str]:
        return True, f"{sight.words} was there"


class MissingOptions(Options):
    once: bool = Option(
        False,
        title="Look once",
        description="Fail when it is there at this moment, instead of waiting until it is gone.",
    )


class AssertMissing(
    _State, name="assert_missing", label="Expect missing", group="Assertions", icon="box-off"
):
    """No candidate matches anything in the page: the element is gone, or never came."""

    state: ClassVar[str] = "missing"
    wanted: ClassVar[Want] = Want(all_visible=True)
    Options: ClassVar[type[Options]] = MissingOptions
    imports: ClassVar[tuple[str, ...]] = (
        "side:assertElementNotPresent",
        "side:verifyElementNotPresent",
        "recorder:waitForElement",
    )

    def run(self, step: Step, page: Page) -> Finding:
        if not step.options.get("once"):
            return super().run(step, page)
        look = poll(page, lambda: page.look(step.locators, self.wanted), lambda seen: True)
        judgement, finding = self.judge(step, look), finding_of(step.locators, look)
        if judgement.holds:
            return finding
        raise Unfit(judgement.message, judgement.expected, judgement.found, finding)

    def judge(self, step: Step, look: Look) -> Judgement:
        expected = f"{step.target} to be missing"
        if look.problems or any(look.counts):
            found = f"{look.best.words} was there" if look.best else "it could not be looked for"
            return Judgement(False, expected, found, f"Expected {expected} but {found}.")
        return Judgement(True, expected, "there was no such element")


class AssertEnabled(
    _State, name="assert_enabled", label="Expect enabled", group="Assertions", icon="plug"
):
    """The element can be used: it is not disabled, nor is a group around it."""

    state: ClassVar[str] = "enabled"

    def seen(self, sight: Sight) -> tuple[bool, str]:
        return not sight.facts.disabled, sight.facts.disabled or "it is enabled"


class AssertDisabled(
    _State, name="assert_disabled", label="Expect disabled", group="Assertions", icon="plug-off"
):
    """The element is disabled, by itself or by a group around it."""

    state: ClassVar[str] = "disabled"

    def seen(self, sight: Sight) -> tuple[bool, str]:
        return bool(sight.facts.disabled), sight.facts.disabled or f"{sight.words} is enabled"


class AssertEditable(
    _State, name="assert_editable", label="Expect editable", group="Assertions", icon="pencil"
):
    """A field that is neither disabled nor read-only, or a text that can be edited."""

    state: ClassVar[str] = "editable"
    imports: ClassVar[tuple[str, ...]] = ("side:assertEditable", "side:verifyEditable")

    def seen(self, sight: Sight) -> tuple[bool, str]:
        why = sight.facts.disabled or sight.facts.fixed
        return not why, why or "it is editable"


class AssertNotEditable(
    _State,
    name="assert_not_editable",
    label="Expect not editable",
    group="Assertions",
    icon="pencil-off",
):
    """A field that is disabled or read-only, or an element that is no field."""

    state: ClassVar[str] = "not editable"
    imports: ClassVar[tuple[str, ...]] = ("side:assertNotEditable", "side:verifyNotEditable")

    def seen(self, sight: Sight) -> tuple[bool, str]:
        why = sight.facts.disabled or sight.facts.fixed
        return bool(why), why or f"{sight.words} is editable"


def _is_on(sight: Sight) -> bool | None:
    """Whether it is checked; None when it cannot be."""
    return sight.facts.is_selected if sight.checked is None else sight.checked


def _check_words(sight: Sight) -> str:
    if _is_on(sight) is None:
        return f"{sight.words} is no checkbox, no choice and no switch"
    return f"{sight.words} is {'' if _is_on(sight) else 'not '}checked"


class AssertChecked(
    _State, name="assert_checked", label="Expect checked", group="Assertions", icon="square-check"
):
    """A checkbox, a radio button, a switch or a choice is on."""

    state: ClassVar[str] = "checked"
    imports: ClassVar[tuple[str, ...]] = ("side:assertChecked", "side:verifyChecked")

    def seen(self, sight: Sight) -> tuple[bool, str]:
        return _is_on(sight) is True, _check_words(sight)


class AssertUnchecked(
    _State, name="assert_unchecked", label="Expect unchecked", group="Assertions", icon="square"
):
    """A checkbox, a radio button, a switch or a choice is off."""

    state: ClassVar[str] = "unchecked"
    imports: ClassVar[tuple[str, ...]] = ("side:assertNotChecked", "side:verifyNotChecked")

    def seen(self, sight: Sight) -> tuple[bool, str]:
        return _is_on(sight) is False, _check_words(sight)


class AssertFocused(
    _State, name="assert_focused", label="Expect focused", group="Assertions", icon="focus-2"
):
    """The element has the focus: what is typed goes into it."""

    state: ClassVar[str] = "focused"

    def seen(self, sight: Sight) -> tuple[bool, str]:
        where = f"on {sight.facts.focus}" if sight.facts.focus else "on no element"
        return sight.facts.focused, f"the focus was {where}"
