"""The list of all runs, the page of one, and what can be done to it."""

import re

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as Answer

from webapp.accounts.access import current_project, load
from webapp.extensions import db
from webapp.pages import render, wants_fragment
from webapp.runs import queries, watching
from webapp.runs.cancelling import cancel as cancel_run
from webapp.runs.lines import Log
from webapp.runs.log import items_between, log_of
from webapp.runs.models import Run
from webapp.runs.requesting import request_run
from webapp.runs.show import TRIGGERS
from webapp.runs.show import show as facts_of
from webapp.runs.states import State, Trigger
from webapp.wording import readers_zone

FILTERS = ("flow", "state", "trigger", "when", "from", "to")
KNOWN = frozenset({*FILTERS, "before", "after"})

bp = Blueprint("runs", __name__, url_prefix="/runs")


def whole_number(name: str) -> int | None:
    """An id in the address; 400 with a sentence for anything else than a whole number."""
    value = request.args.get(name)
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,40}", value):
        abort(400, f"“{name}” takes a whole number, such as 812; found “{value[:40]}”.")
    return int(value)


@bp.get("/")
@login_required
def index() -> Response:
    project = current_project()
    unknown = sorted(set(request.args) - KNOWN)
    if unknown:
        known = ", ".join(sorted(KNOWN))
        abort(400, f"The list of runs knows no “{unknown[0][:40]}”. It knows: {known}.")
    page, errors, filters = queries.Page(), {}, queries.Filters()
    try:
        filters = queries.read_filters(request.args, readers_zone())
        before, after = whole_number("before"), whole_number("after")
        page = queries.page_of_runs(project.id, filters, before=before, after=after)
    except queries.FiltersInvalid as invalid:
        errors = invalid.errors
    return render(
        "runs/index.html",
        fragment="table",
        status=422 if errors else 200,
        page=page,
        errors=errors,
        filters=filters,
        flows=queries.flow_choices(project.id, filters.flow_id),
        has_any=bool(page.runs) or queries.has_runs(project.id),
        state_choices=[(state.value, state.capitalize().replace("_", " ")) for state in State],
        triggers=TRIGGERS,
        trigger_choices=[(name, words) for name, (_icon, words) in TRIGGERS.items()],
        span_choices=list(queries.SPANS.items()),
        kept=_filters_in_address(),
    )


def _filters_in_address() -> dict[str, str]:
    """The filters that are set, for links to the pages beside this one."""
    return {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}


@bp.get("/<int:run_id>")
@login_required
def show(run_id: int) -> Response:
    """`?from=12&to=400` opens a fold of the log: for htmx its lines alone."""
    run = load(Run, run_id)
    first, last = whole_number("from"), whole_number("to")
    if first is None or last is None:
        return render("runs/show.html", fragment="run", **facts_of(run, log_of(run)))
    if wants_fragment():
        log = Log(items_between(run, first, last), steps=0, played=0, times=0)
        return render("runs/show.html", fragment="lines", run=run, log=log)
    return render("runs/show.html", fragment="run", **facts_of(run, log_of(run, (first, last))))


@bp.get("/<int:run_id>/events")
def events(run_id: int) -> Response:
    return watching.stream_of_run(run_id)


@bp.post("/<int:run_id>/cancel")
@login_required
def cancel(run_id: int) -> Answer:
    run = load(Run, run_id)
    was_asked = cancel_run(run, current_user.name)
    db.session.commit()
    if not was_asked:
        flash("The run was over already, so there was nothing to cancel.", "info")
    return redirect(url_for("runs.show", run_id=run_id), code=303)


@bp.post("/<int:run_id>/again")
@login_required
def again(run_id: int) -> Answer:
    """A run of the flow as it is now: what the old run played may be mended meanwhile."""
    old = load(Run, run_id)
    run = request_run(old.flow, Trigger.MANUAL, requested_by=current_user.name)
    db.session.commit()
    if old.version_id != run.version_id:
        flash(
            f"This run plays version {run.version.number} of the flow; "
            f"the one before played version {old.version.number}.",
            "info",
        )
    return redirect(url_for("runs.show", run_id=run.id), code=303)
