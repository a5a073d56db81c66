"""Keep a file as an artifact: the content first, then the rows that own it."""

from sqlalchemy.dialects import postgresql, sqlite

from webapp import clock
from webapp.artifacts.models import Artifact, Blob
from webapp.artifacts.store import store
from webapp.extensions import db


def keep(
    content: bytes,
    *,
    project_id: int,
    run_id: int | None,
    kind: str,
    media_type: str,
    file_name: str,
    captured_by: str | None = None,
) -> Artifact:
    """Store a content and add its rows to the session; the caller commits."""
    sha256 = keep_content(content, media_type)
    artifact = Artifact(
        project_id=project_id,
        run_id=run_id,
        kind=kind,
        sha256=sha256,
        captured_by=captured_by,
        file_name=file_name,
    )
    db.session.add(artifact)
    return artifact


def keep_content(content: bytes, media_type: str) -> str:
    """Store a content and its row, for a row that refers to it; the caller commits.

    The file is written before the transaction begins to matter: a file without a row is
    collected later, a row without a file would be a broken picture. It is made sure of once more
    under the lock of the row, for the collector may have been at it in between.
    """
    sha256 = store().put(content)
    _touch(sha256, len(content), media_type)
    store().put(content)
    return sha256


def _touch(sha256: str, size: int, media_type: str) -> None:
    """The content's row, new or fresh: two workers may keep the same picture at the same time."""
    row, at = new_blob(), clock.now()
    row = row.values(sha256=sha256, size=size, media_type=media_type, touched_at=at)
    db.session.execute(
        row.on_conflict_do_update(index_elements=[Blob.sha256], set_={"touched_at": at})
    )


def new_blob() -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens when the content has its row already."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    return postgresql.insert(Blob) if is_postgresql else sqlite.insert(Blob)
