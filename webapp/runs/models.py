"""Runs, what each of their steps did, and how their state changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import clock
from webapp.accounts.models import Project
from webapp.artifacts.models import Artifact
from webapp.columns import BigId, Json, UTCDateTime
from webapp.extensions import Model
from webapp.flows.models import Flow, FlowVersion

LIVE_STATES = "state IN ('queued', 'starting', 'running')"


class Run(Model):
    """One execution of a flow. `state` is moved by `runs.states.move` and by nothing else."""

    __table_args__ = (
        UniqueConstraint("flow_id", "scheduled_for", "attempt"),  # the clock plays a moment once
        Index("ix_run_project", "project_id", "id"),  # the list of all runs
        Index("ix_run_flow", "flow_id", "id"),  # … of one flow
        Index("ix_run_flow_state", "flow_id", "state", "id"),  # … of one flow in one state
        Index("ix_run_flow_trigger", "flow_id", "trigger", "id"),  # … started by one trigger
        Index("ix_run_state", "project_id", "state", "id"),  # … in one state
        Index("ix_run_trigger", "project_id", "trigger", "id"),  # … started by one trigger
        Index("ix_run_queued_at", "project_id", "queued_at", "id"),  # … of a span of time
        Index("ix_run_updated_at", "project_id", "updated_at", "id"),  # synchronisation by API
        # the reaper: what is not over
        Index(
            "ix_run_live",
            "heartbeat_at",
            sqlite_where=text(LIVE_STATES),
            postgresql_where=text(LIVE_STATES),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    flow_id: Mapped[int] = mapped_column(ForeignKey(Flow.id, ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(
        ForeignKey(FlowVersion.id, ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[str | None] = mapped_column(String(20))  # None: not judged
    trigger: Mapped[str] = mapped_column(String(10))  # see runs.states.Trigger
    attempt: Mapped[int] = mapped_column(default=1)
    # The lost run that this one repeats.
    attempt_of_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("run.id", ondelete="SET NULL"), index=True
    )
    scheduled_for: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # For a `missed` row of a clock that was down: how many moments, and the last of them.
    missed_count: Mapped[int | None]
    missed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    heartbeat_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    duration_ms: Mapped[int | None]
    steps_total: Mapped[int] = mapped_column(default=0)
    steps_done: Mapped[int] = mapped_column(default=0)
    # Where the step that is being played is written, counted from 0 (`StepResult.position`);
    # None before the first and after the last.
    current_ordinal: Mapped[int | None]
    # Passed, but with a failure that its flow tolerates as “degraded”.
    is_degraded: Mapped[bool] = mapped_column(default=False, server_default=false())
    failed_step_number: Mapped[int | None]  # 0 is the opening of the flow's address
    failed_step_name: Mapped[str | None] = mapped_column(String(300))
    error: Mapped[str | None] = mapped_column(Text)  # why it did not pass, in plain words
    # Asked for by a person: the worker that plays it sees this and stops.
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    requested_by: Mapped[str | None] = mapped_column(String(120))
    worker: Mapped[str | None] = mapped_column(String(120))
    browser_name: Mapped[str | None] = mapped_column(String(60))
    browser_version: Mapped[str | None] = mapped_column(String(60))

    flow: Mapped[Flow] = relationship()
    version: Mapped[FlowVersion] = relationship()

    @property
    def shown_state(self) -> str:
        """Its state as a badge shows it: a run can pass and be degraded."""
        return "degraded" if self.is_degraded and self.state == "passed" else self.state


class StepResult(Model):
    """What one step did in one run: the execution log. Copies the step, so that it reads alone."""

    __table_args__ = (UniqueConstraint("run_id", "ordinal"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"))
    ordinal: Mapped[int]  # when it was played in this run, from 0; loops play a step many times
    position: Mapped[int]  # where it is written in the flow, its shared steps unfolded, from 0
    parent_uid: Mapped[str | None] = mapped_column(String(64))  # of the block around it
    iteration: Mapped[int | None]  # the round of the loop around it, from 1
    step_uid: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]  # as its flow's editor shows it; 0 opens the flow's address
    place: Mapped[str] = mapped_column(
        String(60)
    )  # the number as people read it: 3.2 in a shared 3
    name: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(40))
    locators: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(10))  # see runs.states.StepState
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    duration_ms: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    expected: Mapped[str | None] = mapped_column(Text)
    found: Mapped[str | None] = mapped_column(Text)
    page_url: Mapped[str | None] = mapped_column(Text)
    page_title: Mapped[str | None] = mapped_column(Text)
    # [{"by", "value", "count"}] for each candidate, and which of them the step used.
    matches: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    used_locator: Mapped[dict[str, str] | None] = mapped_column(Json)
    screenshot_id: Mapped[int | None] = mapped_column(
        ForeignKey(Artifact.id, ondelete="SET NULL"), index=True
    )
    screenshot_note: Mapped[str | None] = mapped_column(Text)  # why there is no picture
    # What its failure does to the run, as browser.steps.OnFailure names it.
    on_failure: Mapped[str] = mapped_column(String(10), default="stop", server_default="stop")
    # Which candidate found the element, and why those before it did not; set when it is `healed`.
    healed: Mapped[str | None] = mapped_column(Text)
    # What happened beside: dialogs, tries, what a step took from the page.
    notes: Mapped[list[str]] = mapped_column(Json, default=list, server_default=text("'[]'"))

    screenshot: Mapped[Artifact | None] = relationship()


class RunChange(Model):
    """A run went from one state to another: history, statistics and outbox in one."""

    __table_args__ = (
        # the sweep: ends that nobody was told of yet
        Index(
            "ix_run_change_untold",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), index=True)
    old: Mapped[str | None] = mapped_column(String(10))
    new: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    reason: Mapped[str] = mapped_column(Text, default="")
    # Set once notifications have judged this change; changes that tell nobody are born told.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    run: Mapped[Run] = relationship()
