"""Variables: set one, test one, write a note with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.assertions import NegatableOptions
from webapp.browser.actions.comparing import Comparing
from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.keeping import NAME_EXTRA, VariableName, keep, shown
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.matching import Matcher
from webapp.browser.page import Page
from webapp.browser.variables import as_text

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class SetVariableOptions(Options):
    variable: VariableName = Option(title="Variable", min_length=1, json_schema_extra=NAME_EXTRA)
    type: Literal["text", "json"] = Option(
        "text",
        title="Kind of value",
        description="json: a number, a list or an object, whose parts are read as "
        "{{ order.lines.0.price }}.",
    )


class AssertVariableOptions(NegatableOptions):
    variable: str = Option(
        title="Variable", min_length=1, max_length=500, json_schema_extra=NAME_EXTRA
    )
    loosely: bool = Option(
        False,
        title="As Selenium IDE does",
        description="For “equals”: the value as JavaScript writes it, with every blank.",
    )


class SetVariable(
    Action, name="set_variable", label="Set variable", group="Variables", icon="variable"
):
    """Give a name to a value; later steps read it as {{ name }} in any of their texts."""

    content: ClassVar[Field | None] = Field(
        "content", "Value", kind="textarea", placeholder="alice@example.org"
    )
    can_be_secret: ClassVar[bool] = True
    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("side:store", "side:storeJson")
    Options: ClassVar[type[Options]] = SetVariableOptions

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return options.get("type") == "text"

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if options.get("type") == "json":
            return _json_error(content)
        return ""

    @classmethod
    def read_content(cls, given: str | None, options: dict[str, Any]) -> tuple[str | None, str]:
        if options.get("type") == "json" and not given:
            return None, "“Set variable” needs it: JSON, like 12.5 or [1, 2]."
        return super().read_content(given, options)

    @classmethod
    def summary(cls, step: Step) -> str:
        name = step.options.get("variable")
        if step.secret or step.content is None:
            return f"Set {name} to a secret" if step.secret else f"Set {name} to nothing"
        return f"Set {name} to {shown(step.content)[:80]}"

    def run(self, step: Step, page: Page) -> Finding:
        content = step.content or ""
        value: Any = content
        if step.options.get("type") == "json":
            if sentence := _json_error(content):
                raise StepFailed(sentence, "JSON", "something else")
            value = json.loads(content)
        return Finding(notes=(keep(page, step.options["variable"], value, secret=step.secret),))


def _json_error(content: str) -> str:
    try:
        json.loads(content)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return f"The value is no JSON, at {where}: {error.msg}. A text in JSON stands in quotes."
    except RecursionError:
        return "The value is no JSON that can be read: its brackets go too deep."
    return ""


class Note(Action, name="note", label="Note", group="Variables", icon="notes"):
    """Write a line into the log of the run, with the values of its variables."""

    content: ClassVar[Field | None] = Field(
        "content", "Text", kind="textarea", required=True, placeholder="Ordered {{ product }}"
    )
    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("side:echo",)

    def run(self, step: Step, page: Page) -> Finding:
        return Finding(notes=(step.content or "",))


class AssertVariable(
    Comparing, name="assert_variable", label="Expect variable", group="Assertions", icon="equal"
):
    """The value of a variable, compared once: it does not change by waiting."""

    content: ClassVar[Field | None] = Field(
        "content", "Expected text", kind="textarea", placeholder="12.50"
    )
    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("side:assert", "side:verify")
    Options: ClassVar[type[Options]] = AssertVariableOptions

    @classmethod
    def read_content(cls, given: str | None, options: dict[str, Any]) -> tuple[str | None, str]:
        text, sentence = super().read_content(given, options)
        if not sentence and text is None:
            if options.get("match", "contains") == "equals":
                return "", ""
            return None, "Every text contains nothing, so this would never fail. Give a text."
        return text, sentence

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect {step.options.get('variable')} {_matcher(step).words}"

    def run(self, step: Step, page: Page) -> Finding:
        name = str(step.options["variable"])
        value = page.variables.read(name, step)
        with _matcher(step) as matcher:
            if step.options.get("loosely") and matcher.match == "equals":
                text = _as_javascript(value)
                holds = (text == (step.content or "")) is not matcher.negate
            else:
                text = as_text(value)
                holds = matcher.holds(text)
            expected = f"{name} {matcher.words}"
        if holds:
            return Finding(expected=expected, found=shown(text))
        raise StepFailed(f"Expected {expected} but it was “{shown(text)}”.", expected, shown(text))


def _matcher(step: Step) -> Matcher:
    match = str(step.options.get("match", "contains"))
    return Matcher(match, step.content or "", bool(step.options.get("negate")))


def _as_javascript(value: Any) -> str:
    """What `String(value)` gives in JavaScript."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, list):
        return ",".join("" if one is None else _as_javascript(one) for one in value)
    return as_text(value)
