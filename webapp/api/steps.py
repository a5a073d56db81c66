"""The steps of a flow over the API: every change is a new version of the flow."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, abort, g, url_for
from pydantic import BaseModel

from webapp.accounts.access import load
from webapp.api.answers import OneStep, StepAnswer, StepList, answer
from webapp.api.blueprint import bp
from webapp.api.bodies import StepChange, StepNew
from webapp.api.locking import decide, load_to_change, look_at
from webapp.api.operations import describe
from webapp.api.payload import expect_kind, mistakes_of, read, read_json
from webapp.api.problems import FieldError, invalid
from webapp.api.step_values import changed_values, misplaced, new_values, numbered, titled
from webapp.browser.steps import Step
from webapp.extensions import db
from webapp.flows.bodies import StepValues, closed_steps
from webapp.flows.editing import (
    MOST_STEPS,
    StepsRefused,
    TooManySteps,
    change_steps,
    current_version,
)
from webapp.flows.models import Flow, FlowVersion
from webapp.flows.ordering import removed

M = TypeVar("M", bound=BaseModel)
Steps = list[StepValues]

ONE: dict[str, Any] = {"$ref": "#/components/schemas/Step"}
LIST: dict[str, Any] = {"type": "array", "items": ONE, "maxItems": MOST_STEPS}


@bp.get("/flows/<int:flow_id>/steps")
@describe(tag="Steps", answers={200: StepList}, has_version=True)
def steps(flow_id: int) -> Response:
    """List the steps of a flow. In the order in which they are played."""
    version = current_version(load(Flow, flow_id))
    return _answer(version, {values["uid"] for values in version.body["steps"]})


@bp.post("/flows/<int:flow_id>/steps")
@describe(
    tag="Steps",
    body={"anyOf": [ONE, {**LIST, "minItems": 1}]},
    answers={201: StepList},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def add_steps(flow_id: int) -> Response:
    """Append steps. Takes one step or a list; a step without number gets the next one.

    A number that is taken, or comes twice in the request, answers 409. The answer has the steps
    that were added.
    """
    seen = look_at(flow_id)
    value = read_json()
    expect_kind(value, (dict, list), "a step or a list of steps")
    if value == []:
        raise invalid([FieldError("steps", "Expected at least one step, found none.")])

    def new_steps(version: FlowVersion) -> Steps:
        before = version.body["steps"]
        given, places = _checked(value, len(before))
        _refuse_known_uids(given, places, before)
        return _placed(given, places, before)

    flow, added = decide(seen, new_steps)
    version = _save(flow, lambda kept: kept + added, _named(added, _places(value)))
    new = {values["uid"] for values in added}
    location = url_for("api.steps", flow_id=flow_id)
    if isinstance(value, dict):
        location = url_for("api.step", flow_id=flow_id, uid=added[0]["uid"])
    return _answer(version, new, 201, location)


@bp.put("/flows/<int:flow_id>/steps")
@describe(
    tag="Steps",
    body=LIST,
    answers={200: StepList},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def replace_steps(flow_id: int) -> Response:
    """Replace all steps. A step that comes with the uid of a former one stays that step.

    So a secret step with its uid and null as content keeps its value.
    """
    seen = look_at(flow_id)
    value = read_json()
    expect_kind(value, (list,), "a list of steps")
    given, places = _checked(value, 0)
    _refuse_known_uids(given, places, ())

    def all_steps(version: FlowVersion) -> Steps:
        former = {step["uid"]: step for step in version.body["steps"]}
        return _placed(given, places, (), former)

    flow, placed = decide(seen, all_steps)
    version = _save(flow, lambda _: placed, _named(placed, places))
    return _answer(version, {values["uid"] for values in placed})


@bp.get("/flows/<int:flow_id>/steps/<uid>")
@describe(tag="Steps", answers={200: OneStep}, has_version=True)
def step(flow_id: int, uid: str) -> Response:
    """Read one step. By its uid, which stays when its number changes."""
    return _one(current_version(load(Flow, flow_id)), uid)


@bp.patch("/flows/<int:flow_id>/steps/<uid>")
@describe(
    tag="Steps",
    body=StepChange,
    answers={200: OneStep},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def change_step(flow_id: int, uid: str) -> Response:
    """Change a step. What is not given stays; a number that is taken answers 409."""
    return _exchange(flow_id, uid, StepChange, changed_values)


@bp.put("/flows/<int:flow_id>/steps/<uid>")
@describe(
    tag="Steps",
    body=ONE,
    answers={200: OneStep},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def replace_step(flow_id: int, uid: str) -> Response:
    """Replace a step. Its uid stays, and its number where none is given."""

    def replaced(before: StepValues, given: StepNew, errors: list[FieldError]) -> StepValues | None:
        if given.uid not in {None, uid}:
            errors.append(FieldError("uid", f"Expected {uid} as in the address, or none."))
        number = given.number or before["number"]
        return new_values(given.model_copy(update={"uid": uid}), number, "", errors, before)

    return _exchange(flow_id, uid, StepNew, replaced)


@bp.delete("/flows/<int:flow_id>/steps/<uid>")
@describe(tag="Steps", answers={204: None}, has_version=True, honours_if_match=True)
def delete_step(flow_id: int, uid: str) -> Response:
    """Delete a step. A block goes with all it holds, an `if` with its other branches.

    Those behind it move up: the others are numbered 1, 2, 3 … afterwards.
    """
    flow = load_to_change(flow_id)
    _find(current_version(flow), uid)
    version = _save(flow, lambda steps: removed(steps, uid), {})
    response = Response(status=204)
    response.set_etag(str(version.number))
    return response


def _checked(value: Any, already: int) -> tuple[list[StepNew], list[str]]:
    """The steps of a request and how mistakes name them; nothing is looked at when too many."""
    items = [value] if isinstance(value, dict) else value
    places = _places(value)
    if len(items) + already > MOST_STEPS:
        raise invalid([FieldError("steps", str(TooManySteps(len(items) + already)))])
    errors: list[FieldError] = []
    given = []
    for item, place in zip(items, places, strict=True):
        checked, mistakes = mistakes_of(StepNew, item, place)
        errors += mistakes
        if checked is not None:
            given.append(checked)
    if errors:
        raise invalid(errors)
    return given, places


def _places(value: Any) -> list[str]:
    """How mistakes name each step of a request: a single one needs no name."""
    return [""] if isinstance(value, dict) else [f"steps[{at}]" for at in range(len(value))]


def _placed(
    given: list[StepNew],
    places: list[str],
    before: list[StepValues] | tuple[()],
    former: dict[str, StepValues] | None = None,
) -> list[StepValues]:
    numbers = numbered([one.number for one in given], titled(before), places)
    errors: list[FieldError] = []
    made = [
        new_values(one, number, place, errors, (former or {}).get(one.uid or ""))
        for one, number, place in zip(given, numbers, places, strict=True)
    ]
    if errors:
        raise invalid(errors)
    return [values for values in made if values is not None]


def _refuse_known_uids(
    given: list[StepNew], places: list[str], before: list[StepValues] | tuple[()]
) -> None:
    seen = {values["uid"] for values in before}
    errors = []
    for one, place in zip(given, places, strict=True):
        if one.uid in seen:
            detail = f"There is a step {one.uid} already; leave uid out for a new step."
            errors.append(FieldError(f"{place}.uid".lstrip("."), detail))
        elif one.uid:
            seen.add(one.uid)
    if errors:
        raise invalid(errors)


def _exchange(
    flow_id: int,
    uid: str,
    schema: type[M],
    after: Callable[[StepValues, M, list[FieldError]], StepValues | None],
) -> Response:
    """Put what `after` makes of a step and the body in its place."""
    seen = look_at(flow_id)
    _find(seen, uid)
    given = read(schema)

    def exchanged(version: FlowVersion) -> Steps:
        errors: list[FieldError] = []
        made = after(_find(version, uid), given, errors)
        if errors or made is None:
            raise invalid(errors)
        others = [one for one in version.body["steps"] if one["uid"] != uid]
        numbered([made["number"]], titled(others), [""])
        return [*others, made]

    flow, steps = decide(seen, exchanged)
    return _one(_save(flow, lambda _: steps, {uid: ""}), uid)


def _save(flow: Flow, change: Callable[[Steps], Steps], places: dict[str, str]) -> FlowVersion:
    """Save; a mistake in how the steps stand together is told at its step in the request."""
    try:
        version = change_steps(flow, g.user, change, expected=flow.version_number)
    except StepsRefused as refused:
        raise invalid([misplaced(mistake, places) for mistake in refused.mistakes]) from refused
    db.session.commit()
    return version


def _named(steps: Steps, places: list[str]) -> dict[str, str]:
    return {step["uid"]: place for step, place in zip(steps, places, strict=True)}


def _find(version: FlowVersion, uid: str) -> StepValues:
    for values in version.body["steps"]:
        if values["uid"] == uid:
            found: StepValues = values
            return found
    abort(404)


def _one(version: FlowVersion, uid: str) -> Response:
    _find(version, uid)
    found = next(one for one in _step_answers(version) if one.uid == uid)
    return answer(OneStep(**found.model_dump(), version=version.number), version=version.number)


def _answer(
    version: FlowVersion, uids: set[str], status: int = 200, location: str | None = None
) -> Response:
    body = StepList(
        flow_id=version.flow_id,
        version=version.number,
        steps=[one for one in _step_answers(version) if one.uid in uids],
    )
    return answer(body, status, location=location, version=version.number)


def _step_answers(version: FlowVersion) -> list[StepAnswer]:
    kept = version.body["steps"]
    return [
        _step_answer(step, has_content=step.content is not None or bool(values["sealed"]))
        for step, values in zip(closed_steps(version), kept, strict=True)
    ]


def _step_answer(step: Step, *, has_content: bool) -> StepAnswer:
    return StepAnswer(
        **step.model_dump(mode="json", include=set(StepAnswer.model_fields)),
        title=step.title,
        has_content=has_content,
    )
