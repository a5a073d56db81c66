"""Forget contents that nothing refers to any more: no artifact, no file of a flow."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from flask import current_app
from redis import Redis
from sqlalchemy import Column, delete, exists, select

from webapp import clock
from webapp.artifacts.keeping import new_blob
from webapp.artifacts.models import Blob
from webapp.artifacts.store import store
from webapp.extensions import Model, db, reading, writing

# A content may be about to be used, or still travel in a mail that is tried for a day.
GRACE = timedelta(hours=25)
BATCH = 100
PREFIXES = [f"{number:02x}" for number in range(256)]
PLACE = "artifacts:swept"  # how many parts of the store this round has looked through


def collect_blobs() -> int:
    """Contents that nothing refers to, once they are old; gives the number. Commits in batches."""
    cutoff = clock.now() - GRACE
    count = 0
    while gone := _collect(cutoff):
        count += gone
    return count


def _collect(cutoff: datetime) -> int:
    """The file goes before the commit: whoever keeps the same content now waits for our row.

    See keeping.keep, which makes sure of the file after it has the row.
    """
    unused = (Blob.touched_at < cutoff, *(~exists().where(one == Blob.sha256) for one in holders()))
    some = select(Blob.sha256).where(*unused).limit(BATCH)
    gone = db.session.scalars(
        delete(Blob).where(Blob.sha256.in_(some), *unused).returning(Blob.sha256),
        execution_options={"synchronize_session": False},
    ).all()
    for sha256 in gone:
        store().delete(sha256)
    db.session.commit()
    return len(gone)


def holders() -> list[Column[Any]]:
    """Every column that refers to a content, in whatever package its table is."""
    target = Blob.__table__.c.sha256
    columns = (column for table in Model.metadata.sorted_tables for column in table.columns)
    return [one for one in columns if any(key.column is target for key in one.foreign_keys)]


def collect_files() -> int:
    """Files that no row knows, as a crash between file and commit leaves them.

    Part by part; a sweep that was cut short is taken up where it ended, so that in a large store
    each part gets its turn.
    """
    redis: Redis = current_app.extensions["redis"]
    cutoff = clock.now() - GRACE
    begin = int(redis.get(PLACE) or 0) % len(PREFIXES)
    count = 0
    for number in [*range(begin, len(PREFIXES)), *range(begin)]:
        files = store().kept_before(cutoff, PREFIXES[number])
        while batch := list(islice(files, BATCH)):
            count += sum(_collect_file(sha256) for sha256 in unknown(batch))
        redis.set(PLACE, number + 1)
    return count


def unknown(batch: list[str]) -> list[str]:
    """Those of these contents which no row knows; nobody waits for the answer."""
    reading()
    rows = set(db.session.scalars(select(Blob.sha256).where(Blob.sha256.in_(batch))))
    writing()  # ends the look, and the files may go
    return [sha256 for sha256 in batch if sha256 not in rows]


def _collect_file(sha256: str) -> bool:
    """Under a row of our own, taken back at the end: who keeps the same content waits for it.

    The content may have got a row since we looked; then it stays.
    """
    row = new_blob().values(sha256=sha256, size=0, media_type="", touched_at=clock.now())
    ours = db.session.scalar(row.on_conflict_do_nothing().returning(Blob.sha256))
    if ours is not None:
        store().delete(sha256)
    db.session.rollback()
    return ours is not None
