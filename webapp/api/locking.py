"""Load what a request is about to change, and hold it against the version it was made from."""

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Response, request
from sqlalchemy import select

from webapp.accounts.access import load
from webapp.api.blueprint import bp
from webapp.api.problems import Problem, conflict, on_problem
from webapp.extensions import db
from webapp.flows.editing import Conflict, current_version
from webapp.flows.models import Flow, FlowVersion

T = TypeVar("T")
# RFC 9110: a list of entity tags, or a star. A weak tag is well-formed, and matches nothing.
ETAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
IF_MATCH = re.compile(rf"\*|(?:{ETAG})(?:[ \t]*,[ \t]*(?:{ETAG}))*")


def look_at(flow_id: int) -> FlowVersion:
    """What a change starts from; 400, 404 and 412 as load_to_change has them. Holds nothing.

    Reading and checking a body of hundreds of locators takes long: it is done before the flow is
    held, which on SQLite is the turn of every writer.
    """
    flow = load(Flow, flow_id)
    _expect_version(flow)
    version = current_version(flow)
    db.session.commit()
    return version


def decide(seen: FlowVersion, judge: Callable[[FlowVersion], T]) -> tuple[Flow, T]:
    """Work out what becomes of the version that was seen, then hold the flow.

    When somebody changed it in between, it is worked out again from what is there now.
    """
    decided = judge(seen)
    flow = load_to_change(seen.flow_id)
    if flow.version_number != seen.number:
        decided = judge(current_version(flow))
    return flow, decided


def load_to_change(flow_id: int) -> Flow:
    """The flow, kept still until the commit; 404 for a stranger's.

    412 when If-Match is another version's ETag, 400 when it is none at all.

    SQLite has one writer at a time anyway; on PostgreSQL two changes of a flow take turns here, so
    that a change without If-Match never loses against another one.
    """
    load(Flow, flow_id)
    held = (
        select(Flow)
        .where(Flow.id == flow_id)
        .with_for_update(key_share=True)  # who refers to the flow need not wait for its change
        .execution_options(populate_existing=True)
    )
    flow = db.session.scalars(held).one_or_none() or load(Flow, flow_id)
    _expect_version(flow)
    return flow


def _expect_version(flow: Flow) -> None:
    if "If-Match" not in request.headers:
        return
    _expect_etags(request.headers["If-Match"])
    if not request.if_match.contains(str(flow.version_number)):
        raise changed_meanwhile(flow)


def _expect_etags(given: str) -> None:
    if not IF_MATCH.fullmatch(given.strip()):
        raise Problem(
            400,
            "if-match-unreadable",
            "If-Match cannot be read",
            'Expected the ETag of a flow, such as “"3"” with its quotation marks, or *; '
            f"found {given.strip()[:80] or 'nothing'}.",
        )


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
