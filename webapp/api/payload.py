"""Read what a request brings: JSON bodies and query strings, checked before anything is done."""

import json
from math import isinf
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from webapp.api.problems import FieldError, Problem, invalid
from webapp.api.sentences import field_error, found, path

DEEPEST = 30  # no body of ours is nested deeper than five
MOST_DIGITS = 1000  # far more than the largest floating-point number has


class Strict(BaseModel):
    """A request body: unknown fields are refused, and no value is turned into another type."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Query(BaseModel):
    """A query string: texts become numbers and instants, unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


M = TypeVar("M", bound=BaseModel)


def receive() -> None:
    """Read the body to its end; 413 also for one that does not say how long it is.

    Of such a one Werkzeug keeps what fits, and says nothing of the rest.
    """
    most = request.max_content_length
    kept = len(request.get_data())
    if request.content_length is None and most is not None and kept >= most:
        raise RequestEntityTooLarge


def read(schema: type[M], *, empty: bool = False) -> M:
    """The body as the schema; with `empty`, no body counts as an empty object."""
    if empty and not request.get_data():
        return schema.model_validate({})
    return check(schema, read_json())


def read_json() -> Any:
    """The JSON of the body, free of what no database could keep."""
    value = parse_json(request.get_data())
    refuse_unkept(value)
    return value


def check(schema: type[M], value: Any) -> M:
    checked, mistakes = mistakes_of(schema, value)
    if checked is None:
        raise invalid(mistakes)
    return checked


def mistakes_of(schema: type[M], value: Any, place: str = "") -> tuple[M | None, list[FieldError]]:
    """The value as the schema, or None and what is wrong; `place` is where it was found."""
    try:
        return schema.model_validate(value), []
    except ValidationError as error:
        found_wrong = error.errors(include_url=False)
        return None, [field_error(one, schema, place) for one in found_wrong]


def read_query(schema: type[M]) -> M:
    values: dict[str, Any] = {}
    for name, given in request.args.lists():
        if len(given) > 1:
            raise invalid([FieldError(name, f"Give it once; found {len(given)} times.")])
        values[name] = given[0]
    refuse_unkept(values)
    return check(schema, values)


def parse_json(body: bytes) -> Any:
    if not body.strip():
        raise Problem(
            400,
            "body-missing",
            "The body is missing",
            "Expected JSON in the body, found nothing.",
        )
    if request.mimetype != "application/json":
        kind = request.mimetype or "no Content-Type"
        raise Problem(
            415,
            "unsupported-media-type",
            "The body is not JSON",
            f"Expected the header Content-Type: application/json, found {kind[:80]}.",
        )
    try:
        return json.loads(
            body.decode(),
            parse_constant=_no_constant,
            parse_int=_whole,
            object_pairs_hook=_no_field_twice,
        )
    except UnicodeDecodeError as error:
        raise _broken(f"Byte {error.start + 1} of the body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        what = error.msg.rstrip(".")
        raise _broken(
            f"Line {error.lineno}, column {error.colno}: {what}.",
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise _broken("The JSON is nested too deep.") from error
    except ValueError as error:  # one of ours
        raise _broken(str(error)) from error


def refuse_unkept(value: Any) -> None:
    """Refuse NUL characters, lone surrogates and infinite numbers: no database could hold them.

    And what is nested so deep that it could not even be shown in an error.
    """
    errors = []
    waiting: list[tuple[tuple[int | str, ...], Any]] = [((), value)]
    while waiting:
        place, one = waiting.pop()
        if len(place) > DEEPEST:
            raise _broken(f"The JSON is nested deeper than {DEEPEST} levels.")
        if isinstance(one, dict):
            for key, inner in one.items():
                waiting += [((*place, key), inner), ((*place, "(a field's name)"), key)]
        elif isinstance(one, list):
            waiting += [((*place, index), inner) for index, inner in enumerate(one)]
        elif isinstance(one, float) and isinf(one):
            errors.append(FieldError(path(place), "This number is too large to be kept."))
        elif isinstance(one, str) and (why := _unkept(one)):
            errors.append(FieldError(path(place), why))
    if errors:
        raise invalid(errors[::-1])


def expect_kind(value: Any, kinds: tuple[type, ...], words: str) -> None:
    if not isinstance(value, kinds):
        raise invalid([FieldError("", f"Expected {words}, found {found(value)}.")])


def _unkept(text: str) -> str | None:
    if (at := text.find("\0")) >= 0:
        return f"Character {at + 1} is a NUL character, which cannot be stored; remove it."
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return (
                f"Character {error.start + 1} is half of a surrogate pair; send whole characters."
            )
    return None


def _broken(detail: str, **members: Any) -> Problem:
    return Problem(400, "invalid-json", "The body is not valid JSON", detail, **members)


def _whole(digits: str) -> int:
    """Python itself refuses 4,300 digits and more, in words about Python."""
    count = len(digits.removeprefix("-"))
    if count > MOST_DIGITS:
        raise ValueError(f"A number has {count:,} digits; at most {MOST_DIGITS:,} can be read.")
    return int(digits)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a JSON number.")


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise ValueError(f"The field “{name[:80]}” comes twice in one object.")
        fields[name] = value
    return fields
