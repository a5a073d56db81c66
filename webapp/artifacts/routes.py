"""Pictures and other files of runs, for their owner alone."""

from flask import Blueprint, Response, abort, request
from flask_login import login_required

from webapp.accounts.access import load
from webapp.artifacts import thumbnails
from webapp.artifacts.models import Artifact
from webapp.artifacts.store import ContentMissing, store

bp = Blueprint("artifacts", __name__)

# What a browser may show by itself. Everything else, whatever it claims to be, is downloaded.
SHOWN = {"image/png", "image/jpeg", "image/webp", "image/gif"}
# Even if a browser took the file for a page: it runs nothing, loads nothing, and is nobody's.
POLICY = "default-src 'none'; sandbox"


@bp.get("/artifacts/<int:artifact_id>")
@login_required
def show(artifact_id: int) -> Response:
    """The file; `?width=320` gives a picture's thumbnail."""
    artifact = load(Artifact, artifact_id)
    is_picture = artifact.blob.media_type in SHOWN
    is_small = is_picture and request.args.get("width") == str(thumbnails.WIDTH)
    response = Response(mimetype=thumbnails.MEDIA_TYPE if is_small else artifact.blob.media_type)
    response.set_etag(artifact.sha256 + ("-small" if is_small else ""))
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = POLICY
    disposition = "inline" if is_picture else "attachment"
    response.headers.set("Content-Disposition", disposition, filename=artifact.file_name)
    if not request.if_none_match.contains(response.get_etag()[0] or ""):
        response.set_data(_content(artifact.sha256, is_small))
    response.make_conditional(request)
    return response


def _content(sha256: str, is_small: bool) -> bytes:
    try:
        return thumbnails.thumbnail(sha256) if is_small else store().get(sha256)
    except ContentMissing:
        abort(404, "This file is not kept any more: old pictures and reports are deleted in time.")
    except OSError:
        abort(404, "This file says that it is a picture, but it cannot be read as one.")
