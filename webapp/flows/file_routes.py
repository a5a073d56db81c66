"""Pages of a flow's files: add or replace, fetch, delete."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.access import load
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.flows.files import LARGEST, MOST_BYTES, FileRefused, keep_file, megabytes
from webapp.flows.models import Flow, FlowFile

bp = Blueprint("files", __name__, url_prefix="/<int:flow_id>/files")
MARGIN = 100_000  # of the form around the files, bytes


@bp.url_value_preprocessor
def take_large_forms(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form: the check of its token does so first of all."""
    request.max_content_length = MOST_BYTES + MARGIN


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> AnyResponse:
    flash(f"That was more than the {megabytes(MOST_BYTES)} that a flow may keep.", "danger")
    return _back((request.view_args or {})["flow_id"])


@bp.post("")
def add(flow_id: int) -> AnyResponse:
    """Keep the files of a form; one of a name that is there replaces it."""
    flow = load(Flow, flow_id)
    given = [one for one in request.files.getlist("file") if one.filename]
    if not given:
        flash("Choose the files to add.", "warning")
        return _back(flow.id)
    done = []
    try:
        for one in given:
            name = (one.filename or "").rpartition("/")[2]
            file, _ = keep_file(flow, name, one.stream.read(LARGEST + 1))
            done.append(f"“{file.name}”")
    except FileRefused as error:
        db.session.rollback()
        flash(f"Nothing was added. {error}", "danger")
        return _back(flow_id)
    db.session.commit()
    flash(f"Stored with the flow: {', '.join(done)}.", "success")
    return _back(flow.id)


@bp.get("/<int:file_id>")
def show(flow_id: int, file_id: int) -> Response:
    """The file, to be saved: whatever it claims to be, no browser shows it as a page of ours."""
    return download(_file(flow_id, file_id))


@bp.post("/<int:file_id>/delete")
def delete(flow_id: int, file_id: int) -> AnyResponse:
    file = _file(flow_id, file_id)
    name = file.name
    db.session.delete(file)
    db.session.commit()
    flash(f"“{name}” is deleted. Steps that upload it will fail.", "success")
    return _back(flow_id)


def download(file: FlowFile) -> Response:
    """The content of a file, for its owner."""
    try:
        content = store().get(file.sha256)
    except ContentMissing:
        abort(404, "The content of this file is lost. Add the file again.")
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(file.sha256)
    return response


def _file(flow_id: int, file_id: int) -> FlowFile:
    """404 unless it is a file of that flow, and the flow one's own."""
    flow, file = load(Flow, flow_id), load(FlowFile, file_id)
    if file.flow_id != flow.id:
        abort(404)
    return file


def _back(flow_id: int) -> AnyResponse:
    return redirect(url_for("flows.show", flow_id=flow_id, _anchor="files"), code=303)
