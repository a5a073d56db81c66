"""Proposals for healed steps over the API, and how durable the locators of a flow are."""

from collections.abc import Callable
from typing import Literal

from flask import Response, abort, g
from pydantic import BaseModel, Field

from webapp.accounts.access import load
from webapp.api.answers import Instant, LocatorAnswer, answer
from webapp.api.blueprint import bp
from webapp.api.bodies import Nothing
from webapp.api.locking import load_to_change
from webapp.api.operations import describe
from webapp.api.payload import read
from webapp.api.problems import conflict
from webapp.browser.durability import score
from webapp.browser.locators import Locator
from webapp.extensions import db
from webapp.flows import healing as healings
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.flows.healing import HealingRefused, Proposal
from webapp.flows.models import Flow, Healing


class HealingAnswer(BaseModel):
    id: int
    flow_id: int
    step_uid: str
    step_number: int | None = Field(description="null when the step was deleted.")
    step_title: str | None
    state: Literal["open", "accepted", "rejected", "lapsed"] = Field(
        description="lapsed: the step has other candidates now than those that were played."
    )
    why: str = Field(description="Which candidate found the element, and why those before did not.")
    former: list[LocatorAnswer]
    proposed: list[LocatorAnswer]
    can_be_undone: bool
    run_id: int | None
    created_at: Instant
    decided_at: Instant | None


class HealingList(BaseModel):
    flow_id: int
    version: int
    items: list[HealingAnswer]


class LocatorDurability(BaseModel):
    by: str
    value: str
    points: int = Field(ge=0, le=100)
    word: Literal["durable", "fair", "fragile"]
    reason: str


class StepDurability(BaseModel):
    uid: str
    number: int
    title: str
    locators: list[LocatorDurability] = Field(description="In the order of the step.")


class DurabilityAnswer(BaseModel):
    flow_id: int
    version: int
    steps: list[StepDurability] = Field(description="Those that have locators.")


@bp.get("/flows/<int:flow_id>/healings")
@describe(tag="Healing", answers={200: HealingList}, has_version=True)
def flow_healings(flow_id: int) -> Response:
    """List what runs propose for steps that another candidate had to find. The newest first."""
    flow = load(Flow, flow_id)
    items = [_healing_answer(one) for one in healings.proposals(flow)]
    body = HealingList(flow_id=flow.id, version=flow.version_number, items=items)
    return answer(body, version=flow.version_number)


@bp.post("/flows/<int:flow_id>/healings/<int:healing_id>/accept")
@describe(
    tag="Healing",
    body=Nothing,
    body_optional=True,
    answers={200: HealingAnswer},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def accept_healing(flow_id: int, healing_id: int) -> Response:
    """Accept a proposal. The candidate that found the element comes first, in a new version."""
    return _decide(
        flow_id, healing_id, lambda flow, healing: healings.accept(flow, g.user, healing)
    )


@bp.post("/flows/<int:flow_id>/healings/<int:healing_id>/reject")
@describe(
    tag="Healing",
    body=Nothing,
    body_optional=True,
    answers={200: HealingAnswer},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def reject_healing(flow_id: int, healing_id: int) -> Response:
    """Reject a proposal. The step stays as it is, and the same is not proposed again."""
    return _decide(flow_id, healing_id, healings.reject)


@bp.post("/flows/<int:flow_id>/healings/<int:healing_id>/undo")
@describe(
    tag="Healing",
    body=Nothing,
    body_optional=True,
    answers={200: HealingAnswer},
    problems=(409,),
    has_version=True,
    honours_if_match=True,
)
def undo_healing(flow_id: int, healing_id: int) -> Response:
    """Take a decision back. The step gets its former order, and the proposal is open again."""
    return _decide(flow_id, healing_id, lambda flow, healing: healings.undo(flow, g.user, healing))


@bp.get("/flows/<int:flow_id>/durability")
@describe(tag="Healing", answers={200: DurabilityAnswer}, has_version=True)
def durability(flow_id: int) -> Response:
    """Judge the locators of a flow. How likely each finds its element after the site changes."""
    version = current_version(load(Flow, flow_id))
    steps = [
        StepDurability(
            uid=step.uid,
            number=step.number,
            title=step.title,
            locators=[_judged(one) for one in step.locators],
        )
        for step in closed_steps(version)
        if step.locators
    ]
    body = DurabilityAnswer(flow_id=flow_id, version=version.number, steps=steps)
    return answer(body, version=version.number)


def _decide(flow_id: int, healing_id: int, act: Callable[[Flow, Healing], object]) -> Response:
    _of_flow(load(Flow, flow_id), healing_id)
    read(Nothing, empty=True)
    flow = load_to_change(flow_id)
    healing = _of_flow(flow, healing_id)
    try:
        act(flow, healing)
    except HealingRefused as error:
        raise conflict("healing-refused", "The proposal stays as it is", str(error)) from error
    db.session.commit()
    body = _healing_answer(healings.proposal_of(flow, healing))
    return answer(body, version=flow.version_number)


def _of_flow(flow: Flow, healing_id: int) -> Healing:
    healing = load(Healing, healing_id)
    if healing.flow_id != flow.id:
        abort(404)
    return healing


def _healing_answer(found: Proposal) -> HealingAnswer:
    healing, step = found.healing, found.step
    return HealingAnswer(
        id=healing.id,
        flow_id=healing.flow_id,
        step_uid=healing.step_uid,
        step_number=step.number if step else None,
        step_title=step.title if step else None,
        state=found.state,
        why=healing.why,
        former=[LocatorAnswer(by=one.by, value=one.value) for one in found.former],
        proposed=[LocatorAnswer(by=one.by, value=one.value) for one in found.proposed],
        can_be_undone=found.can_be_undone,
        run_id=healing.run_id,
        created_at=healing.created_at,
        decided_at=healing.decided_at,
    )


def _judged(locator: Locator) -> LocatorDurability:
    found = score(locator)
    return LocatorDurability(
        by=locator.by,
        value=locator.value,
        points=found.points,
        word=found.word,
        reason=found.reason,
    )
