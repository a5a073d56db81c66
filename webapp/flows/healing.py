"""Proposals for steps that another candidate had to find: a run makes them, a person decides.

A proposal stands for one change: these candidates of this step, in this new order. It is made once,
is remembered when it is rejected, and lapses while the step has other candidates than these.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from webapp import clock
from webapp.accounts.models import User
from webapp.browser.locators import Locator
from webapp.browser.steps import Step
from webapp.extensions import db
from webapp.flows.bodies import StepValues, closed_steps
from webapp.flows.editing import change_steps, current_version
from webapp.flows.models import Flow, FlowVersion, Healing
from webapp.flows.ordering import place_of

State = Literal["open", "accepted", "rejected", "lapsed"]
Locators = list[dict[str, str]]
MOST_SHOWN = 100


class HealingRefused(Exception):
    """This cannot be done with the proposal now; the message says why, and what to do."""


@dataclass(frozen=True)
class Proposal:
    """A proposal as it stands now, beside its step, which is None when it was deleted.

    `former` is the order before, empty when the step has no such candidates any more.
    """

    healing: Healing
    step: Step | None
    former: tuple[Locator, ...]

    @property
    def proposed(self) -> tuple[Locator, ...]:
        return tuple(Locator.model_validate(one) for one in self.healing.proposed)

    @property
    def state(self) -> State:
        if self.healing.state == "open" and not self.can_be_accepted:
            return "lapsed"
        if self.healing.state == "open":
            return "open"
        return "accepted" if self.healing.state == "accepted" else "rejected"

    @property
    def can_be_accepted(self) -> bool:
        return self.step is not None and bool(self.former) and self.step.locators == self.former

    @property
    def can_be_undone(self) -> bool:
        if self.healing.state == "rejected":
            return self.can_be_accepted
        is_there = self.step is not None and self.step.locators == self.proposed
        return self.healing.state == "accepted" and is_there


def propose(
    *, project_id: int, flow_id: int, step: Step, winner: int, why: str, run_id: int
) -> None:
    """Propose that the candidate `winner` of the step, as the run played it, comes first.

    Nothing is proposed for a step that was changed since. Does not commit.
    """
    flow = db.session.get(Flow, flow_id)
    if flow is None or flow.project_id != project_id or not 0 < winner < len(step.locators):
        return
    former = [one.model_dump() for one in step.locators]
    now = next((one for one in _steps(flow) if one["uid"] == step.uid), None)
    if now is None or now["locators"] != former:
        return
    proposed = [former[winner], *former[:winner], *former[winner + 1 :]]
    row = _new_healing().values(
        project_id=project_id,
        flow_id=flow_id,
        step_uid=step.uid,
        candidates=_digest(former, proposed),
        proposed=proposed,
        why=why,
        state="open",
        run_id=run_id,
        created_at=clock.now(),
    )
    db.session.execute(row.on_conflict_do_nothing())


def proposals(flow: Flow) -> list[Proposal]:
    """Those of the flow, the newest first."""
    newest = (
        select(Healing)
        .where(Healing.flow_id == flow.id)
        .order_by(Healing.id.desc())
        .limit(MOST_SHOWN)
    )
    found = db.session.scalars(newest).all()
    return _beside_steps(flow, list(found)) if found else []


def proposal_of(flow: Flow, healing: Healing) -> Proposal:
    return _beside_steps(flow, [healing])[0]


def accept(flow: Flow, by: User | None, healing: Healing) -> FlowVersion:
    """Put the candidates into the proposed order, as a new version. Does not commit."""
    found = _held(flow, healing)
    if not found.can_be_accepted:
        raise HealingRefused(_changed_since(found))
    return _reorder(flow, by, healing, healing.proposed, "accepted")


def reject(flow: Flow, healing: Healing) -> None:
    """Leave the step as it is, and do not propose this again. Does not commit."""
    found = _held(flow, healing)
    if healing.state == "accepted":
        raise HealingRefused("This order was accepted already; undo that, if it was a mistake.")
    if healing.state == "open" and not found.can_be_accepted:
        raise HealingRefused(_changed_since(found))
    healing.state, healing.decided_at = "rejected", clock.now()


def undo(flow: Flow, by: User | None, healing: Healing) -> FlowVersion | None:
    """Take the decision back: the step gets its former order, the proposal is open again.

    Answers the new version, None where nothing was changed. Does not commit.
    """
    found = _held(flow, healing)
    if healing.state == "open":
        raise HealingRefused("Nothing was decided here yet: accept the new order, or reject it.")
    if not found.can_be_undone:
        raise HealingRefused(_changed_since(found))
    if healing.state == "accepted":
        former = [one.model_dump() for one in found.former]
        return _reorder(flow, by, healing, former, "open")
    healing.state, healing.decided_at = "open", None
    return None


def _reorder(
    flow: Flow, by: User | None, healing: Healing, locators: Locators, state: str
) -> FlowVersion:
    def change(steps: list[StepValues]) -> list[StepValues]:
        at = place_of(healing.step_uid, steps)
        steps[at] = {**steps[at], "locators": locators}
        return steps

    version = change_steps(flow, by, change, expected=flow.version_number)
    healing.state = state
    healing.decided_at = None if state == "open" else clock.now()
    return version


def _held(flow: Flow, healing: Healing) -> Proposal:
    """The proposal beside its step, which nobody changes until the commit."""
    db.session.refresh(flow, with_for_update=True)
    db.session.refresh(healing)
    return proposal_of(flow, healing)


def _changed_since(found: Proposal) -> str:
    if found.step is None:
        return "The step was deleted since, so there is nothing to put into another order."
    if found.healing.state == "accepted" and found.step.locators == found.proposed:
        return "This order was accepted already."
    return (
        f"Step {found.step.number} was changed since: its candidates are not those that the run "
        "played. The next run that has to heal it proposes an order for those that it has now."
    )


def _beside_steps(flow: Flow, healings: list[Healing]) -> list[Proposal]:
    steps = {step.uid: step for step in closed_steps(current_version(flow))}
    return [
        Proposal(healing, steps.get(healing.step_uid), _former(healing)) for healing in healings
    ]


def _former(healing: Healing) -> tuple[Locator, ...]:
    """The order before: the proposed one with its first candidate put back to where it was."""
    first, *others = healing.proposed
    for at in range(1, len(others) + 1):
        order = [*others[:at], first, *others[at:]]
        if _digest(order, healing.proposed) == healing.candidates:
            return tuple(Locator.model_validate(one) for one in order)
    return ()


def _digest(former: Locators, proposed: Locators) -> str:
    said = json.dumps([former, proposed], ensure_ascii=False, sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _steps(flow: Flow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = current_version(flow).body["steps"]
    return found


def _new_healing() -> postgresql.Insert | sqlite.Insert:
    """An INSERT that does nothing when the same was proposed before."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    return postgresql.insert(Healing) if is_postgresql else sqlite.insert(Healing)
