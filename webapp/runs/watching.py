"""Runs as streams show them: the same blocks that their page is made of, and short messages."""

from flask import Response, abort, request
from flask_login import current_user
from jinja2_fragments.flask import render_block
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.accounts.access import load
from webapp.extensions import db
from webapp.live.identity import listening_project
from webapp.live.listeners import Message
from webapp.live.stream import ToHtml, open_stream
from webapp.runs.log import current_line, is_live, line_of, live_lines, log_of
from webapp.runs.models import Run
from webapp.runs.show import show
from webapp.runs.states import LIVE, State

PAGE = "runs/show.html"


def stream_of_run(run_id: int) -> Response:
    """The events of one run of mine until it is over; 404 for a stranger's."""
    listening_project()
    run = load(Run, run_id)
    return open_stream(
        current_user.id,
        run.project_id,
        run_id=run.id,
        is_over=lambda: is_over(run_id),
        to_html=wanted_form(),
    )


def is_over(run_id: int) -> bool:
    state = db.session.scalar(select(Run.state).where(Run.id == run_id))
    return state is None or State(state) not in LIVE


def wanted_form() -> ToHtml | None:
    """`as=html` wants fragments; otherwise the envelopes themselves."""
    form = request.args.get("as", "json")
    if form not in {"json", "html"}:
        abort(400, f"“as” takes html or json, not “{form[:40]}”.")
    return html_of if form == "html" else None


def html_of(message: Message) -> str:
    """What the pages that are open show anew because of this event; a comment if nothing."""
    draw = _DRAWN.get(message.type)
    if draw is None or message.run_id is None:
        return f"<!-- {message.type} -->"
    wanted = (
        select(Run)
        .where(Run.id == message.run_id, Run.project_id == message.project_id)
        .options(joinedload(Run.flow), joinedload(Run.version))
    )
    run = db.session.scalars(wanted).one_or_none()
    if run is None:
        return f"<!-- {message.type}: the run is gone -->"
    return draw(run, message)


def _top(run: Run, _message: Message) -> str:
    return render_block(PAGE, "top", **show(run, log_of(run)))


def _began(run: Run, message: Message) -> str:
    return _top(run, message) + _steps(run) + _toast(run)


def _step(run: Run, message: Message) -> str:
    """The step of the event, the one that is on now, and the bar above them, as the rows are."""
    live = is_live(run)
    position = message.envelope["data"].get("position")
    current = current_line(run) if live else None
    told = None if position is None else line_of(run, position)
    lines = [line for line in (told, current) if line is not None]
    if told is not None and current is not None and told.html_id == current.html_id:
        lines = [current]
    drawn = "".join(render_block(PAGE, "step", run=run, line=line) for line in lines)
    return drawn + render_block(PAGE, "progress", run=run, is_live=live, current=current)


def _ended(run: Run, _message: Message) -> str:
    """The whole log: only now are the rounds of loops one below the other."""
    facts = show(run, log_of(run))
    return render_block(PAGE, "top", **facts) + render_block(PAGE, "steps", **facts) + _toast(run)


def _steps(run: Run) -> str:
    lines = live_lines(run)
    return "".join(render_block(PAGE, "step", run=run, line=line) for line in lines)


def _toast(run: Run) -> str:
    return render_block("runs/_toast.html", "toast", run=run)


_DRAWN = {
    "run.queued": _top,
    "test.started": _began,
    "test.progress": _step,
    "test.result": _step,
    "test.failed": _step,
    "test.completed": _ended,
    "run.cancelled": _ended,
}
