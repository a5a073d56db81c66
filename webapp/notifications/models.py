"""Incidents, and what was told about them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import clock
from webapp.accounts.models import Project
from webapp.columns import BigId, UTCDateTime
from webapp.extensions import Model
from webapp.flows.models import Flow
from webapp.mailing.models import Mail
from webapp.runs.models import Run


class Incident(Model):
    """From the failure of a flow to its recovery; a flow has at most one that is open."""

    __table_args__ = (
        Index(
            "uq_incident_open",
            "flow_id",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
        Index("ix_incident_flow", "flow_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"))
    opened_by_id: Mapped[int | None] = mapped_column(
        ForeignKey(Run.id, ondelete="SET NULL"), index=True
    )
    resolved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey(Run.id, ondelete="SET NULL"), index=True
    )
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    flow: Mapped[Flow] = relationship()
    opened_by: Mapped[Run | None] = relationship(foreign_keys=[opened_by_id])
    resolved_by: Mapped[Run | None] = relationship(foreign_keys=[resolved_by_id])


class DeliveryKind(StrEnum):
    BROKEN = "broken"
    RECOVERED = "recovered"


class Delivery(Model):
    """One notice about an incident: written once, sent at least once by its mail."""

    __table_args__ = (
        UniqueConstraint("incident_id", "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey(Incident.id, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey(Mail.id, ondelete="SET NULL"), index=True
    )
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    incident: Mapped[Incident] = relationship()
    mail: Mapped[Mail | None] = relationship()
