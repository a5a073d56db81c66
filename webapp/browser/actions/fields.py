"""What a form, the API's schema and the documentation need to know of an action's inputs."""

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from webapp.browser.locators import HOLE

FieldKind = Literal["text", "textarea", "number", "select", "checkbox"]


@dataclass(frozen=True)
class Field:
    """One input of an action: its content, or one of its options."""

    name: str
    label: str
    kind: FieldKind = "text"
    default: Any = None
    choices: tuple[str, ...] = ()
    help: str = ""
    required: bool = False
    placeholder: str = ""


class Options(BaseModel):
    """The options of an action; a field's title is its label, its description its help."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def checked(check: Callable[[str], str]) -> AfterValidator:
    """For an option that a function finds mistakes in, once no variable stands in it any more."""

    def validate(text: str) -> str:
        if text and HOLE not in text and (sentence := check(text)):
            raise ValueError(sentence)
        return text

    return AfterValidator(validate)


def fields_of(options: type[Options]) -> tuple[Field, ...]:
    return tuple(_field(name, info) for name, info in options.model_fields.items())


def _field(name: str, info: FieldInfo) -> Field:
    kind, choices = _kind(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return Field(
        name=name,
        label=info.title or name.replace("_", " ").capitalize(),
        kind=_as_kind(extra.get("kind"), kind),
        default=None if info.is_required() else info.default,
        choices=choices,
        help=info.description or "",
        required=info.is_required(),
        placeholder=str(extra.get("placeholder", "")),
    )


def _as_kind(wanted: object, kind: FieldKind) -> FieldKind:
    """An option may ask for another control than its type has: `{"kind": "textarea"}`."""
    return "textarea" if wanted == "textarea" else kind


def _kind(annotation: Any) -> tuple[FieldKind, tuple[str, ...]]:
    if get_origin(annotation) is Literal:
        return "select", tuple(str(choice) for choice in get_args(annotation))
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _kind(inner[0]) if len(inner) == 1 else ("text", ())
    if annotation is bool:
        return "checkbox", ()
    return ("number", ()) if annotation in (int, float) else ("text", ())


def read_options(
    label: str, options: type[Options], given: object
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The options with their defaults, and the mistakes in them as (name, sentence).

    An empty field of a form means the default.
    """
    if given is None:
        given = {}
    if not isinstance(given, dict):
        return {}, [("", f"{_say(given)} is not an object with options.")]
    chosen = {str(name): value for name, value in given.items() if value not in (None, "")}
    try:
        return options.model_validate(chosen).model_dump(), []
    except ValidationError as error:
        return {}, _mistakes(label, options, error)


def _mistakes(label: str, options: type[Options], error: ValidationError) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for mistake in error.errors():
        name = str(mistake["loc"][0])[:50] if mistake["loc"] else ""
        found.setdefault(name, _sentence(label, options, name, mistake))
    return list(found.items())


def _sentence(label: str, options: type[Options], name: str, mistake: Any) -> str:
    if mistake["type"] == "extra_forbidden":
        known = ", ".join(options.model_fields)
        has = f"It has {known}." if known else "It has none."
        return f"“{label}” has no option of this name. {has}"
    if mistake["type"] == "missing":
        return f"“{label}” cannot do without it."
    if mistake["type"] == "value_error":
        return f"{mistake['ctx']['error']}"
    kind, choices = _kind(options.model_fields[name].annotation)
    found = _say(mistake["input"])
    if choices:
        return f"{found} is not one of {', '.join(choices)}."
    right = {"checkbox": "true or false", "number": "a number"}.get(kind, "a text")
    extra = options.model_fields[name].json_schema_extra
    right = str(extra.get("right", right)) if isinstance(extra, dict) else right
    return f"{found} is not {right}."


def _say(value: object) -> str:
    words = " ".join(str(value)[:200].split())
    return f"“{words if len(words) <= 60 else words[:59] + '…'}”"
