"""What a flow expects of an element beside its text: its style, its properties, its choices."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.assertions import NegatableOptions, OfElement
from webapp.browser.actions.fields import Options
from webapp.browser.colours import are_same_colour
from webapp.browser.matching import Matcher
from webapp.browser.page import Look, Sight, Want
from webapp.browser.seeking import Judgement
from webapp.browser.variables import as_text

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class CssOptions(NegatableOptions):
    property: str = Option(
        title="CSS property",
        min_length=1,
        max_length=200,
        json_schema_extra={"placeholder": "background-color", "right": "the name of a property"},
    )


class PropertyOptions(NegatableOptions):
    property: str = Option(
        title="JavaScript property",
        description="Parts are joined with points, as in dataset.id.",
        min_length=1,
        max_length=200,
        json_schema_extra={"placeholder": "checked", "right": "the name of a property"},
    )


class AssertCss(
    OfElement, name="assert_css", label="Expect style", group="Assertions", icon="palette"
):
    """A CSS property of the element, as the browser computed it; red is also rgb(255, 0, 0)."""

    Options: ClassVar[type[Options]] = CssOptions

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the CSS property {step.options.get('property')} of {step.target}"

    def want(self, step: Step) -> Want:
        return Want(facts=True, css=_css_name(str(step.options["property"])))

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        assert look.best is not None
        return look.best.facts.css or None, f"{look.best.words} has no such property"

    def holds(self, step: Step, matcher: Matcher, found: str) -> bool:
        if matcher.match != "matches" and are_same_colour(matcher.content, found):
            return not matcher.negate
        return matcher.holds(found)


def _css_name(name: str) -> str:
    """As style sheets write it: backgroundColor is background-color."""
    if name.startswith("--"):
        return name
    return "".join(f"-{one.lower()}" if one.isupper() else one for one in name)


class AssertProperty(
    OfElement, name="assert_property", label="Expect property", group="Assertions", icon="braces"
):
    """A JavaScript property of the element; “equals” compares JSON, like true or [1, 2]."""

    Options: ClassVar[type[Options]] = PropertyOptions
    imports: ClassVar[tuple[str, ...]] = ("recorder:waitForElement",)

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the property {step.options.get('property')} of {step.target}"

    def want(self, step: Step) -> Want:
        return Want(facts=True, property=str(step.options["property"]))

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        assert look.best is not None
        found = look.best.facts.property
        if found.is_missing:
            return None, f"{look.best.words} has no such property"
        if found.other:
            return None, f"it was {found.other}"
        return "null" if found.value is None else as_text(found.value), ""

    def _judge(self, step: Step, matcher: Matcher, look: Look) -> Judgement:
        judgement = super()._judge(step, matcher, look)
        found = look.best.facts.property if look.best else None
        if found is None or found.is_missing or found.other or matcher.match != "equals":
            return judgement
        if _is_json(step.content or "", found.value):
            return replace(judgement, holds=not matcher.negate)
        return judgement


def _is_json(content: str, found: Any) -> bool:
    try:
        wanted = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return bool(type(wanted) is type(found) or _are_numbers(wanted, found)) and wanted == found


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)


class SelectedOptions(NegatableOptions):
    by: Literal["label", "value"] = Option("label", title="Compare its")


class AssertSelected(
    OfElement, name="assert_selected", label="Expect choice", group="Assertions", icon="list-check"
):
    """What is chosen in a list of choices; of several that are chosen, one has to be it."""

    Options: ClassVar[type[Options]] = SelectedOptions
    imports: ClassVar[tuple[str, ...]] = (
        "side:assertSelectedLabel",
        "side:verifySelectedLabel",
        "side:assertSelectedValue",
        "side:verifySelectedValue",
        "side:assertNotSelectedLabel",
        "side:verifyNotSelectedLabel",
        "side:assertNotSelectedValue",
        "side:verifyNotSelectedValue",
    )

    @classmethod
    def subject(cls, step: Step) -> str:
        return f"the {step.options.get('by')} of what is chosen in {step.target}"

    def want(self, step: Step) -> Want:
        return Want(facts=True)

    def of(self, step: Step, look: Look) -> tuple[str | None, str]:
        assert look.best is not None
        if look.best.facts.chosen is None:
            return None, f"{look.best.words} is no list of choices"
        return "”, “".join(_chosen(step, look.best)), ""

    def _judge(self, step: Step, matcher: Matcher, look: Look) -> Judgement:
        judgement = super()._judge(step, matcher, look)
        if look.best is None or look.best.facts.chosen is None:
            return judgement
        each = [matcher.holds(one) for one in _chosen(step, look.best)]
        holds = all(each) if matcher.negate else any(each)
        return replace(judgement, holds=holds)


def _chosen(step: Step, sight: Sight) -> list[str]:
    """What is chosen; a list in which nothing is has the empty value."""
    chosen = sight.facts.chosen or (("", ""),)
    return [value if step.options.get("by") == "value" else label for label, value in chosen]
