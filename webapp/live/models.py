"""Durable live events: rows written in the transaction of the fact that they tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.accounts.models import Project
from webapp.columns import BigId, Json, UTCDateTime
from webapp.extensions import Model

FLOW_DELETED = "type = 'flow.deleted'"


class LiveEvent(Model):
    """One envelope of the wire contract (docs/events.md); its id orders all events."""

    __table_args__ = (
        Index("ix_live_event_project", "project_id", "id"),  # replay for a client
        Index("ix_live_event_run", "run_id", "id"),  # … that follows one run
        # whether a flow was there once
        Index(
            "ix_live_event_flow_deleted",
            "flow_id",
            sqlite_where=text(FLOW_DELETED),
            postgresql_where=text(FLOW_DELETED),
        ),
        Index("ix_live_event_at", "at"),  # upkeep: what is older than a day
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    # No foreign keys: `flow.deleted` outlives what it tells of.
    run_id: Mapped[int | None] = mapped_column(BigId)
    flow_id: Mapped[int | None] = mapped_column(BigId)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
