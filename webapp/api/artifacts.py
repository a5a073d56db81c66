"""Pictures and documents over the API, with the same credential as everything else."""

from flask import Response

from webapp.accounts.access import load
from webapp.api.blueprint import bp
from webapp.api.operations import describe
from webapp.api.problems import Problem
from webapp.artifacts.models import Artifact
from webapp.artifacts.store import ContentMissing, store


@bp.get("/artifacts/<int:artifact_id>")
@describe(
    tag="Artifacts",
    answers={200: {"type": "string", "format": "binary"}},
    media_types=("image/png", "application/pdf"),
    problems=(410,),
)
def artifact(artifact_id: int) -> Response:
    """Fetch a picture or a document. A run's steps name the pictures."""
    return file_answer(load(Artifact, artifact_id), "inline")


def file_answer(artifact: Artifact, disposition: str) -> Response:
    try:
        content = store().get(artifact.sha256)
    except ContentMissing as error:
        raise Problem(410, "gone", "The file is not kept any more", str(error)) from error
    response = Response(content, mimetype=artifact.blob.media_type)
    response.headers.set("Content-Disposition", disposition, filename=artifact.file_name)
    # The content of an artifact never changes; it is nobody else's, so shared caches stay out.
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(artifact.sha256)
    return response
