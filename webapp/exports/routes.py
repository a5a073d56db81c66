"""A flow as a file to keep, from its page."""

from flask import Blueprint, Response, abort, request

from webapp.accounts.access import load
from webapp.exports.exporting import FormatUnknown, export_flow
from webapp.flows.models import Flow

bp = Blueprint("exports", __name__, url_prefix="/flows")


@bp.get("/<int:flow_id>/export")
def download(flow_id: int) -> Response:
    """The newest version in a format, our own YAML unless another one is asked for."""
    flow = load(Flow, flow_id)
    try:
        made = export_flow(flow, request.args.get("format", "yaml"))
    except FormatUnknown as error:
        abort(404, str(error))
    response = Response(made.text, mimetype=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.file_name)
    return response
