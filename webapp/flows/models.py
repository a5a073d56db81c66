"""Flows and their immutable versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import clock
from webapp.accounts.models import Project, User
from webapp.artifacts.models import Blob
from webapp.columns import BigId, Json, UTCDateTime
from webapp.extensions import Model


class Flow(Model):
    """A monitored path. What a run plays is in its versions; this row says when and whose."""

    __table_args__ = (
        # the clock: what is due
        Index(
            "ix_flow_due",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_flow_project_name", "project_id", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(2000))
    browser: Mapped[str] = mapped_column(String(20))
    cron: Mapped[str | None] = mapped_column(String(200))  # None: only when asked for
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    step_timeout_seconds: Mapped[float] = mapped_column(default=10.0)
    run_timeout_seconds: Mapped[float] = mapped_column(default=300.0)
    is_active: Mapped[bool] = mapped_column(default=False)
    # When the clock plays it next; set exactly while the flow is active and has a schedule.
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The number of the newest version: saving moves it by compare-and-set.
    version_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class FlowVersion(Model):
    """A snapshot of a flow and its steps as `flows.bodies.Body` writes it; never changed."""

    __table_args__ = (UniqueConstraint("flow_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="SET NULL"), index=True
    )

    flow: Mapped[Flow] = relationship()
    created_by: Mapped[User | None] = relationship()


class FlowUse(Model):
    """A flow that another one holds as a shared step; kept true by `flows.editing.save`."""

    __table_args__ = (UniqueConstraint("flow_id", "uses_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"))
    uses_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"), index=True)


class FlowFile(Model):
    """A file that a flow uploads to the site; its content is a blob."""

    __table_args__ = (UniqueConstraint("flow_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey(Blob.sha256), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    blob: Mapped[Blob] = relationship()


class Healing(Model):
    """Another candidate than the first found a step's element: the order that is proposed."""

    __table_args__ = (
        UniqueConstraint("flow_id", "step_uid", "candidates"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"))
    step_uid: Mapped[str] = mapped_column(String(64))
    # SHA-256 of the candidates as they were and as they are proposed: the same is proposed once.
    candidates: Mapped[str] = mapped_column(String(64))
    proposed: Mapped[list[dict[str, str]]] = mapped_column(Json)
    why: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")  # open, accepted, rejected
    run_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("run.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
