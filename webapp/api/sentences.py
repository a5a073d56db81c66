"""Mistakes that pydantic finds, as sentences: what was expected, and what was found."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from webapp.api.problems import FieldError

EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of sensible size",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
LIMITS = {
    "string_too_long": "at the most {max_length:,} characters",
    "string_too_short": "at least {min_length:,} character(s)",
    "too_long": "at the most {max_length:,} entries",
    "too_short": "at least {min_length:,} entry",
    "greater_than_equal": "{ge:,} or more",
    "greater_than": "more than {gt:,}",
    "less_than_equal": "{le:,} or less",
    "less_than": "less than {lt:,}",
}
KINDS: tuple[tuple[type, str], ...] = ((list, "a list"), (dict, "an object"))


def field_error(error: ErrorDetails, schema: type[BaseModel], prefix: str) -> FieldError:
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    field = path(error["loc"], prefix)
    if kind == "missing":
        detail = "This field is missing."
    elif kind == "extra_forbidden":
        known = ", ".join(known_fields(schema, error["loc"]))
        detail = f"There is no such field; known are {known}."
    elif kind in EXPECTED:
        detail = f"Expected {EXPECTED[kind]}, found {found(value)}."
    elif kind in LIMITS:
        detail = f"Expected {LIMITS[kind].format(**context)}, found {measured(kind, value)}."
    elif kind in {"literal_error", "enum"}:
        detail = f"Expected {context['expected']}, found {found(value)}."
    elif kind == "value_error":
        detail = str(context["error"])
    else:
        detail = f"{error['msg']}; found {found(value)}."
    return FieldError(field, detail)


def path(location: Sequence[int | str], prefix: str = "") -> str:
    """("steps", 2, "locators", 0, "value") → steps[2].locators[0].value"""
    text = prefix
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part[:80]}" if text else part[:80]
    return text


def known_fields(schema: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The fields of the object in which an unknown one was found."""
    owner = schema
    for part in location[:-1]:
        if isinstance(part, str) and part in owner.model_fields:
            owner = _model_in(owner.model_fields[part].annotation) or owner
    return [field.alias or name for name, field in owner.model_fields.items()]


def found(value: Any) -> str:
    """A value as a sentence shows it; long ones are cut."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text “{value[:60]}{'…' * (len(value) > 60)}”" if value else "an empty text"
    if isinstance(value, (int, float)):
        return f"the number {value}" if len(str(value)) <= 40 else "a very large number"
    return next((words for kind, words in KINDS if isinstance(value, kind)), "something else")


def measured(kind: str, value: Any) -> str:
    """How long a text or list is, or how large a number; in addresses numbers come as text."""
    if kind.endswith(("too_long", "too_short")):
        return f"{len(value):,}"
    return found(value).removeprefix("the number ")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inside = getattr(annotation, "__args__", ())
    return next((model for one in inside if (model := _model_in(one))), None)
