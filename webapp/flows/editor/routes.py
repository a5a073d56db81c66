"""The editor of a flow's steps: every change is a new version, answered with the list."""

from collections.abc import Callable
from functools import cached_property
from uuid import uuid4

from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts.access import load
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import StepValues, closed_steps
from webapp.flows.editing import CannotMove, Conflict, StepGone, StepsRefused, TooManySteps
from webapp.flows.editor.answering import SHOW, answer, form_alone, private
from webapp.flows.editor.form import StepForm
from webapp.flows.editor.page import Deleted, EditorPage, Row
from webapp.flows.forms import Clash, whole
from webapp.flows.healing import Proposal, proposals
from webapp.flows.models import Flow, FlowVersion
from webapp.flows.ordering import family, place_of
from webapp.flows.sampling import shop_switches
from webapp.pages import render
from webapp.runs.recent import Glimpse, recent_runs

bp = Blueprint("steps", __name__, url_prefix="/<int:flow_id>/steps")
RECENT = 10
# What a step has that its form does not show, and that saving the form must not lose.
NOT_IN_THE_FORM = ("enabled", "branch")
GONE = "This step was deleted meanwhile. Saving adds it at the end."


class FlowPage(EditorPage):
    """The editor, and beside it what the runs tell."""

    @cached_property
    def runs(self) -> list[Glimpse]:
        return recent_runs([self.flow.id], RECENT)[self.flow.id]

    @cached_property
    def healings(self) -> list[Proposal]:
        return proposals(self.flow)

    @property
    def shop_switches(self) -> str | None:
        return shop_switches(self.flow)


@bp.post("")
def create(flow_id: int) -> AnyResponse:
    flow = load(Flow, flow_id)
    form = StepForm.read(flow.id, request.form)
    form.uid = None
    values = form.parse()
    if values is None:
        return _form_again(flow, form)

    def insert(expected: int) -> FlowVersion:
        return editing.insert_step(
            flow, current_user, values, expected=expected, after=form.after, into=form.into
        )

    return _save_form(flow, form, insert, values["uid"])


@bp.post("/<uid>")
def update(flow_id: int, uid: str) -> AnyResponse:
    flow = load(Flow, flow_id)
    form = StepForm.read(flow.id, request.form)
    form.uid = uid
    stored = _stored(flow, form.version, uid)
    form.number = stored["number"] if stored else None
    form.has_secret = bool(stored and stored.get("sealed"))
    values = form.parse(stored["sealed"] if stored else None)
    if values is None:
        return _form_again(flow, form)
    if stored:
        values |= {name: stored[name] for name in NOT_IN_THE_FORM}
    return _save_form(
        flow,
        form,
        lambda expected: editing.update_step(flow, current_user, uid, values, expected=expected),
        uid,
    )


@bp.post("/redraw")
def redraw(flow_id: int) -> Response:
    """The form for another action, or with a locator more or less; saves nothing."""
    flow = load(Flow, flow_id)
    form = StepForm.read(flow.id, request.form)
    if form.uid and (stored := _stored(flow, form.version, form.uid)):
        form.number, form.has_secret = stored["number"], bool(stored.get("sealed"))
    form.rearrange()
    return _form_again(flow, form, status=200)


@bp.post("/<uid>/move")
def move(flow_id: int, uid: str) -> AnyResponse:
    """To a place in a block (none is the flow), counted from 0, as after a drag."""
    index, parent = whole(request.form.get("index")), request.form.get("parent") or None

    def put(flow: Flow, expected: int) -> FlowVersion:
        return editing.move_step(flow, current_user, uid, parent, index, expected=expected)

    return _command(flow_id, put, lambda page: _place(page, uid))


@bp.post("/<uid>/up")
def up(flow_id: int, uid: str) -> AnyResponse:
    return _shift(flow_id, uid, -1)


@bp.post("/<uid>/down")
def down(flow_id: int, uid: str) -> AnyResponse:
    return _shift(flow_id, uid, 1)


@bp.post("/<uid>/duplicate")
def duplicate(flow_id: int, uid: str) -> AnyResponse:
    new_uid = uuid4().hex

    def copy(flow: Flow, expected: int) -> FlowVersion:
        return editing.duplicate_step(flow, current_user, uid, new_uid, expected=expected)

    def land(page: FlowPage) -> None:
        page.land_on = f"edit-{new_uid}"

    return _command(
        flow_id, copy, lambda page: f"Duplicated as step {_row(page, new_uid).number}.", land
    )


@bp.post("/<uid>/switch-on")
def switch_on(flow_id: int, uid: str) -> AnyResponse:
    return _switch(flow_id, uid, True)


@bp.post("/<uid>/switch-off")
def switch_off(flow_id: int, uid: str) -> AnyResponse:
    return _switch(flow_id, uid, False)


@bp.post("/<uid>/delete")
def delete(flow_id: int, uid: str) -> AnyResponse:
    source = whole(request.form.get("version"))

    def remove(flow: Flow, expected: int) -> FlowVersion:
        return editing.delete_step(flow, current_user, uid, expected=expected)

    def undoable(page: FlowPage) -> None:
        page.deleted = deleted_step(page.flow, uid, source)
        page.land_on = _next_to(page, uid, source)

    return _command(
        flow_id, remove, lambda page: "Step deleted. Undo is in the messages.", undoable
    )


