"""The OpenAPI 3.1 document, made from the routes, the schemas and the registry of actions."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, json
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from webapp.api.blueprint import PREFIX, bp
from webapp.api.bodies import StepNew
from webapp.api.operations import Operation, Schema, describe, operation_of
from webapp.api.problems import MEDIA_TYPE, ProblemBody
from webapp.api.step_schemas import step_schemas

REFERENCE = "#/components/schemas/{model}"
HEAD = {
    "openapi": "3.1.0",
    "info": {
        "title": "Lamplighter",
        "version": "1",
        "summary": "Walks the paths of users through a website, and says which step broke.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "servers": [{"url": PREFIX}],
    "security": [{"bearer": []}],
}
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "An access token of POST /auth/token, or an API key.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag that the change was made from; 412 when it is not the newest.",
}
REFUSALS = {
    400: "The body is missing or not valid JSON, or If-Match is no ETag.",
    401: "No credential, or one that does not work.",
    403: "The credential is right, but may not be used yet.",
    404: "There is no such thing, or it is not yours.",
    409: "It is in the way of what is there.",
    410: "It was there, and is not kept any more.",
    412: "The flow was changed since the version that If-Match names.",
    413: "The body is too large: JSON may have 2 MB, a file 20 MB.",
    415: "The body is not JSON.",
    422: "Fields cannot be used as they are; `errors` names each.",
    429: "Tried too often; Retry-After says when to try again.",
}


@bp.get("/openapi.json")
@describe(tag="About", answers={200: {"type": "object"}}, is_open=True)
def openapi() -> Response:
    """Read this document. It is made from the code that answers."""
    made = current_app.extensions
    if "openapi" not in made:  # nothing of it changes while the process lives
        made["openapi"] = json.dumps(document())
    return Response(made["openapi"], mimetype="application/json")


def document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, operation in operations():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        paths.setdefault(path, {})[method.lower()] = _operation(rule, method, operation)
    components = {
        "securitySchemes": {"bearer": BEARER},
        "schemas": {**_model_schemas(), **step_schemas()},
    }
    return {**HEAD, "paths": dict(sorted(paths.items())), "components": components}


def operations() -> Iterator[tuple[Rule, str, Operation]]:
    for rule in current_app.url_map.iter_rules():
        operation = operation_of(rule.endpoint)
        if operation is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, operation


def _model_schemas() -> dict[str, Any]:
    modes: dict[type[BaseModel], str] = {ProblemBody: "serialization"}
    for _, _, operation in operations():
        if isinstance(operation.body, type) and operation.body is not StepNew:
            modes[operation.body] = "validation"
        for schema in operation.answers.values():
            if isinstance(schema, type):
                modes[schema] = "serialization"
    _, made = models_json_schema(list(modes.items()), ref_template=REFERENCE)  # type: ignore[arg-type]
    schemas: dict[str, Any] = made["$defs"]
    return schemas


def _operation(rule: Rule, method: str, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": operation.summary,
        "description": operation.about,
        "tags": [operation.tag],
        "parameters": [*_path_parameters(rule), *_query_parameters(operation)],
        "responses": {
            **{str(status): _answer(status, operation) for status in operation.answers},
            **{str(status): _refusal(status) for status in _refusals(rule, operation)},
        },
    }
    if operation.honours_if_match:
        described["parameters"].append(IF_MATCH)
    if operation.is_open:
        described["security"] = []
    if operation.body is not None:
        described["requestBody"] = {
            "required": not operation.body_optional,
            "content": {operation.body_media_type: {"schema": _reference(operation.body)}},
        }
    return described


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1}
            if name.endswith("_id")
            else {"type": "string", "minLength": 1},
        }
        for name in sorted(rule.arguments)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(by_alias=True, mode="validation")
    parameters = []
    for name, of_field in schema["properties"].items():
        parameter = {"name": name, "in": "query", "required": False}
        if text := of_field.pop("description", None):
            parameter["description"] = text
        # None is how a schema says that a parameter may be left out; in a query there is no null.
        kinds = [kind for kind in of_field.pop("anyOf", []) if kind != {"type": "null"}]
        of_field.pop("default", None) if kinds else None
        parameters.append({**parameter, "schema": {**of_field, **(kinds[0] if kinds else {})}})
    return parameters


def _refusals(rule: Rule, operation: Operation) -> list[int]:
    statuses = set(operation.problems)
    if not operation.is_open:
        statuses |= {401, 403}
    if rule.arguments:
        statuses.add(404)
    if operation.query is not None:
        statuses.add(422)
    if operation.body is not None:
        statuses |= {400, 413, 415, 422}
    if operation.honours_if_match:
        statuses |= {400, 412}
    return sorted(statuses)


def _answer(status: int, operation: Operation) -> dict[str, Any]:
    schema = operation.answers[status]
    said: dict[str, Any] = {"description": operation.summary + "."}
    if schema is not None:
        kinds = operation.by_media_type or dict.fromkeys(operation.media_types, schema)
        said["content"] = {kind: {"schema": _reference(one)} for kind, one in kinds.items()}
    if operation.has_version:
        said["headers"] = {"ETag": {"schema": {"type": "string"}}}
    if status in {201, 202} and not operation.is_open:
        said.setdefault("headers", {})["Location"] = {"schema": {"type": "string"}}
    return said


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": REFUSALS[status],
        "content": {MEDIA_TYPE: {"schema": _reference(ProblemBody)}},
    }


def _reference(schema: Schema) -> dict[str, Any]:
    if isinstance(schema, type):
        return {"$ref": REFERENCE.format(model=schema.__name__)}
    return schema or {}
