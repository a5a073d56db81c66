"""The last runs of a few flows, in one query: what the list of flows and the editor show."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all

from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.states import LIVE, State


@dataclass(frozen=True)
class Glimpse:
    """A run as a list shows it."""

    id: int
    flow_id: int
    state: str
    trigger: str
    queued_at: datetime
    started_at: datetime | None
    duration_ms: int | None
    failed_step_number: int | None
    failed_step_name: str | None
    is_degraded: bool

    @property
    def shown_state(self) -> str:
        return "degraded" if self.is_degraded and self.state == State.PASSED else self.state

    @property
    def at(self) -> datetime:
        return self.started_at or self.queued_at

    @property
    def is_live(self) -> bool:
        return State(self.state) in LIVE


def recent_runs(flow_ids: Collection[int], count: int) -> dict[int, list[Glimpse]]:
    """The newest runs of each flow, newest first; for a page of flows, not for all of them.

    One short walk of ix_run_flow per flow: a window function would read all their runs.
    """
    runs: dict[int, list[Glimpse]] = defaultdict(list)
    if not flow_ids:
        return runs
    walks = [
        select(
            Run.id,
            Run.flow_id,
            Run.state,
            Run.trigger,
            Run.queued_at,
            Run.started_at,
            Run.duration_ms,
            Run.failed_step_number,
            Run.failed_step_name,
            Run.is_degraded,
        )
        .where(Run.flow_id == flow_id)
        .order_by(Run.id.desc())
        .limit(count)
        .subquery()
        for flow_id in flow_ids
    ]
    for row in db.session.execute(union_all(*(select(walk) for walk in walks))):
        runs[row.flow_id].append(Glimpse(**row._mapping))
    for flow_id in runs:
        runs[flow_id].sort(key=lambda run: run.id, reverse=True)
    return runs
