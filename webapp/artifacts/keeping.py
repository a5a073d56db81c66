"""Keep a file as an artifact: the content first, then the rows that own it."""

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
    """Store a content and add its rows to the session; the caller commits.

    The file is written before the transaction begins to matter: a file without a row is
    collected later, a row without a file would be a broken picture.
    """
    sha256 = store().put(content)
    blob = db.session.get(Blob, sha256)
    if blob is None:
        blob = Blob(sha256=sha256, size=len(content), media_type=media_type)
        db.session.merge(blob)
    else:
        blob.touched_at = clock.now()
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
