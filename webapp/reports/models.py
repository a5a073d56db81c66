"""A report that was asked for, and how far it is."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import clock
from webapp.accounts.models import Project
from webapp.artifacts.models import Artifact
from webapp.columns import BigId, UTCDateTime
from webapp.extensions import Model
from webapp.runs.models import Run


class ReportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


UNFINISHED = "state IN ('queued', 'running')"


class Report(Model):
    __table_args__ = (
        # upkeep: what is not made yet
        Index(
            "ix_report_unfinished",
            "updated_at",
            sqlite_where=text(UNFINISHED),
            postgresql_where=text(UNFINISHED),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ReportState.QUEUED)
    progress: Mapped[float] = mapped_column(default=0.0)  # 0–1
    error: Mapped[str | None] = mapped_column(Text)
    artifact_id: Mapped[int | None] = mapped_column(
        ForeignKey(Artifact.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    run: Mapped[Run] = relationship()
    artifact: Mapped[Artifact | None] = relationship()
