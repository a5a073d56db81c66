"""Blobs are contents, artifacts are whose and what they are."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import clock
from webapp.accounts.models import Project
from webapp.columns import BigId, UTCDateTime
from webapp.extensions import Model


class Blob(Model):
    """A stored content, once, however many artifacts show it."""

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigId)  # bytes
    media_type: Mapped[str] = mapped_column(String(100))
    # Collected only when it is old and nothing refers to it: an artifact may be about to.
    touched_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


class Artifact(Model):
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    run_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("run.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))  # screenshot, report
    sha256: Mapped[str] = mapped_column(ForeignKey(Blob.sha256), index=True)
    # How a picture was made (capture, frame) and whether it shows every pixel as it was.
    captured_by: Mapped[str | None] = mapped_column(String(20))
    lossless: Mapped[bool] = mapped_column(default=True)
    file_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    blob: Mapped[Blob] = relationship()
