"""The files of a flow over the API."""

from typing import Any

from flask import Response, request, url_for
from pydantic import BaseModel, Field

from webapp.accounts.access import load
from webapp.api.answers import Instant, answer
from webapp.api.blueprint import bp
from webapp.api.operations import describe
from webapp.api.problems import FieldError, Problem, invalid
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.flows.files import LARGEST, FileRefused, file_named, files_of, keep_file
from webapp.flows.models import Flow, FlowFile

BINARY = {"type": "string", "format": "binary"}
OCTETS = "application/octet-stream"


class FlowFileAnswer(BaseModel):
    name: str = Field(description="What the content of an upload step says.")
    size: int = Field(description="In bytes.")
    sha256: str
    created_at: Instant


class FlowFileList(BaseModel):
    flow_id: int
    files: list[FlowFileAnswer]


@bp.url_value_preprocessor
def take_a_large_body(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the body."""
    if endpoint == "api.put_file":
        request.max_content_length = LARGEST


@bp.get("/flows/<int:flow_id>/files")
@describe(tag="Files", answers={200: FlowFileList})
def flow_files(flow_id: int) -> Response:
    """List the files of a flow. Its upload steps name them."""
    flow = load(Flow, flow_id)
    return answer(FlowFileList(flow_id=flow.id, files=[_answer(one) for one in files_of(flow)]))


@bp.get("/flows/<int:flow_id>/files/<file_name>")
@describe(tag="Files", answers={200: BINARY}, media_types=(OCTETS,), problems=(410,))
def flow_file(flow_id: int, file_name: str) -> Response:
    """Fetch a file of a flow."""
    file = _load(flow_id, file_name)
    try:
        content = store().get(file.sha256)
    except ContentMissing as error:
        raise Problem(410, "gone", "The file is not kept any more", str(error)) from error
    response = Response(content, mimetype=OCTETS)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(file.sha256)
    return response


@bp.put("/flows/<int:flow_id>/files/<file_name>")
@describe(
    tag="Files",
    body=BINARY,
    body_media_type=OCTETS,
    answers={200: FlowFileAnswer, 201: FlowFileAnswer},
)
def put_file(flow_id: int, file_name: str) -> Response:
    """Store a file with a flow. The body is its content, at most 20 MB.

    A file of this name is replaced. The files of a flow may have 100 MB together.
    """
    flow = load(Flow, flow_id)
    try:
        file, is_new = keep_file(flow, file_name, request.get_data())
    except FileRefused as error:
        raise invalid([FieldError("", str(error))]) from error
    db.session.commit()
    location = url_for("api.flow_file", flow_id=flow.id, file_name=file.name)
    return answer(_answer(file), 201 if is_new else 200, location=location if is_new else None)


@bp.delete("/flows/<int:flow_id>/files/<file_name>")
@describe(tag="Files", answers={204: None})
def delete_file(flow_id: int, file_name: str) -> Response:
    """Delete a file of a flow. Steps that upload it will fail."""
    db.session.delete(_load(flow_id, file_name))
    db.session.commit()
    return Response(status=204)


def _load(flow_id: int, file_name: str) -> FlowFile:
    file = file_named(load(Flow, flow_id), file_name)
    if file is None:
        raise Problem(
            404,
            "not-found",
            "Not Found",
            f"The flow has no file “{file_name[:80]}”; GET …/flows/{flow_id}/files lists those it "
            "has.",
        )
    return file


def _answer(file: FlowFile) -> FlowFileAnswer:
    return FlowFileAnswer(
        name=file.name, size=file.blob.size, sha256=file.sha256, created_at=file.created_at
    )
