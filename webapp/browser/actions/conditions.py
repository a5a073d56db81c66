"""What a block asks before its steps are played."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.assertions import NegatableOptions
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keeping import NAME_EXTRA, shown
from webapp.browser.actions.registry import Block, Finding, Target
from webapp.browser.actions.scripts import ask_script, what_it_gave
from webapp.browser.actions.waiting import is_first_visible, state_words
from webapp.browser.errors import StepFailed
from webapp.browser.matching import Matcher, fold, pattern_error
from webapp.browser.page import Look, Moved, Page, Want
from webapp.browser.seeking import POLL_SECONDS
from webapp.browser.variables import as_text

if TYPE_CHECKING:
    from webapp.browser.steps import Step

OF_ELEMENT = ("exists", "missing", "visible", "hidden")
OF_TEXT = ("text", "url", "title", "variable")
IS = {"exists": "is there", "missing": "is not there", "visible": "is visible"}


class ConditionOptions(NegatableOptions):
    test: Literal[
        "exists", "missing", "visible", "hidden", "text", "url", "title", "variable", "script"
    ] = Option(
        "visible",
        title="Test",
        description="text: of the element, or of the page without one; script: a JavaScript "
        "expression, true as JavaScript has it.",
    )
    variable: str = Option("", title="Variable", max_length=500, json_schema_extra=NAME_EXTRA)
    wait_seconds: float = Option(
        0.0,
        title="Wait for it (s)",
        ge=0,
        le=300,
        description="How long it may take until it holds; otherwise it does not.",
        json_schema_extra={"right": "a number of seconds from 0 to 300"},
    )


@dataclass(frozen=True)
class Answer:
    """Whether a condition holds, and what was there."""

    holds: bool
    found: str


class Conditional(Block):
    """What the blocks with a condition share."""

    locators: ClassVar[Target] = "optional"
    content: ClassVar[Field | None] = Field(
        "content",
        "Text, or JavaScript",
        kind="textarea",
        placeholder="Your basket is empty",
        help="For the tests text, url, title, variable and script.",
    )
    Options: ClassVar[type[Options]] = ConditionOptions

    @classmethod
    def fills(cls, options: dict[str, Any]) -> bool:
        return options.get("test") != "script"

    @classmethod
    def needs_locator(cls, options: dict[str, Any]) -> bool:
        return options.get("test") in OF_ELEMENT

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return options.get("test") in OF_TEXT and options.get("match") == "equals"

    @classmethod
    def read_options(cls, given: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        options, mistakes = super().read_options(given)
        if not mistakes and options["test"] == "variable" and not options["variable"]:
            mistakes = [("variable", "The test “variable” needs the name of one.")]
        return options, mistakes

    @classmethod
    def read_content(cls, given: str | None, options: dict[str, Any]) -> tuple[str | None, str]:
        test = options.get("test")
        if test in OF_ELEMENT:
            return None, f"The test “{test}” takes no text." if given else ""
        if not given and not cls.takes_empty(options):
            return None, f"The test “{test}” needs to know what to compare with: give a text."
        return super().read_content(given or "", options)

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if options.get("test") in OF_TEXT and options.get("match") == "matches":
            return pattern_error(content)
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"{cls.label} {words_of(step)}"

    def ask(self, step: Step, page: Page) -> Finding:
        """Whether the condition holds, now or within the time that it is given."""
        answer = _within(page, float(step.options.get("wait_seconds", 0)), _question(step, page))
        return Finding(expected=words_of(step), found=answer.found, holds=answer.holds)


def words_of(step: Step) -> str:
    """The condition in words, as in “If … ”."""
    test = str(step.options.get("test", "visible"))
    if test in OF_ELEMENT:
        return f"{step.target} {IS.get(test, 'is hidden')}"
    if test == "script":
        return f"the script “{shown(step.content or '')[:80]}” holds"
    subjects = {
        "text": f"the text of {step.target}",
        "url": "the address of the page",
        "title": "the title of the page",
        "variable": str(step.options.get("variable")),
    }
    verb = {"contains": "contains", "equals": "is", "matches": "matches"}
    said = verb[str(step.options.get("match", "contains"))]
    if step.options.get("negate"):
        said = {"contains": "does not contain", "is": "is not"}.get(said, "does not match")
    return f"{subjects[test]} {said} “{shown(step.content or '')[:80]}”"


def _within(page: Page, seconds: float, ask: Callable[[], Answer]) -> Answer:
    """Ask until it holds or the time is over; a page that is being replaced is no answer."""
    ends = time.monotonic() + seconds
    while True:
        try:
            answer = ask()
        except Moved as error:
            if page.patience.is_over:
                raise StepFailed(
                    f"The page was replaced again and again for {page.patience.seconds:g} s, so "
                    "the condition could not be asked.",
                    "a page that stays",
                    str(error) or "a page that goes on being replaced",
                ) from None
        else:
            if answer.holds or time.monotonic() >= ends or page.patience.is_over:
                return answer
        page.patience.pause(POLL_SECONDS)


def _question(step: Step, page: Page) -> Callable[[], Answer]:
    test = str(step.options.get("test", "visible"))
    if test in OF_ELEMENT:
        if not step.locators:
            raise StepFailed(f"The test “{test}” needs to know which element: give a locator.")
        return lambda: _of_element(step, page, test)
    if test == "script":
        return lambda: _of_script(step, page)
    return lambda: _of_text(step, page, test)


def _of_element(step: Step, page: Page, test: str) -> Answer:
    look = _look(step, page, Want(all_visible=True, opacity=True))
    holds = {
        "exists": any(look.counts),
        "missing": not any(look.counts),
        "visible": is_first_visible(look),
        "hidden": not any(look.visible_counts),
    }[test]
    if test in ("exists", "missing"):
        count = next((count for count in look.counts if count), 0)
        return Answer(holds, f"{count} of {step.target}")
    return Answer(holds, state_words(look))


def _look(step: Step, page: Page, want: Want) -> Look:
    look = page.look(step.candidates, want)
    if look.problems:
        raise StepFailed(
            f"The condition cannot be asked. The browser cannot use {'; '.join(look.problems)}.",
            "a locator that the browser can use",
            "; ".join(look.problems),
        )
    return look


def _of_text(step: Step, page: Page, test: str) -> Answer:
    text, absent = _text(step, page, test)
    if text is None:
        return Answer(False, absent)
    match = str(step.options.get("match", "contains"))
    with Matcher(match, step.content or "", bool(step.options.get("negate"))) as matcher:
        return Answer(matcher.holds(text), shown(fold(text)))


def _text(step: Step, page: Page, test: str) -> tuple[str | None, str]:
    if test == "variable":
        return as_text(page.variables.read(str(step.options["variable"]), step)), ""
    if test in ("url", "title"):
        state = page.state()
        return (state.url if test == "url" else state.title), ""
    if not step.locators:
        return page.page_text(), ""
    look = _look(step, page, Want(text=True))
    if look.best is None:
        return None, "there was no such element"
    if not look.best.visible:
        return None, f"{look.best.words} was not visible: {look.best.why}"
    return look.best.text, ""


def _of_script(step: Step, page: Page) -> Answer:
    gave = ask_script(step, page)
    words = what_it_gave(gave, page)
    if gave.state in ("json", "nothing", "unkept"):
        return Answer(gave.holds, words.removeprefix("it gave "))
    raise StepFailed(f"The script of the condition has no answer: {words}.", "an answer", words)
