"""Pages of imports: take a file, show what it would become, make flows of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.access import current_project, load
from webapp.extensions import db
from webapp.flows.checking import StepsRefused
from webapp.flows.editing import TooManySteps
from webapp.flows.models import Flow
from webapp.flows.settings import SettingsInvalid
from webapp.imports.draft import Unreadable
from webapp.imports.importing import Choices, Decided, drop, make_flows, receive
from webapp.imports.models import Import
from webapp.imports.reading import LARGEST
from webapp.imports.report import counted

bp = Blueprint("imports", __name__, url_prefix="/imports")
MARGIN = 100_000  # of the form around the file, bytes


@bp.get("/new")
@login_required
def new() -> str:
    return render_template("imports/new.html", problem="")


@bp.post("/")
@login_required
def create() -> AnyResponse | tuple[str, int]:
    """Read the file; what is wrong with it is said on the same page."""
    request.max_content_length = LARGEST + MARGIN
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        return _refused(f"The file is larger than {LARGEST // 1_000_000} MB, the most that goes.")
    if file is None or not file.filename:
        return _refused("Choose the file to import.")
    try:
        row = receive(current_project(), current_user, file.filename, file.read())
    except Unreadable as error:
        db.session.rollback()
        return _refused(str(error))
    db.session.commit()
    return redirect(url_for("imports.show", import_id=row.id), 303)


@bp.get("/<int:import_id>")
def show(import_id: int) -> str:
    return _page(load(Import, import_id))


@bp.post("/<int:import_id>/make")
def make(import_id: int) -> AnyResponse | tuple[str, int]:
    """Make the flows as their owner chose."""
    row = load(Import, import_id)
    try:
        flows = make_flows(row, current_user, _choices(row))
    except Decided:
        flash("This import was decided already.", "info")
        return redirect(url_for("imports.show", import_id=row.id), 303)
    except SettingsInvalid as error:
        db.session.rollback()
        return _page(row, error.errors), 422
    except (TooManySteps, StepsRefused) as error:
        db.session.rollback()
        return _page(row, {"": str(error)}), 422
    db.session.commit()
    if len(flows) == 1:
        flash(f"Imported: {flows[0].name}. Run it once to see whether it plays.", "success")
        return redirect(url_for("flows.show", flow_id=flows[0].id), 303)
    return redirect(url_for("imports.show", import_id=row.id), 303)


@bp.post("/<int:import_id>/drop")
def forget(import_id: int) -> AnyResponse:
    row = load(Import, import_id)
    if row.state == "open":
        drop(row)
        db.session.commit()
    flash("Nothing was imported.", "info")
    return redirect(url_for("imports.new"), 303)


def _choices(row: Import) -> Choices:
    """What the form says; a box that is not there is not ticked."""
    flows = range(len(row.report["flows"]))
    return Choices(
        secrets=frozenset(request.form.getlist("secret")),
        suggestions=frozenset(request.form.getlist("suggestion")),
        urls={
            place: request.form[f"url-{place}"] for place in flows if f"url-{place}" in request.form
        },
        names={
            place: request.form[f"name-{place}"]
            for place in flows
            if f"name-{place}" in request.form
        },
        left_out=frozenset(place for place in flows if f"take-{place}" not in request.form),
    )


def _page(row: Import, errors: dict[str, str] | None = None) -> str:
    made: list[Flow] = []
    if row.flow_ids:
        wanted = db.select(Flow).where(Flow.id.in_(row.flow_ids), Flow.project_id == row.project_id)
        made = list(db.session.scalars(wanted.order_by(Flow.id)))
    facts: dict[str, Any] = {
        "row": row,
        "report": row.report,
        "counts": counted(row.report),
        "errors": errors or {},
        "typed": request.form,
        "made": made,
    }
    return render_template("imports/show.html", **facts)


def _refused(sentence: str) -> tuple[str, int]:
    return render_template("imports/new.html", problem=sentence), 422
