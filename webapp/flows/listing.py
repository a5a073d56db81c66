"""What the list of flows asks the database, and says of each flow."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy import or_, select, text

from webapp import clock
from webapp.extensions import db, reading
from webapp.flows.models import Flow
from webapp.live.models import FLOW_DELETED, LiveEvent

PAGE_SIZE = 25
GRACE = timedelta(minutes=1)


class HasState(Protocol):
    @property
    def state(self) -> str: ...


def flows_page(project_id: int, query: str, page: int) -> tuple[Sequence[Flow], bool]:
    """The flows of a page in the order of their names, and whether more come after them."""
    mine = select(Flow).where(Flow.project_id == project_id)
    if query:
        named = Flow.name.icontains(query, autoescape=True)
        mine = mine.where(or_(named, Flow.url.icontains(query, autoescape=True)))
    start = (min(page, 10_000) - 1) * PAGE_SIZE
    ordered = mine.order_by(Flow.name, Flow.id).offset(start).limit(PAGE_SIZE + 1)
    found = db.session.scalars(ordered).all()
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def history_words(runs: Iterable[HasState]) -> str:
    """The little bars in words: “Last 20 runs: 18 passed, 2 failed”."""
    counts = Counter(run.state.replace("_", " ") for run in runs)
    if not counts:
        return "No runs yet"
    parts = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    return f"Last {counts.total()} runs: {parts}"


def is_overdue(flow: Flow) -> bool:
    """Whether the clock should have played the flow by now: it may be down."""
    return flow.next_at is not None and clock.now() - flow.next_at > GRACE


def was_deleted(project_id: int, flow_id: int) -> bool:
    """Whether the project had this flow and deleted it lately, as its events tell.

    Ends the transaction: who asks this has nothing to write, and keeps no writer waiting.
    """
    if not 0 < flow_id < 2**63:
        return False
    db.session.commit()  # a rollback would do, but expire the user
    reading()
    told = select(LiveEvent.id).where(
        LiveEvent.flow_id == flow_id,
        text(FLOW_DELETED),
        LiveEvent.project_id + 0 == project_id,  # "+ 0": not through all events of the project
    )
    return db.session.scalar(told.limit(1)) is not None
