"""Flows over the API."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g, url_for
from sqlalchemy import select

from webapp import cron
from webapp.accounts.access import current_project, load
from webapp.api import cursors
from webapp.api.answers import FlowAnswer, FlowPage, answer
from webapp.api.blueprint import bp
from webapp.api.bodies import FlowChange, FlowNew, FlowQuery, Nothing
from webapp.api.locking import load_to_change, look_at
from webapp.api.operations import describe
from webapp.api.payload import read, read_query
from webapp.api.problems import FieldError, conflict, invalid
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.editing import FlowUsed
from webapp.flows.models import Flow
from webapp.flows.settings import SettingsInvalid, parse_settings


@bp.get("/flows")
@describe(tag="Flows", query=FlowQuery, answers={200: FlowPage})
def flows() -> Response:
    """List your flows. In the order in which they were made, a page at a time."""
    query = read_query(FlowQuery)
    rows = select(Flow).where(Flow.project_id == current_project().id)
    if query.name:
        rows = rows.where(Flow.name.icontains(query.name, autoescape=True))
    if query.active is not None:
        rows = rows.where(Flow.is_active == query.active)
    if query.cursor:
        rows = rows.where(Flow.id > cursors.read(query.cursor, "flows", 1)[0])
    found = db.session.scalars(rows.order_by(Flow.id).limit(query.limit + 1)).all()
    page = found[: query.limit]
    more = cursors.write("flows", page[-1].id) if len(found) > len(page) else None
    return answer(FlowPage(items=[flow_answer(flow) for flow in page], next_cursor=more))


@bp.post("/flows")
@describe(tag="Flows", body=FlowNew, answers={201: FlowAnswer}, has_version=True)
def create_flow() -> Response:
    """Create a flow. It has no steps yet, and is paused unless `active` is true."""
    values = read(FlowNew).model_dump()
    is_active = values.pop("active")
    flow = editing.create_flow(current_project(), g.user, **checked_settings(values))
    if is_active:
        editing.activate(flow)
    db.session.commit()
    return _answer(flow, 201)


@bp.get("/flows/<int:flow_id>")
@describe(tag="Flows", answers={200: FlowAnswer}, has_version=True)
def flow(flow_id: int) -> Response:
    """Read a flow. Its steps have an address of their own."""
    return _answer(load(Flow, flow_id))


@bp.patch("/flows/<int:flow_id>")
@describe(
    tag="Flows", body=FlowChange, answers={200: FlowAnswer}, has_version=True, honours_if_match=True
)
def change_flow(flow_id: int) -> Response:
    """Change a flow. What is not given stays; `{"active": true}` lets the clock play it."""
    look_at(flow_id)
    values = read(FlowChange).model_dump(exclude_unset=True)
    is_active = values.pop("active", None)
    wanted = checked_settings(values, partial=True)
    flow = load_to_change(flow_id)
    changes = {name: value for name, value in wanted.items() if getattr(flow, name) != value}
    if changes:
        editing.save(flow, g.user, expected=flow.version_number, **changes)
    if is_active is not None:
        (editing.activate if is_active else editing.pause)(flow)
    db.session.commit()
    return _answer(flow)


@bp.delete("/flows/<int:flow_id>")
@describe(
    tag="Flows", answers={204: None}, problems=(409,), has_version=True, honours_if_match=True
)
def delete_flow(flow_id: int) -> Response:
    """Delete a flow. Its versions, runs and pictures go with it; there is no way back.

    409 while other flows hold it as a shared step; `used_by` has their ids.
    """
    try:
        editing.delete_flow(load_to_change(flow_id))
    except FlowUsed as used:
        ids = [user.id for user in used.users]
        title = "The flow is a part of others"
        raise conflict("flow-used", title, str(used), used_by=ids) from used
    db.session.commit()
    return Response(status=204)


@bp.post("/flows/<int:flow_id>/duplicate")
@describe(
    tag="Flows", body=Nothing, body_optional=True, answers={201: FlowAnswer}, has_version=True
)
def duplicate_flow(flow_id: int) -> Response:
    """Duplicate a flow. The copy has the same steps, secret values included, and is paused."""
    original = load(Flow, flow_id)
    read(Nothing, empty=True)
    copy = editing.duplicate_flow(original, g.user)
    db.session.commit()
    return _answer(copy, 201)


def checked_settings(values: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """The settings as a flow keeps them; `scheduling` is what the flow calls `cron`."""
    kept = {"cron" if name == "scheduling" else name: value for name, value in values.items()}
    try:
        return parse_settings(kept, partial=partial)
    except SettingsInvalid as error:
        raise invalid(
            [
                FieldError("scheduling" if field == "cron" else field, sentence)
                for field, sentence in error.errors.items()
            ]
        ) from error


def flow_answer(flow: Flow) -> FlowAnswer:
    return FlowAnswer(
        id=flow.id,
        name=flow.name,
        url=flow.url,
        browser=flow.browser,
        scheduling=flow.cron,
        scheduling_in_words=cron.in_words(flow.cron) if flow.cron else None,
        time_zone=flow.time_zone,
        step_timeout_seconds=flow.step_timeout_seconds,
        run_timeout_seconds=flow.run_timeout_seconds,
        active=flow.is_active,
        next_at=flow.next_at,
        version=flow.version_number,
        created_at=flow.created_at,
        updated_at=flow.updated_at,
    )


def _answer(flow: Flow, status: int = 200) -> Response:
    location = url_for("api.flow", flow_id=flow.id) if status == 201 else None
    return answer(flow_answer(flow), status, location=location, version=flow.version_number)
