"""Read durable events back from their table, in order."""

from sqlalchemy import Row, Select, select

from webapp.extensions import db
from webapp.live.bus import envelope
from webapp.live.cursors import wire_id
from webapp.live.listeners import Message
from webapp.live.models import LiveEvent

BATCH = 200


def events_after(row_id: int) -> list[Message]:
    """The next batch of everybody's events."""
    return _read(_columns().where(LiveEvent.id > row_id))


def events_of(project_id: int, run_id: int | None, row_id: int) -> list[Message]:
    """The next batch of one project's events, or of one of its runs."""
    newer = _columns().where(LiveEvent.id > row_id)
    if run_id is None:
        return _read(newer.where(LiveEvent.project_id == project_id))
    # "+ 0" keeps SQLite from walking through the whole project for one run.
    return _read(newer.where(LiveEvent.run_id == run_id, LiveEvent.project_id + 0 == project_id))


Columns = tuple[int, int, str, object, int | None, int | None, object]


def _columns() -> Select[*Columns]:
    return select(
        LiveEvent.id,
        LiveEvent.project_id,
        LiveEvent.type,
        LiveEvent.at,
        LiveEvent.run_id,
        LiveEvent.flow_id,
        LiveEvent.data,
    )


def _read(wanted: Select[*Columns]) -> list[Message]:
    return [_message(row) for row in db.session.execute(wanted.order_by(LiveEvent.id).limit(BATCH))]


def _message(row: Row[*Columns]) -> Message:
    written = envelope(wire_id(row.at, row.id), row.type, row.at, row.run_id, row.flow_id, row.data)
    return Message(row.project_id, row.id, written)
