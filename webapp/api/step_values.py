"""From the steps of a request to the steps that a version keeps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from webapp.api.bodies import READ_ONLY, StepChange, StepNew
from webapp.api.problems import FieldError, Problem, conflict
from webapp.api.sentences import EXPECTED, field_error, found
from webapp.browser.actions import action_named
from webapp.browser.errors import StepInvalid
from webapp.browser.locators import syntax_error
from webapp.browser.steps import parse_step
from webapp.flows.bodies import StepValues, kept_values
from webapp.flows.checking import Mistake

# What identifies a step, and what is decided apart from its other fields.
APART = {"uid", "number"} | READ_ONLY


def numbered(
    wanted: Sequence[int | None], taken: dict[int, str], places: Sequence[str]
) -> list[int]:
    """A number for each step: the one it wants, or the next one; 409 for one that is taken.

    `taken` maps the numbers that the flow has to the titles of their steps.
    """
    used, errors = dict(taken), []
    highest = max([*taken, *(number for number in wanted if number)], default=0)
    for number, place in zip(wanted, places, strict=True):
        if number in used:
            errors.append(FieldError(_join(place, "number"), f"{number} {used[number]}."))
        elif number:
            used[number] = "comes twice in the request"
    if errors:
        raise _taken(errors, highest + 1)
    numbers = []
    for number in wanted:
        highest += number is None
        numbers.append(number or highest)
    return numbers


def titled(steps: Iterable[StepValues]) -> dict[int, str]:
    """The numbers that steps have, and how a sentence says that each is taken."""
    return {
        step["number"]: f"is taken by the step “{step['name'] or step['action']}”" for step in steps
    }


def new_values(
    given: StepNew,
    number: int,
    place: str,
    errors: list[FieldError],
    before: StepValues | None = None,
) -> StepValues | None:
    """A whole step as a version keeps it; adds to `errors` and gives None when it cannot be.

    `before` is the step of the same uid: a secret value that is not sent again stays.
    """
    values = given.model_dump(exclude_unset=True, exclude=READ_ONLY)
    values["number"] = number
    if values.get("uid") is None:
        values.pop("uid", None)
    return _kept(values, place, errors, before)


def changed_values(
    before: StepValues, change: StepChange, errors: list[FieldError]
) -> StepValues | None:
    """The step with the fields that were given; `errors` as for `new_values`."""
    given = change.model_dump(exclude_unset=True, exclude=APART)
    values = {name: value for name, value in before.items() if name != "sealed"}
    if "selector_xpath" in given and "locators" not in given:
        values.pop("locators")
    if given.get("action", before["action"]) != before["action"]:
        values.pop("options")  # another action has other options
    values |= given
    if "number" in change.model_fields_set and change.number:
        values["number"] = change.number
    return _kept(values, "", errors, before)


def _kept(
    values: dict[str, Any], place: str, errors: list[FieldError], before: StepValues | None
) -> StepValues | None:
    sealed = before["sealed"] if before else None
    stays_secret = bool(sealed) and values.get("secret", False) and values.get("content") is None
    mistakes = dict(_mistakes(values))
    try:
        step = parse_step(values, content_known=stays_secret)
    except StepInvalid as error:
        said_better = {name.partition("[")[0] for name in mistakes}
        said_better |= {"locators"} if "selector_xpath" in mistakes else set()
        mistakes |= {
            field: detail
            for field, detail in error.errors
            if field not in said_better and field not in mistakes
        }
    if mistakes:
        errors += [FieldError(_join(place, field), detail) for field, detail in mistakes.items()]
        return None
    return kept_values(step, sealed if stays_secret else None)


def _mistakes(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the engine forgives, because forms send texts, or names less exactly."""
    try:
        action = action_named(values["action"])
    except KeyError:
        return  # the engine says it
    if values.get("selector_xpath") and (wrong := syntax_error("xpath", values["selector_xpath"])):
        yield "selector_xpath", wrong
    for at, locator in enumerate(values.get("locators") or ()):
        if wrong := syntax_error(locator["by"], locator["value"]):
            yield f"locators[{at}].value", wrong
    content = values.get("content")
    takes_number = action.content is not None and action.content.kind == "number"
    if content is not None and not isinstance(content, str) and not takes_number:
        yield "content", f"Expected a text, found {found(content)}."
    try:
        action.Options.model_validate(values.get("options") or {}, strict=True)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            if one["type"] in EXPECTED:
                wrong_option = field_error(one, action.Options, "options")
                yield wrong_option.field, wrong_option.detail


def misplaced(mistake: Mistake, places: dict[str, str]) -> FieldError:
    """A mistake in how steps stand together, at its step; `places` names those of the request."""
    if mistake.uid not in places:
        return FieldError("steps", str(mistake))
    return FieldError(_join(places[mistake.uid], mistake.field), str(mistake))


def _join(place: str, field: str) -> str:
    return f"{place}.{field}" if place and field else place or field


def _taken(errors: list[FieldError], free: int) -> Problem:
    first = errors[0]
    return conflict(
        "step-number-taken",
        "The number of a step is taken",
        f"{first.field}: number {first.detail} The next free number is {free}.",
        errors=errors,
    )
