"""Runs that our own egress rule ended: not the site's fault, and the owner is told once."""

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.extensions import db
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State, StepState


def refused_step(run: Run) -> StepResult | None:
    """The step at which the rule said no; None when the run ended for another reason."""
    return db.session.scalar(
        select(StepResult).where(StepResult.run_id == run.id, _is_refused()).limit(1)
    )


def is_known(run: Run) -> bool:
    """Whether the run before it was refused as well: then its owner was told already.

    Runs that say nothing, as of a browser of ours that died, do not stand between them.
    """
    refused = and_(
        Run.state == State.ERRORED,
        select(StepResult.id).where(StepResult.run_id == Run.id, _is_refused()).exists(),
    )
    says = or_(Run.state.in_((State.PASSED, State.FAILED, State.TIMED_OUT)), refused)
    before = (
        select(Run.state)
        .where(Run.flow_id == run.flow_id, Run.id < run.id, says)
        .order_by(Run.id.desc())
        .limit(1)
    )
    return db.session.scalar(before) == State.ERRORED


def _is_refused() -> ColumnElement[bool]:
    return StepResult.state == StepState.REFUSED
