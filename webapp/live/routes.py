"""The stream of everything of mine, and the cursor that every page starts from."""

from flask import Blueprint, Response, abort, g, request, session
from flask_login import current_user

from webapp.live.cursors import cursor_now
from webapp.live.identity import listening_project
from webapp.live.stream import open_stream
from webapp.runs import watching

bp = Blueprint("live", __name__)


@bp.get("/events")
def events() -> Response:
    """All events of my project, or of one run of mine."""
    project = listening_project()
    if "suite_run" in request.args:
        abort(404)  # there are no suites yet, so nobody owns one
    if "run" in request.args:
        return watching.stream_of_run(request.args.get("run", 0, type=int))
    return open_stream(current_user.id, project.id, to_html=watching.wanted_form())


@bp.before_app_request
def remember_cursor() -> None:
    """A page's cursor is read before its own query: what happens in between is replayed then."""
    accepted = request.accept_mimetypes
    is_page = request.method == "GET" and (not accepted or accepted.accept_html)
    if is_page and session.get("_user_id") and not _is_for_programs():
        g.live_cursor = cursor_now()


@bp.app_context_processor
def show_cursor() -> dict[str, str | None]:
    return {"live_cursor": g.get("live_cursor")}


def _is_for_programs() -> bool:
    return request.endpoint == "static" or request.path.startswith(
        ("/api/", "/events", "/artifacts/")
    )
