"""What the editor can do with a proposal: accept it, reject it, take either back."""

import json

from flask import Blueprint, abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.access import load
from webapp.extensions import db
from webapp.flows import healing as healings
from webapp.flows.editing import StepsRefused
from webapp.flows.editor.answering import SHOW
from webapp.flows.editor.routes import FlowPage
from webapp.flows.healing import HealingRefused
from webapp.flows.models import Flow, Healing
from webapp.pages import render, wants_fragment

bp = Blueprint("healings", __name__, url_prefix="/<int:flow_id>/healings")


@bp.post("/<int:healing_id>/accept")
def accept(flow_id: int, healing_id: int) -> AnyResponse:
    flow, healing = load_of_flow(flow_id, healing_id)
    try:
        healings.accept(flow, current_user, healing)
    except (HealingRefused, StepsRefused) as error:
        return _refused(flow, str(error))
    return _done(flow, "Accepted: the candidate that found the element comes first now.")


@bp.post("/<int:healing_id>/reject")
def reject(flow_id: int, healing_id: int) -> AnyResponse:
    flow, healing = load_of_flow(flow_id, healing_id)
    try:
        healings.reject(flow, healing)
    except HealingRefused as error:
        return _refused(flow, str(error))
    return _done(flow, "Rejected: this order is not proposed again.")


@bp.post("/<int:healing_id>/undo")
def undo(flow_id: int, healing_id: int) -> AnyResponse:
    flow, healing = load_of_flow(flow_id, healing_id)
    try:
        healings.undo(flow, current_user, healing)
    except (HealingRefused, StepsRefused) as error:
        return _refused(flow, str(error))
    return _done(flow, "Undone: the candidates stand as before, and the proposal is open again.")


def load_of_flow(flow_id: int, healing_id: int) -> tuple[Flow, Healing]:
    """Both, or 404: also for a proposal that belongs to another flow."""
    flow, healing = load(Flow, flow_id), load(Healing, healing_id)
    if healing.flow_id != flow.id:
        abort(404)
    return flow, healing


def _done(flow: Flow, said: str) -> AnyResponse:
    db.session.commit()
    if wants_fragment():
        response = render(SHOW, fragment="editor", page=FlowPage(flow))
        response.headers["HX-Trigger"] = json.dumps({"announce": said})
        # The button that was pressed is gone.
        response.headers["HX-Trigger-After-Settle"] = json.dumps({"land": "healings-heading"})
        return response
    flash(said, "success")
    return redirect(url_for("flows.show", flow_id=flow.id, _anchor="healings"), code=303)


def _refused(flow: Flow, why: str) -> AnyResponse:
    db.session.rollback()
    page = FlowPage(flow, problem=why)
    return render(SHOW, fragment="editor", status=409, page=page)
