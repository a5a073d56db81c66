"""Forget contents that no artifact shows any more."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from webapp import clock
from webapp.artifacts.models import Artifact, Blob
from webapp.artifacts.store import store
from webapp.extensions import db

# A content may be about to be used, or still travel in a mail that is tried for a day.
GRACE = timedelta(hours=25)
BATCH = 100


def collect_blobs() -> int:
    """Contents without an artifact, once they are old; gives the number. Commits in batches."""
    cutoff = clock.now() - GRACE
    count = 0
    while gone := _collect(cutoff):
        count += gone
    return count


def _collect(cutoff: datetime) -> int:
    """The file goes before the commit: whoever keeps the same content now waits for our row.

    See keeping.keep, which makes sure of the file after it has the row.
    """
    unused = (Blob.touched_at < cutoff, ~exists().where(Artifact.sha256 == Blob.sha256))
    some = select(Blob.sha256).where(*unused).limit(BATCH)
    gone = db.session.scalars(
        delete(Blob).where(Blob.sha256.in_(some), *unused).returning(Blob.sha256),
        execution_options={"synchronize_session": False},
    ).all()
    for sha256 in gone:
        store().delete(sha256)
    db.session.commit()
    return len(gone)


def collect_files() -> int:
    """Files that no row knows, as a crash between file and commit leaves them."""
    count = 0
    for sha256 in store().kept_before(clock.now() - GRACE):
        known = db.session.scalar(select(Blob.sha256).where(Blob.sha256 == sha256))
        db.session.rollback()
        if known is None:
            store().delete(sha256)
            count += 1
    return count
