"""Pages of flows: the list, a new one, its settings, and what a flow can be told to do."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, cron
from webapp.accounts.access import current_project, find, load
from webapp.cron import CronInvalid, ZoneUnknown
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import Conflict, FlowUsed
from webapp.flows.editor.answering import SHOW
from webapp.flows.editor.form import StepForm, TypedLocator
from webapp.flows.editor.page import cron_words
from webapp.flows.editor.routes import FlowPage, deleted_step
from webapp.flows.editor.routes import bp as steps_bp
from webapp.flows.file_routes import bp as files_bp
from webapp.flows.forms import CRON_PRESETS, Clash, FlowForm, whole, zone_names
from webapp.flows.healing_routes import bp as healings_bp
from webapp.flows.listing import flows_page, history_words, is_overdue, was_deleted
from webapp.flows.models import Flow
from webapp.flows.sampling import create_sample
from webapp.flows.sharing import direct_users
from webapp.pages import render, wants_fragment
from webapp.runs.models import Run
from webapp.runs.recent import recent_runs
from webapp.runs.requesting import request_run
from webapp.runs.states import Trigger

bp = Blueprint("flows", __name__, url_prefix="/flows")
bp.register_blueprint(steps_bp)
bp.register_blueprint(files_bp)
bp.register_blueprint(healings_bp)
BARS = 20  # runs in the little history of the list
MOMENTS = 5
MOST_COUNTED = 10_000  # runs; counting a million takes longer than anybody looks


@bp.get("/")
def index() -> Response:
    # No database can be asked for a NUL, and no flow has one.
    query = request.args.get("q", "").replace("\0", "")[:200].strip()
    page = max(1, whole(request.args.get("page")))
    project = current_project()
    flows, more = flows_page(project.id, query, page)
    return render(
        "flows/index.html",
        fragment="list",
        flows=flows,
        more=more,
        page=page,
        query=query,
        has_flows=bool(flows or query or page > 1),
        recent=recent_runs([flow.id for flow in flows], BARS),
        here=url_for("flows.index", q=query or None, page=page if page > 1 else None),
        cron_words=cron_words,
        history_words=history_words,
        is_overdue=is_overdue,
    )


@bp.get("/new")
def new() -> str:
    current_project()
    return _form_page("flows/new.html", FlowForm.blank(current_user.time_zone))


@bp.post("/")
def create() -> AnyResponse:
    project = current_project()
    form = FlowForm.typed(request.form)
    settings = form.parse()
    if settings is None:
        return _again("flows/new.html", form)
    flow = editing.create_flow(project, current_user, **settings)
    db.session.commit()
    said = Markup("“<bdi>{}</bdi>” is made. Add its steps, then run it.")
    flash(said.format(flow.name), "success")
    return redirect(url_for("flows.show", flow_id=flow.id), code=303)


@bp.post("/sample")
def add_sample() -> AnyResponse:
    flow = create_sample(current_project(), current_user)
    db.session.commit()
    flash("The sample flow is here. Run it to see your first green run.", "success")
    return redirect(url_for("flows.show", flow_id=flow.id), code=303)


@bp.get("/<int:flow_id>")
def show(flow_id: int) -> Response:
    """The editor; `edit` and `new` in the address open the form of a step."""
    flow = load(Flow, flow_id)
    page = FlowPage(flow, menu=request.args.get("menu", ""))
    if uid := request.args.get("edit"):
        step = next((one for one in closed_steps(page.version) if one.uid == uid), None)
        if step is None:
            page.problem = "That step is not in the flow any more; it was deleted meanwhile."
        else:
            page.form = StepForm.of(flow.id, page.version.number, step)
    elif action := request.args.get("new"):
        at = {"after": request.args.get("after"), "into": request.args.get("into")}
        page.form = StepForm.blank(flow.id, page.version.number, action, **at)
    elif "pick" in request.args:
        page.pick_after, page.pick_into = request.args.get("after"), request.args.get("into")
        page.is_picking = True
    elif uid := request.args.get("deleted"):
        page.deleted = deleted_step(flow, uid, whole(request.args.get("from")))
    return render(SHOW, fragment="editor", page=page)


@bp.get("/<int:flow_id>/recent-runs")
def recent(flow_id: int) -> Response:
    return render(SHOW, fragment="recent_runs", page=FlowPage(load(Flow, flow_id)))


@bp.get("/<int:flow_id>/hints")
def hints(flow_id: int) -> Response:
    """What makes the flow weak; the editor asks again after each change."""
    return render(SHOW, fragment="hints", page=FlowPage(load(Flow, flow_id)))


@bp.get("/<int:flow_id>/settings")
def settings(flow_id: int) -> str:
    flow = load(Flow, flow_id)
    return _form_page("flows/settings.html", FlowForm.of(flow), flow=flow)


@bp.post("/<int:flow_id>/settings")
def save_settings(flow_id: int) -> AnyResponse:
    flow = load(Flow, flow_id)
    form = FlowForm.typed(request.form)
    changes = form.parse()
    if changes is None:
        return _again("flows/settings.html", form, flow=flow)
    try:
        editing.save(flow, current_user, expected=form.version, **changes)
        db.session.commit()
    except Conflict:
        db.session.rollback()
        newest = editing.current_version(flow)
        form.clash, form.version = Clash(newest), newest.number
        return _again("flows/settings.html", form, status=409, flow=flow)
    flash("Settings saved.", "success")
    return redirect(url_for("flows.show", flow_id=flow.id), code=303)


@bp.post("/<int:flow_id>/activate")
def activate(flow_id: int) -> AnyResponse:
    flow = load(Flow, flow_id)
    editing.activate(flow)
    db.session.commit()
    if not wants_fragment():
        if flow.cron:
            flash("Active: it runs by itself now, and you get a mail when it breaks.", "success")
        else:
            flash("Active, but without a schedule: add one in the settings.", "warning")
    return _back(flow)


@bp.post("/<int:flow_id>/pause")
def pause(flow_id: int) -> AnyResponse:
    flow = load(Flow, flow_id)
    editing.pause(flow)
    db.session.commit()
    if not wants_fragment():
        flash("Paused: nothing runs by itself until you activate it again.", "success")
    return _back(flow)


@bp.post("/<int:flow_id>/run")
def run_now(flow_id: int) -> AnyResponse:
    flow = load(Flow, flow_id)
    run = request_run(flow, Trigger.MANUAL, requested_by=current_user.name)
    db.session.commit()
    return redirect(url_for("runs.show", run_id=run.id), code=303)


@bp.post("/<int:flow_id>/duplicate")
def duplicate(flow_id: int) -> AnyResponse:
    copy = editing.duplicate_flow(load(Flow, flow_id), current_user)
    db.session.commit()
    flash("This is the copy. It is paused until you activate it.", "success")
    return redirect(url_for("flows.show", flow_id=copy.id), code=303)


@bp.get("/<int:flow_id>/delete")
def confirm_delete(flow_id: int) -> Response:
    """What is lost with the flow: a page of its own, or the dialog over the editor."""
    flow = load(Flow, flow_id)
    some = select(Run.id).where(Run.flow_id == flow.id).limit(MOST_COUNTED + 1)
    count = db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return render(
        "flows/delete.html",
        fragment="dialog",
        flow=flow,
        users=direct_users(flow),
        run_count=min(count, MOST_COUNTED),
        has_more_runs=count > MOST_COUNTED,
    )


@bp.post("/<int:flow_id>/delete")
def delete(flow_id: int) -> AnyResponse:
    flow = find(Flow, flow_id)
    if flow is None and was_deleted(current_project().id, flow_id):
        flash("That flow is gone already; somebody deleted it before.", "warning")
        return redirect(url_for("flows.index"), code=303)
    flow = load(Flow, flow_id)
    name = flow.name
    try:
        editing.delete_flow(flow)
        db.session.commit()
    except FlowUsed as error:
        db.session.rollback()
        flash(str(error), "warning")
        return redirect(url_for("flows.show", flow_id=flow_id), code=303)
    said = Markup("“<bdi>{}</bdi>” is deleted, with its runs and pictures.")
    flash(said.format(name), "success")
    return redirect(url_for("flows.index"), code=303)


@bp.get("/check-schedule")
def check_schedule() -> str:
    """What a schedule means, or at which character it is wrong; asked as it is typed."""
    current_project()
    expression = request.args.get("cron", "")[:400].strip()
    zone, moments, mistake, pointer = ZoneInfo("UTC"), list[datetime](), "", ""
    try:
        zone = cron.zone(request.args.get("time_zone", "UTC").strip())
        if expression:
            moments = cron.next_moments(expression, zone.key, clock.now(), count=MOMENTS)
    except CronInvalid as error:
        mistake, pointer = error.message, " " * (error.position - 1) + "^"
    except (ZoneUnknown, OverflowError) as error:
        mistake = str(error)
    return render_template(
        "flows/_schedule_preview.html",
        cron=expression,
        words="" if mistake or not expression else cron_words(expression),
        zone=zone,
        moments=moments,
        mistake=mistake,
        pointer=pointer,
    )


@bp.get("/check-locator")
def check_locator() -> str:
    """Whether a browser could read this locator; asked as it is typed."""
    current_project()
    typed = TypedLocator(request.args.get("by", "css"), request.args.get("locator", "")[:4000])
    return render_template("flows/_locator_check.html", locator=typed)


def _form_page(template: str, form: FlowForm, **context: Any) -> str:
    return render_template(template, form=form, presets=CRON_PRESETS, zones=zone_names(), **context)


def _again(template: str, form: FlowForm, status: int = 422, **context: Any) -> Response:
    """The page with what was typed, and a sentence at each field that is wrong."""
    response: Response = current_app.make_response(_form_page(template, form, **context))
    response.status_code = status
    return response


def _back(flow: Flow) -> AnyResponse:
    """To where the button was: the list says so in a field, the editor does not."""
    wanted = request.form.get("next", "")
    to = wanted if wanted.startswith("/flows/") else url_for("flows.show", flow_id=flow.id)
    return redirect(to, code=303)
