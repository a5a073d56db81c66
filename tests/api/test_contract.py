"""The API does what its OpenAPI document says, with good data and with bad (schemathesis)."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.programs import CLICK, TYPE, Program
from webapp.accounts import patience

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
REFUSALS = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422]
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
RECORDING = '{"title": "Buy", "steps": [{"type": "navigate", "url": "https://shop.example.org/"}]}'
# The same examples each time: a test that fails once in a hundred runs helps nobody.
BOUNDED = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def things(api: Program) -> dict[str, object]:
    """A flow with a run and steps, made afresh: operations change and delete them."""
    flow_id = api.make_flow(CLICK, {**TYPE, "secret": True})
    run_id = api.post(f"/flows/{flow_id}/runs").json["id"]
    uid = api.get(f"/flows/{flow_id}/steps").json["steps"][0]["uid"]
    recording = {"content": RECORDING, "preview": True}
    import_id = api.post("/imports", recording).json["id"]
    return {
        "flow_id": flow_id,
        "run_id": run_id,
        "uid": uid,
        "artifact_id": 1,
        "import_id": import_id,
    }


def play(app: Flask, api: Program, mode: GenerationMode, checks: list) -> int:
    """Send what the document allows (or forbids) to each operation; gives how many requests."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=CONFIG)
    headers = {"Authorization": f"Bearer {api.token}"}
    sent = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        mine = things(api)
        known = {name: mine[name] for name in mine if f"{{{name}}}" in operation.path}
        if mode is GenerationMode.NEGATIVE and operation.path == "/openapi.json":
            continue  # takes nothing that could be wrong

        @BOUNDED
        @given(operation.as_strategy(mode, path_parameters=known or None))
        def send(case):
            nonlocal sent
            sent += 1
            case.call_and_validate(headers=headers, checks=checks)

        send()
    return sent


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(patience, "LEAST_SECONDS", 0)


def test_good_data_is_answered_as_the_document_says(app, api):
    assert play(app, api, GenerationMode.POSITIVE, CHECKS) > 60


def test_bad_data_is_refused_as_the_document_says(app, api):
    assert play(app, api, GenerationMode.NEGATIVE, [*CHECKS, negative_data_rejection]) > 60
