"""Runs over the API: ask for one, follow it, list and synchronise them."""

from flask import Response, g, url_for

from webapp import clock
from webapp.accounts.access import current_project, load
from webapp.api import cursors
from webapp.api.answers import RunAnswer, RunPage, answer
from webapp.api.blueprint import bp
from webapp.api.bodies import Nothing, RunQuery
from webapp.api.operations import describe
from webapp.api.payload import read, read_query
from webapp.api.problems import conflict
from webapp.api.run_answers import run_answer, run_summaries
from webapp.api.sync import OVERLAP, changed_runs, states_of
from webapp.extensions import db
from webapp.flows.models import Flow
from webapp.runs.cancelling import cancel
from webapp.runs.models import Run
from webapp.runs.queries import Filters, page_of_runs
from webapp.runs.requesting import request_run
from webapp.runs.states import Trigger


@bp.post("/flows/<int:flow_id>/runs")
@describe(tag="Runs", body=Nothing, body_optional=True, answers={202: RunAnswer})
def run_now(flow_id: int) -> Response:
    """Run a flow now. The answer is the queued run, and Location says where to follow it."""
    flow = load(Flow, flow_id)
    read(Nothing, empty=True)
    return _queued(flow)


@bp.get("/runs")
@describe(tag="Runs", query=RunQuery, answers={200: RunPage})
def runs() -> Response:
    """List runs. The newest first or, with `updated_since`, the oldest change first.

    For synchronisation: begin with any instant, follow `next_cursor` to the end, keep each run by
    its id, and begin the next round with `next_updated_since`. Rounds overlap by 60 seconds, so
    some runs come again: a change that was on its way while a round was read is in the next one.
    """
    query = read_query(RunQuery)
    if query.updated_since is not None:
        return _changed(query)
    filters = Filters(
        flow_id=query.flow_id,
        states=states_of(query.state) if query.state else frozenset(),
        trigger=Trigger(query.trigger) if query.trigger else None,
        since=query.queued_from,
        until=query.queued_to,
    )
    began = clock.now()
    before = cursors.read(query.cursor, "runs", 1)[0] if query.cursor else None
    page = page_of_runs(current_project().id, filters, before=before, size=query.limit)
    more = None if page.older_than is None else cursors.write("runs", page.older_than)
    items = run_summaries(page.runs)
    body = RunPage(items=items, next_cursor=more, next_updated_since=began - OVERLAP)
    return answer(body)


@bp.get("/runs/<int:run_id>")
@describe(tag="Runs", answers={200: RunAnswer})
def run(run_id: int) -> Response:
    """Read a run. With what its steps did so far, and the URLs of their pictures."""
    return answer(run_answer(load(Run, run_id)))


@bp.post("/runs/<int:run_id>/cancel")
@describe(tag="Runs", body=Nothing, body_optional=True, answers={202: RunAnswer}, problems=(409,))
def cancel_run(run_id: int) -> Response:
    """Cancel a run. A queued one ends at once, one that plays within seconds.

    Answers 409 when it is over already.
    """
    run = load(Run, run_id)
    read(Nothing, empty=True)
    was_on = cancel(run, g.user.name)
    db.session.commit()
    if not was_on:
        raise conflict(
            "run-over",
            "The run is over already",
            f"Run {run_id} is {run.state}; only a run that is queued or on can be cancelled.",
            state=run.state,
        )
    return answer(run_answer(run), 202)


@bp.post("/runs/<int:run_id>/again")
@describe(tag="Runs", body=Nothing, body_optional=True, answers={202: RunAnswer})
def run_again(run_id: int) -> Response:
    """Run again. A new run of the same flow, as the flow is now."""
    flow = load(Run, run_id).flow
    read(Nothing, empty=True)
    return _queued(flow)


def _queued(flow: Flow) -> Response:
    run = request_run(flow, Trigger.API, requested_by=g.user.name)
    db.session.commit()
    return answer(run_answer(run), 202, location=url_for("api.run", run_id=run.id))


def _changed(query: RunQuery) -> Response:
    assert query.updated_since is not None
    page, more, begin_next = changed_runs(current_project().id, query.updated_since, query)
    body = RunPage(items=run_summaries(page), next_cursor=more, next_updated_since=begin_next)
    return answer(body)
