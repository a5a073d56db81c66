"""Take something from the page into a variable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Options, checked
from webapp.browser.actions.keeping import StoringOptions, keep, shown
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.matching import LONGEST_PATTERN, first_match, pattern_error
from webapp.browser.page import Look, Page, Want
from webapp.browser.seeking import Judgement, hold, poll, waited
from webapp.browser.variables import as_text

if TYPE_CHECKING:
    from webapp.browser.steps import Step

OF_ELEMENT = ("value", "attribute", "property", "count")
WITH_NAME = ("attribute", "property", "cookie")


class ExtractOptions(StoringOptions):
    source: Literal["text", "value", "attribute", "property", "url", "title", "cookie", "count"] = (
        Option(
            "text",
            title="What to take",
            description="text: of the element, or of the page without one; value: of a field; "
            "attribute: as it is written in the page; property: as JavaScript has it; count: the "
            "number of elements, without waiting.",
        )
    )
    name: str = Option(
        "",
        title="Its name",
        max_length=200,
        description="Of the attribute, the property, the cookie.",
        json_schema_extra={"placeholder": "href", "right": "a name of at most 200 characters"},
    )
    pattern: Annotated[str, checked(pattern_error)] = Option(
        "",
        title="Pattern",
        max_length=LONGEST_PATTERN,
        description="A regular expression: what its first group finds is stored, or all that it "
        "finds if it has no group. The step waits until it finds something.",
        json_schema_extra={
            "placeholder": r"Order (\d+)",
            "right": f"a regular expression of at most {LONGEST_PATTERN:,} characters",
        },
    )


@dataclass(frozen=True)
class Taken:
    """What was found to be stored; None with the reason why there is nothing."""

    value: Any = None
    why: str = ""
    is_secret: bool = False


class Extract(Action, name="extract", label="Extract", group="Variables", icon="package-import"):
    """Store something of the page in a variable, as soon as it is there."""

    locators: ClassVar[Target] = "optional"
    changes_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = (
        "side:storeAttribute",
        "side:storeElementCount",
        "side:storeText",
        "side:storeTitle",
        "side:storeValue",
        "side:storeXpathCount",
    )
    Options: ClassVar[type[Options]] = ExtractOptions

    @classmethod
    def needs_locator(cls, options: dict[str, Any]) -> bool:
        return options.get("source") in OF_ELEMENT

    @classmethod
    def read_options(cls, given: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        options, mistakes = super().read_options(given)
        if not mistakes and options["source"] in WITH_NAME and not options["name"]:
            mistakes = [("name", f"Which {options['source']}? It needs its name.")]
        return options, mistakes

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Store {_what(step)} as {step.options.get('variable')}"

    def run(self, step: Step, page: Page) -> Finding:
        options = ExtractOptions.model_validate(step.options)
        if self.needs_locator(step.options) and not step.locators:
            raise StepFailed(f"{_what(step)} needs to know which element: give a locator.")
        searched = _Searched(options.pattern, options.secret)
        if step.locators and options.source in ("text", *OF_ELEMENT):
            finding, taken = _of_element(step, page, options, searched)
        else:
            finding, taken = _of_page(step, page, options, searched)
        secret = options.secret or taken.is_secret
        note = keep(page, options.variable, taken.value, secret=secret)
        return replace(finding, expected=None, found=None, notes=(*finding.notes, note))


class _Searched:
    """A pattern during one step; a text that was searched before is not searched again."""

    def __init__(self, pattern: str, is_secret: bool) -> None:
        self.pattern = pattern
        self.is_secret = is_secret
        self._last: tuple[str, str | None] | None = None

    def of(self, taken: Taken) -> Taken:
        if not self.pattern or taken.value is None:
            return taken
        text = as_text(taken.value)
        if self._last is None or self._last[0] != text:
            self._last = text, first_match(self.pattern, text)
        found = self._last[1]
        if found is not None:
            return replace(taken, value=found)
        is_secret = taken.is_secret or self.is_secret
        said = "what must not be told" if is_secret else f"“{shown(text)}”"
        return Taken(None, f"the pattern “{self.pattern}” finds nothing in {said}")


def _what(step: Step) -> str:
    source, name = str(step.options.get("source", "text")), str(step.options.get("name", ""))
    if source == "count":
        return f"the number of {step.target}"
    named = f"the {'address' if source == 'url' else source}{f' {name}' if name else ''}"
    return named if source == "cookie" else f"{named} of {step.target}"


def _judgement(step: Step, page: Page, taken: Taken) -> Judgement:
    if taken.value is not None:
        return Judgement(True)
    message = f"Could not take {_what(step)}: {taken.why} (waited {waited(page)})."
    return Judgement(False, _what(step), taken.why, message)


def _of_element(
    step: Step, page: Page, options: ExtractOptions, searched: _Searched
) -> tuple[Finding, Taken]:
    last: list[Taken] = []
    want = Want(
        text=options.source in ("text", "value"),
        attribute=options.name if options.source == "attribute" else None,
        facts=options.source == "property",
        property=options.name if options.source == "property" else "",
    )

    def judge(look: Look) -> Judgement:
        last[:] = [searched.of(_taken(options, look))]
        return _judgement(step, page, last[0])

    finding = hold(step, page, want, judge)
    return finding, last[0]


def _taken(options: ExtractOptions, look: Look) -> Taken:
    if options.source == "count" and not look.problems:
        return Taken(next((count for count in look.counts if count), 0))
    best = look.best
    if best is None:
        return Taken(why="there was no such element")
    if options.source == "text":
        return Taken(best.text)
    if options.source == "value":
        return Taken(best.value, f"{best.words} is no field, so it has no value")
    if options.source == "attribute":
        return Taken(best.attribute, f"{best.words} has no such attribute")
    found = best.facts.property
    if found.is_missing or found.other:
        what = f"its value, {found.other}, cannot be stored" if found.other else "it has none"
        return Taken(why=f"{best.words}: {what}")
    return Taken("" if found.value is None else found.value)


def _of_page(
    step: Step, page: Page, options: ExtractOptions, searched: _Searched
) -> tuple[Finding, Taken]:
    def look() -> Taken:
        return searched.of(_of(page, options))

    taken = poll(page, look, lambda one: one.value is not None)
    judgement = _judgement(step, page, taken)
    if not judgement.holds:
        raise StepFailed(judgement.message, judgement.expected, judgement.found)
    return Finding(), taken


def _of(page: Page, options: ExtractOptions) -> Taken:
    if options.source == "cookie":
        found = page.cookies(options.name)
        if not found:
            return Taken(why=f"the page has no cookie {options.name}")
        return Taken(found[0].value, is_secret=found[0].http_only)
    if options.source == "text":
        return Taken(page.page_text())
    state = page.state()
    return Taken(state.url if options.source == "url" else state.title)
