import re

import pytest
from jsonschema import Draft202012Validator

from tests.api.programs import CLICK, SHOP, TYPE
from webapp.api.openapi import document
from webapp.browser.actions import ACTIONS


@pytest.fixture
def described(nobody):
    return nobody.get("/openapi.json").json


def documented(described) -> set[tuple[str, str]]:
    return {
        (method.upper(), "/api/v1" + path)
        for path, methods in described["paths"].items()
        for method in methods
    }


def served(app) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_each_route_is_documented_and_each_documented_one_is_there(app, described):
    assert documented(described) == served(app)


def test_the_document_needs_no_credential_and_is_openapi(described):
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "/api/v1"}]


def test_every_reference_leads_somewhere(described):
    schemas = described["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/(\w+)", str(described)))
    assert named <= schemas.keys()
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_says_what_it_does_and_how_it_refuses(described):
    ids = set()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and operation["description"].endswith(".")
            assert operation["operationId"] not in ids
            ids.add(operation["operationId"])
            if "{" in path:
                assert "404" in operation["responses"]
            if not path.startswith("/auth") and path != "/openapi.json":
                assert "401" in operation["responses"], (method, path)


@pytest.mark.parametrize("name", ACTIONS)
def test_each_action_has_its_schema(described, name):
    schema = described["components"]["schemas"][f"Step_{name}"]
    assert schema["title"] and schema["description"]
    assert name in schema["properties"]["action"]["enum"]
    options = {option.name for option in ACTIONS[name].options}
    assert schema["properties"]["options"]["properties"].keys() == options


def validator(described, name):
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    )


@pytest.mark.parametrize("step", [CLICK, TYPE, {**TYPE, "action": "tapping", "number": 2}])
def test_a_step_that_is_taken_fits_its_schema(described, step):
    assert validator(described, "Step").is_valid(step)


@pytest.mark.parametrize(
    "step",
    [{"action": "click"}, {"action": "fly"}, {**CLICK, "content": "x"}, {**CLICK, "x": 1}, {}],
)
def test_a_step_that_is_refused_does_not(api, described, step):
    assert not validator(described, "Step").is_valid(step)
    assert api.post(f"/flows/{api.make_flow()}/steps", step).status_code == 422


def test_answers_fit_their_schemas(api, described):
    flow_id = api.make_flow(CLICK, TYPE)
    run = api.post(f"/flows/{flow_id}/runs").json
    for name, answer in (
        ("FlowAnswer", api.get(f"/flows/{flow_id}")),
        ("FlowPage", api.get("/flows")),
        ("StepList", api.get(f"/flows/{flow_id}/steps")),
        ("RunPage", api.get("/runs")),
        ("RunAnswer", api.get(f"/runs/{run['id']}")),
        ("ProblemBody", api.post("/flows", {**SHOP, "name": 1})),
    ):
        validator(described, name).validate(answer.json)


def test_the_documentation_names_each_operation(app):
    with open("docs/api.md", encoding="utf-8") as file:
        text = file.read()
    written = set(re.findall(r"^\| `(GET|POST|PUT|PATCH|DELETE) (/[^`]*)`", text, re.MULTILINE))
    known = {(method, path.removeprefix("/api/v1")) for method, path in documented(document())}
    assert written == known
