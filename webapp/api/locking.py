"""Load what a request is about to change, and hold it against the version it was made from."""

from flask import Response, request
from sqlalchemy import select

from webapp.accounts.access import load
from webapp.api.blueprint import bp
from webapp.api.problems import Problem, conflict, on_problem
from webapp.extensions import db
from webapp.flows.editing import Conflict
from webapp.flows.models import Flow


def load_to_change(flow_id: int) -> Flow:
    """The flow, kept still until the commit; 404 for a stranger's, 412 when If-Match is older.

    SQLite has one writer at a time anyway; on PostgreSQL two changes of a flow take turns here, so
    that a change without If-Match never loses against another one.
    """
    load(Flow, flow_id)
    held = (
        select(Flow)
        .where(Flow.id == flow_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    flow = db.session.scalars(held).one_or_none() or load(Flow, flow_id)
    if "If-Match" in request.headers and not request.if_match.contains(str(flow.version_number)):
        raise changed_meanwhile(flow)
    return flow


def changed_meanwhile(flow: Flow) -> Problem:
    return Problem(
        412,
        "changed-meanwhile",
        "The flow was changed meanwhile",
        f"If-Match says {request.headers['If-Match'][:80]}, but the flow is at version "
        f"“{flow.version_number}” now. Read it again, and make your change to that.",
        version=flow.version_number,
    )


@bp.errorhandler(Conflict)
def on_lost_race(lost: Conflict) -> Response:
    """Only for who did not hold the flow: whoever does never loses."""
    return on_problem(conflict("changed-meanwhile", "The flow was changed meanwhile", str(lost)))