@bp.post("/<uid>/restore")
def restore(flow_id: int, uid: str) -> AnyResponse:
    """Undo a deletion, whatever was changed since: the message may stand there for a while."""
    source = whole(request.form.get("from"))

    def put_back(flow: Flow, expected: int) -> FlowVersion:
        return editing.restore_step(flow, current_user, uid, source)

    def land(page: FlowPage) -> None:
        page.land_on = f"edit-{uid}"

    return _command(flow_id, put_back, lambda page: f"Step {_row(page, uid).number} is back.", land)


def deleted_step(flow: Flow, uid: str, version: int) -> Deleted | None:
    """What the undo message says of a step that only older versions have."""
    if _stored(flow, version, uid) is None:
        return None
    old = editing.version_of(flow, version)
    title = next(step.title for step in closed_steps(old) if step.uid == uid)
    more = len(family(old.body["steps"], uid)) - 1
    undo_url = url_for("flows.steps.restore", flow_id=flow.id, uid=uid)
    return Deleted(uid, title, more, version, undo_url)


def _next_to(page: FlowPage, uid: str, version: int) -> str:
    """Where a reader goes on after a deletion: the step that took the place, or the one before."""
    stored = _stored(page.flow, version, uid)
    if stored is None or not page.rows:
        return "add-step"
    at = min(int(stored["number"]), len(page.rows)) - 1
    return f"edit-{page.rows[at].uid}"


def _shift(flow_id: int, uid: str, by: int) -> AnyResponse:
    def shift(flow: Flow, expected: int) -> FlowVersion:
        return editing.shift_step(flow, current_user, uid, by, expected=expected)

    return _command(flow_id, shift, lambda page: _place(page, uid))


def _switch(flow_id: int, uid: str, enabled: bool) -> AnyResponse:
    return _command(
        flow_id,
        lambda flow, expected: editing.toggle_step(
            flow, current_user, uid, enabled, expected=expected
        ),
        lambda page: f"Step {_row(page, uid).number} is switched {'on' if enabled else 'off'}.",
    )


def _command(
    flow_id: int,
    act: Callable[[Flow, int], FlowVersion],
    say: Callable[[FlowPage], str],
    show: Callable[[FlowPage], None] = lambda page: None,
) -> AnyResponse:
    """Change the steps without a form of their own; the answer is the list as it is then."""
    flow = load(Flow, flow_id)
    try:
        act(flow, whole(request.form.get("version")))
        db.session.commit()
    except Conflict:
        db.session.rollback()
        page = FlowPage(flow, again_url=request.path)
        page.clash = Clash(page.version)
        page.again = [item for item in request.form.items() if item[0] not in HIDDEN]
        return render(SHOW, fragment="editor", status=409, page=page)
    except CannotMove as error:
        db.session.rollback()
        return answer(FlowPage(flow), str(error), kind="info")
    except (StepGone, TooManySteps, StepsRefused) as error:
        db.session.rollback()
        page = FlowPage(flow, problem=str(error))
        return render(SHOW, fragment="editor", status=409, page=page)
    page = FlowPage(flow)
    show(page)
    return answer(page, say(page))


HIDDEN = {"version", "csrf_token"}


def _save_form(
    flow: Flow, form: StepForm, save: Callable[[int], FlowVersion], uid: str
) -> AnyResponse:
    try:
        save(form.version)
        db.session.commit()
    except (Conflict, StepGone):
        db.session.rollback()
        return _on_newer(flow, form)
    except StepsRefused as error:
        db.session.rollback()
        form.errors = [
            (one.field, one.sentence) if one.uid == uid else ("step", str(one))
            for one in error.mistakes
        ]
        return _form_again(flow, form)
    except TooManySteps as error:
        db.session.rollback()
        form.errors = [("step", str(error))]
        return _form_again(flow, form)
    page = FlowPage(flow)
    page.land_on = f"edit-{uid}"
    return answer(page, f"Step {_row(page, uid).number} is saved.", f"step-{uid}")


def _on_newer(flow: Flow, form: StepForm) -> Response:
    """The flow as somebody else saved it, with the form as it was typed in the midst of it."""
    newest = editing.current_version(flow)
    form.version = newest.number
    if form.uid and all(step["uid"] != form.uid for step in newest.body["steps"]):
        form.uid, form.after, form.has_secret = None, None, False
        form.errors = [("step", GONE)]
    else:
        form.clash = Clash(newest)
    response = render(SHOW, fragment="editor", status=409, page=FlowPage(flow, form=form))
    return private(response)


def _form_again(flow: Flow, form: StepForm, status: int = 422) -> Response:
    """The form as it was typed, and what is wrong with it, in place of the one that was sent."""
    return form_alone(FlowPage(flow, form=form), status)


def _stored(flow: Flow, version: int, uid: str) -> StepValues | None:
    try:
        steps: list[StepValues] = editing.version_of(flow, version).body["steps"]
        return steps[place_of(uid, steps)]
    except (Conflict, StepGone):
        return None


def _row(page: FlowPage, uid: str) -> Row:
    return next(row for row in page.rows if row.uid == uid)


def _place(page: FlowPage, uid: str) -> str:
    row = _row(page, uid)
    around = next((one for one in page.rows if one.uid == row.step.parent), None)
    where = f", in step {around.number}, {around.title}" if around else ""
    return f"Moved to place {row.number} of {len(page.rows)}{where}."
