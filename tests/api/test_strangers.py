"""What belongs to somebody else does not exist: every route with an id answers 404."""

import re

import pytest

from tests.api.programs import CLICK, SHOP, TYPE
from tests.factories import make_flow, make_run
from webapp.api.openapi import document
from webapp.artifacts.keeping import keep
from webapp.extensions import db
from webapp.flows.editing import current_version
from webapp.flows.files import keep_file
from webapp.flows.models import Healing
from webapp.imports.models import Import
from webapp.runs.states import State

# A good body for each, so that nothing but the owner is wrong.
BODIES = {
    "PATCH /flows/{flow_id}": {"active": True},
    "POST /flows/{flow_id}/steps": [CLICK],
    "PUT /flows/{flow_id}/steps": [TYPE],
    "PATCH /flows/{flow_id}/steps/{uid}": {"name": "Mine"},
    "PUT /flows/{flow_id}/steps/{uid}": CLICK,
}
ROUTES = [
    "GET /artifacts/{artifact_id}",
    "GET /flows/{flow_id}",
    "PATCH /flows/{flow_id}",
    "DELETE /flows/{flow_id}",
    "POST /flows/{flow_id}/duplicate",
    "POST /flows/{flow_id}/runs",
    "GET /flows/{flow_id}/durability",
    "GET /flows/{flow_id}/export",
    "GET /flows/{flow_id}/files",
    "GET /flows/{flow_id}/files/{file_name}",
    "PUT /flows/{flow_id}/files/{file_name}",
    "DELETE /flows/{flow_id}/files/{file_name}",
    "GET /flows/{flow_id}/healings",
    "POST /flows/{flow_id}/healings/{healing_id}/accept",
    "POST /flows/{flow_id}/healings/{healing_id}/reject",
    "POST /flows/{flow_id}/healings/{healing_id}/undo",
    "GET /flows/{flow_id}/lint",
    "GET /flows/{flow_id}/steps",
    "POST /flows/{flow_id}/steps",
    "PUT /flows/{flow_id}/steps",
    "GET /flows/{flow_id}/steps/{uid}",
    "PATCH /flows/{flow_id}/steps/{uid}",
    "PUT /flows/{flow_id}/steps/{uid}",
    "DELETE /flows/{flow_id}/steps/{uid}",
    "GET /imports/{import_id}",
    "POST /imports/{import_id}/make",
    "GET /runs/{run_id}",
    "POST /runs/{run_id}/again",
    "POST /runs/{run_id}/cancel",
    "GET /runs/{run_id}/report",
    "POST /runs/{run_id}/report",
    "GET /runs/{run_id}/report.pdf",
]


@pytest.fixture
def ids(alice):
    flow = make_flow(alice)
    run = make_run(flow, State.RUNNING)
    picture = keep(
        b"picture",
        project_id=run.project_id,
        run_id=run.id,
        kind="screenshot",
        media_type="image/png",
        file_name="step-1.png",
    )
    db.session.commit()
    uid = current_version(flow).body["steps"][0]["uid"]
    healing = Healing(
        project_id=run.project_id,
        flow_id=flow.id,
        step_uid=uid,
        candidates="0",
        proposed=[],
        why="",
    )
    taken = Import(project_id=run.project_id, file_name="a.side", format="selenium-ide", report={})
    db.session.add_all([healing, taken])
    file, _ = keep_file(flow, "invoice.pdf", b"%PDF")
    db.session.commit()
    return {
        "flow_id": flow.id,
        "run_id": run.id,
        "artifact_id": picture.id,
        "healing_id": healing.id,
        "import_id": taken.id,
        "file_name": file.name,
        "uid": uid,
    }


def counts():
    return {table.name: db.session.query(table).count() for table in db.metadata.sorted_tables}


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_finds_nothing_and_changes_nothing(stranger, ids, route):
    method, path = route.split(" ")
    before = counts()
    refused = stranger.send(method, path.format(**ids), json=BODIES.get(route))
    assert refused.status_code == 404
    assert refused.mimetype == "application/problem+json"
    assert "Checkout" not in refused.text
    assert counts() == before


@pytest.mark.parametrize("route", ROUTES)
def test_the_answer_is_the_same_for_what_never_was(stranger, ids, route):
    method, path = route.split(" ")
    real = stranger.send(method, path.format(**ids), json=BODIES.get(route)).json
    never = {name: "0123456789ab" if name == "uid" else 987_654_321 for name in ids}
    made_up = stranger.send(method, path.format(**never), json=BODIES.get(route)).json

    def without_ids(problem):
        return {**problem, "detail": re.sub(r"\b[0-9a-f]{12,}\b|\d+", "…", problem["detail"])}

    assert without_ids(real) == without_ids(made_up)


def test_every_route_with_an_id_is_in_the_list(app):
    documented = [
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
        if "{" in path
    ]
    assert sorted(documented) == sorted(ROUTES)


def test_lists_have_only_what_is_mine(stranger, ids):
    assert stranger.get("/flows").json["items"] == []
    assert stranger.get("/runs").json["items"] == []
    assert stranger.get("/runs?updated_since=2000-01-01T00:00:00Z").json["items"] == []
    assert stranger.get(f"/runs?flow_id={ids['flow_id']}").json["items"] == []
    assert stranger.post("/flows", SHOP).status_code == 201
