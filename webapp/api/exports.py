"""Exports and lint over the API: a flow in other formats, and what makes it weak."""

from typing import Literal

from flask import Response
from pydantic import BaseModel

from webapp.accounts.access import load
from webapp.api.answers import answer
from webapp.api.blueprint import bp
from webapp.api.operations import describe
from webapp.api.payload import Query, read_query
from webapp.exports.exporting import export_flow
from webapp.flows.linting import remarks_on
from webapp.flows.models import Flow


class ExportQuery(Query):
    format: Literal["yaml", "recorder", "selenium"] = "yaml"


class RemarkAnswer(BaseModel):
    rule: str
    severity: str
    message: str
    step_number: int | None
    step_uid: str | None


class LintAnswer(BaseModel):
    flow_id: int
    version: int
    remarks: list[RemarkAnswer]


@bp.get("/flows/<int:flow_id>/export")
@describe(
    tag="Flows",
    query=ExportQuery,
    answers={200: {}},
    by_media_type={
        "application/yaml": {
            "type": "object",
            "required": ["lamplighter", "name", "url", "steps"],
            "properties": {"lamplighter": {"const": 1}, "steps": {"type": "array"}},
        },
        "application/json": {
            "type": "object",
            "required": ["title", "steps"],
            "properties": {"title": {"type": "string"}, "steps": {"type": "array"}},
        },
        "text/x-python": {"type": "string"},
    },
)
def export(flow_id: int) -> Response:
    """Export a flow. As our own YAML, as a recording of Chrome's Recorder, or as a Selenium script.

    The values of secrets are in none of them.
    """
    made = export_flow(load(Flow, flow_id), read_query(ExportQuery).format)
    named = {"Content-Disposition": f'attachment; filename="{made.file_name}"'}
    return Response(made.text, mimetype=made.media_type, headers=named)


@bp.get("/flows/<int:flow_id>/lint")
@describe(tag="Flows", answers={200: LintAnswer})
def lint(flow_id: int) -> Response:
    """Read what makes a flow weak. Fixed waits, fragile locators and the like."""
    flow = load(Flow, flow_id)
    remarks = [
        RemarkAnswer(
            rule=one.rule,
            severity=one.severity,
            message=one.words,
            step_number=one.number,
            step_uid=one.uid,
        )
        for one in remarks_on(flow)
    ]
    return answer(LintAnswer(flow_id=flow.id, version=flow.version_number, remarks=remarks))
