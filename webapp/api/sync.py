"""Synchronisation of runs: what changed since, the oldest change first, and nothing left out."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.api import cursors
from webapp.api.bodies import RunQuery
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.queries import GROUPS
from webapp.runs.states import State

# A row gets its `updated_at` before its commit: it may wait 30 s for the writer's turn (see
# extensions.BUSY_SECONDS), and hosts' clocks differ. So the next round begins this much earlier
# than this one did, and sees again what it may have missed.
OVERLAP = timedelta(seconds=60)
KIND = "sync"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def changed_runs(
    project_id: int, since: datetime, query: RunQuery
) -> tuple[list[Run], str | None, datetime]:
    """A page of runs, the cursor of the next one, and where the next round should begin.

    A run that changes while somebody pages moves to the end of the order: it comes again, and
    none is left out.
    """
    began = clock.now()
    rows = _filtered(project_id, query).where(Run.updated_at >= since)
    if query.cursor:
        at_us, run_id, began_us = cursors.read(query.cursor, KIND, 3)
        at, began = _instant(at_us), _instant(began_us)
        after = or_(Run.updated_at > at, and_(Run.updated_at == at, Run.id > run_id))
        rows = rows.where(Run.updated_at >= at, after)
    rows = rows.order_by(Run.updated_at, Run.id).limit(query.limit + 1)
    found = list(db.session.scalars(rows.options(joinedload(Run.flow))))
    page = found[: query.limit]
    more = None
    if len(found) > len(page):
        last = page[-1]
        more = cursors.write(KIND, _us(last.updated_at), last.id, _us(began))
    return page, more, began - OVERLAP


def _filtered(project_id: int, query: RunQuery) -> Select[Run]:
    rows = select(Run).where(Run.project_id == project_id)
    if query.flow_id is not None:
        rows = rows.where(Run.flow_id == query.flow_id)
    if query.state is not None:
        rows = rows.where(Run.state.in_(states_of(query.state)))
    if query.trigger is not None:
        rows = rows.where(Run.trigger == query.trigger)
    if query.queued_from is not None:
        rows = rows.where(Run.queued_at >= query.queued_from)
    if query.queued_to is not None:
        rows = rows.where(Run.queued_at < query.queued_to)
    return rows


def states_of(word: str) -> frozenset[State]:
    """The states that a filter's word stands for: one, or those of a group."""
    return GROUPS[word] if word in GROUPS else frozenset({State(word)})


def _us(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _instant(microseconds: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise cursors.refused() from error
