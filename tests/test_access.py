"""Every route refuses who should not pass: nobody, and a stranger who guesses ids."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.factories import make_flow, make_run
from webapp.accounts.models import ApiKey
from webapp.artifacts.keeping import keep
from webapp.extensions import db
from webapp.flows.editing import current_version
from webapp.flows.files import keep_file
from webapp.flows.models import Healing
from webapp.imports.models import Import
from webapp.runs.states import State

# Routes that show nothing of anybody's, or whose credential is in the request itself.
PUBLIC = {
    "static",
    "health.alive",
    "accounts.register",
    "accounts.login",
    "accounts.confirm",
    "accounts.confirm_again",
    "accounts.reset",
    "accounts.reset_password",
    "accounts.farewell",
    "accounts.change_email_confirm",
    "mailing.outbox",
    "mailing.show",
    "mailing.html",
    "mailing.picture",
    "api.openapi",
    "api.auth_token",
    "api.auth_refresh",
    "api.auth_register",
    "api.auth_confirm",
    "api.auth_confirm_again",
}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})
    ]


def address(rule: Rule, ids: dict[str, object]) -> str:
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda m: str(ids.get(m[1], 1)), rule.rule)


@pytest.fixture
def ids(alice) -> dict[str, object]:
    """One row of each kind, all of them alice's."""
    flow = make_flow(alice)
    run = make_run(flow, State.PASSED)
    artifact = keep(
        b"picture",
        project_id=run.project_id,
        run_id=run.id,
        kind="screenshot",
        media_type="image/png",
        file_name="step-1.png",
    )
    key = ApiKey(
        project_id=run.project_id, user_id=alice.id, name="CI", prefix="lamp_x", key_hash="0"
    )
    healing = Healing(
        project_id=run.project_id,
        flow_id=flow.id,
        step_uid="0",
        candidates="0",
        proposed=[],
        why="",
    )
    taken = Import(project_id=run.project_id, file_name="a.side", format="selenium-ide", report={})
    db.session.add_all([key, healing, taken])
    file, _ = keep_file(flow, "invoice.pdf", b"%PDF")
    db.session.commit()
    return {
        "flow_id": flow.id,
        "run_id": run.id,
        "artifact_id": artifact.id,
        "key_id": key.id,
        "healing_id": healing.id,
        "import_id": taken.id,
        "file_id": file.id,
        "file_name": file.name,
        "uid": current_version(flow).body["steps"][0]["uid"],
        "number": 1,
        "token": "forged",
        "filename": "none",
    }


def test_nobody_sees_nothing(app, client, ids):
    passed = []
    for rule, method in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        answer = client.open(address(rule, ids), method=method)
        to_log_in = answer.status_code in {302, 303} and "/login" in answer.headers["Location"]
        if not to_log_in and answer.status_code not in {401, 404}:
            passed.append(f"{method} {rule.rule}: {answer.status_code}")
    assert passed == []


def test_a_strangers_row_does_not_exist(app, as_charlie, ids):
    passed = []
    for rule, method in rules(app):
        if not {"flow_id", "run_id", "artifact_id", "key_id", "import_id"} & rule.arguments:
            continue
        answer = as_charlie.open(address(rule, ids), method=method, data={}, json=None)
        expected = {401} if rule.rule.startswith("/api/") else {404}
        if answer.status_code not in expected:
            passed.append(f"{method} {rule.rule}: {answer.status_code}")
    assert passed == []


def test_the_list_of_public_routes_names_only_routes(app):
    assert {rule.endpoint for rule, _ in rules(app)} >= PUBLIC
