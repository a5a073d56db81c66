"""Imports over the API: a recording becomes flows, with the report of what became of each step."""

from typing import Any

from flask import Response, g, url_for
from pydantic import BaseModel, Field

from webapp.accounts.access import current_project, load
from webapp.api.answers import answer
from webapp.api.blueprint import bp
from webapp.api.operations import describe
from webapp.api.payload import Strict, read
from webapp.api.problems import FieldError, Problem, conflict, invalid
from webapp.extensions import db
from webapp.flows.checking import StepsRefused
from webapp.flows.models import Flow
from webapp.flows.settings import SettingsInvalid
from webapp.imports.draft import Unreadable
from webapp.imports.importing import Choices, Decided, make_flows, receive
from webapp.imports.models import Import


class ImportNew(Strict):
    """A file to import. With `preview` nothing is made; POST /imports/{import_id}/make does it."""

    content: str = Field(min_length=1, max_length=2_000_000)
    file_name: str = Field("recording", max_length=200)
    url: str | None = Field(None, max_length=2000)  # the base URL where the file names none
    preview: bool = False


class ImportMake(Strict):
    """What is chosen in the report; what is not given is taken as it was preselected."""

    secrets: list[str] | None = Field(None, max_length=5000)
    suggestions: list[str] | None = Field(None, max_length=5000)
    url: str | None = Field(None, max_length=2000)


class ImportAnswer(BaseModel):
    id: int
    file_name: str
    format: str
    state: str
    flow_ids: list[int]
    groups: list[dict[str, Any]]
    report: dict[str, Any]


@bp.post("/imports")
@describe(tag="Imports", body=ImportNew, answers={200: ImportAnswer, 201: ImportAnswer})
def create_import() -> Response:
    """Import a recording of Selenium IDE or Chrome's Recorder, or a flow in our own YAML.

    Answers the report of what became of every step, and the ids of the new flows. Suspected
    secrets are kept secret.
    """
    given = read(ImportNew)
    try:
        row = receive(
            current_project(), g.user, given.file_name, given.content.encode(errors="replace")
        )
    except Unreadable as error:
        raise invalid([FieldError("content", str(error))]) from error
    if not given.preview:
        _make(row, ImportMake(secrets=None, suggestions=None, url=given.url))
    db.session.commit()
    if given.preview:
        return answer(import_answer(row))
    return answer(import_answer(row), 201, location=_location(row))


@bp.get("/imports/<int:import_id>")
@describe(tag="Imports", answers={200: ImportAnswer})
def import_(import_id: int) -> Response:
    """Read an import: its report, and the flows that it made."""
    return answer(import_answer(load(Import, import_id)))


@bp.post("/imports/<int:import_id>/make")
@describe(
    tag="Imports", body=ImportMake, body_optional=True, answers={201: ImportAnswer}, problems=(409,)
)
def make_import(import_id: int) -> Response:
    """Make the flows of an import that was only previewed."""
    row = load(Import, import_id)
    _make(row, read(ImportMake, empty=True))
    db.session.commit()
    return answer(import_answer(row), 201, location=_location(row))


def _make(row: Import, chosen: ImportMake) -> list[Flow]:
    flows = row.report["flows"]
    urls = {} if chosen.url is None else dict.fromkeys(range(len(flows)), chosen.url)
    choices = Choices(
        None if chosen.secrets is None else frozenset(chosen.secrets),
        None if chosen.suggestions is None else frozenset(chosen.suggestions),
        {place: url for place, url in urls.items() if not flows[place]["url"]},
    )
    known = {one["uid"] for flow in flows for one in flow["secrets"]}
    known |= {one["id"] for flow in flows for one in flow["suggestions"]}
    for name in ("secrets", "suggestions"):
        for place, uid in enumerate(getattr(chosen, name) or ()):
            if uid not in known:
                raise invalid(
                    [FieldError(f"{name}[{place}]", "The report names nothing of this id.")]
                )
    try:
        return make_flows(row, g.user, choices)
    except StepsRefused as error:
        db.session.rollback()
        raise invalid([FieldError("content", str(error))]) from error
    except Decided as error:
        raise _decided(row) from error
    except SettingsInvalid as error:
        db.session.rollback()
        raise invalid(
            [
                FieldError(f"flows[{place}].{name}", sentence)
                for key, sentence in error.errors.items()
                for name, _, place in [key.rpartition("-")]
            ]
        ) from error


def _location(row: Import) -> str:
    return url_for("api.import_", import_id=row.id)


def _decided(row: Import) -> Problem:
    return conflict(
        "import-decided",
        "This import was decided already",
        f"It is {row.state}; send the file again to {url_for('api.create_import')}.",
    )


def import_answer(row: Import) -> ImportAnswer:
    return ImportAnswer(
        id=row.id,
        file_name=row.file_name,
        format=row.format,
        state=row.state,
        flow_ids=list(row.flow_ids),
        groups=list(row.groups),
        report=row.report,
    )
