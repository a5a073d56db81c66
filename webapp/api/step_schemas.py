"""The schema of a step: one for each action of the registry, so that no page of it is written."""

from typing import Any

from webapp.api.bodies import StepNew
from webapp.browser.actions import ACTIONS
from webapp.browser.actions.registry import Action

NO_LOCATORS = {"type": "array", "maxItems": 0}


def step_schemas() -> dict[str, Any]:
    """`Step`, which is one of `Step_click`, `Step_type` …, and what these refer to."""
    whole = StepNew.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = whole.pop("$defs")
    each = {f"Step_{name}": _schema(action, whole) for name, action in ACTIONS.items()}
    mapping = {
        word: f"#/components/schemas/Step_{name}"
        for name, action in ACTIONS.items()
        for word in (name, *action.aliases)
    }
    step = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in each],
        "discriminator": {"propertyName": "action", "mapping": mapping},
    }
    return {**definitions, **each, "Step": step}


def _schema(action: type[Action], whole: dict[str, Any]) -> dict[str, Any]:
    properties = dict(whole["properties"])
    properties["action"] = {"type": "string", "enum": [action.name, *action.aliases]}
    properties["options"] = _options(action)
    properties["content"] = _content(action)
    required = ["action"]
    schema: dict[str, Any] = {
        "type": "object",
        "title": action.label,
        "description": action.help,
        "additionalProperties": False,
        "properties": properties,
        "required": required,
    }
    if action.locators == "none":
        properties["locators"] = NO_LOCATORS
        del properties["selector_xpath"]
    elif action.locators == "required":
        schema["anyOf"] = [{"required": ["locators"]}, {"required": ["selector_xpath"]}]
    if not action.can_be_secret:
        properties["secret"] = {"type": "boolean", "enum": [False]}
    return schema


def _content(action: type[Action]) -> dict[str, Any]:
    if action.content is None:
        return {"type": "null"}
    kinds = ["number", "string", "null"] if action.content.kind == "number" else ["string", "null"]
    said = [action.content.label, action.content.help]
    text = ". ".join(part.rstrip(".") for part in said if part)
    return {"type": kinds, "description": text}


def _options(action: type[Action]) -> dict[str, Any]:
    schema = action.Options.model_json_schema()
    del schema["title"]
    schema.pop("description", None)
    return {"properties": {}, **schema}
