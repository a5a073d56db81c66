"""Runs that our own egress rule ended: not the site's fault, and the owner is told once."""

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.extensions import db
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State, StepState

# How the engine says that a redirect or a link led where `open` would not have gone.
LED_AWAY = "The page went to an address that is refused."


def refused_step(run: Run) -> StepResult | None:
    """The step at which the rule said no; None when the run ended for another reason."""
    return db.session.scalar(
        select(StepResult).where(StepResult.run_id == run.id, *_is_refused()).limit(1)
    )


def is_known(run: Run) -> bool:
    """Whether the run before it was refused as well: then its owner was told already.

    Runs that say nothing, as of a browser of ours that died, do not stand between them.
    """
    refused = and_(
        Run.state == State.ERRORED,
        select(StepResult.id).where(StepResult.run_id == Run.id, *_is_refused()).exists(),
    )
    says = or_(Run.state.in_((State.PASSED, State.FAILED, State.TIMED_OUT)), refused)
    before = (
        select(Run.state)
        .where(Run.flow_id == run.flow_id, Run.id < run.id, says)
        .order_by(Run.id.desc())
        .limit(1)
    )
    return db.session.scalar(before) == State.ERRORED


def _is_refused() -> tuple[ColumnElement[bool], ...]:
    """What the engine found is the rule's own sentence, or the address that it was led to."""
    return (
        StepResult.state == StepState.ERRORED,
        or_(
            StepResult.error == StepResult.found,
            StepResult.error.startswith(LED_AWAY, autoescape=True),
        ),
    )
