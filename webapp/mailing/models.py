"""A mail: written with the facts it tells, sent afterwards."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.accounts.models import Project
from webapp.columns import BigId, Json, UTCDateTime
from webapp.extensions import Model


class MailState(StrEnum):
    WAITING = "waiting"  # to be sent, or tried again at next_try_at
    SENT = "sent"
    KEPT = "kept"  # no SMTP is set: it stays in the outbox
    FAILED = "failed"  # given up; `error` says why


class Mail(Model):
    """One mail to one address. Bodies are emptied once it is sent: they hold signed links."""

    __table_args__ = (
        # upkeep: what still has to be sent
        Index("ix_mail_waiting", "state", "next_try_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey(Project.id, ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(
        String(40)
    )  # the name of its templates, `broken`, `confirm` …
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # Pictures inside the mail: [{"cid": "failing-step", "sha256": …, "media_type": "image/png"}]
    pictures: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(10), default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
