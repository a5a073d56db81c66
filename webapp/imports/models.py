"""Files that were read, and wait for their owner to look at the report."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.accounts.models import Project, User
from webapp.columns import BigId, Json, UTCDateTime
from webapp.extensions import Model


class Import(Model):
    """A recording that was read: the flows it would make, and the report about them."""

    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="SET NULL"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20))  # selenium-ide, chrome-recorder, lamplighter
    # The flows that it would make, sealed: recordings hold passwords in clear text.
    sealed: Mapped[str | None] = mapped_column(Text)  # None once it was decided
    report: Mapped[dict[str, Any]] = mapped_column(Json)  # shows no secret
    # Suites of the file: name, order, whether they keep one session. Suites themselves come later.
    groups: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    flow_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(10), default="open")  # open, done, dropped
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
