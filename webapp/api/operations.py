"""What a view of the API takes and answers, said once beside it; the OpenAPI document reads it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import current_app, request
from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Any])
# A schema of its own, one that pydantic cannot express, or nothing (an empty answer).
Schema = type[BaseModel] | dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`answers` maps the statuses of success to schemas; `problems` lists those of refusal.

    Statuses that every operation may answer (401, 404 of an id, 422 of a body) are not listed.
    `by_media_type` has the schemas of an answer that is of another shape in each media type.
    """

    summary: str
    about: str
    tag: str
    answers: dict[int, Schema]
    body: Schema = None
    body_optional: bool = False
    body_media_type: str = "application/json"
    query: type[BaseModel] | None = None
    problems: tuple[int, ...] = ()
    is_open: bool = False  # takes no credential
    has_version: bool = False  # answers an ETag
    honours_if_match: bool = False
    media_types: tuple[str, ...] = field(default=("application/json",))
    by_media_type: dict[str, Schema] = field(default_factory=dict)


def describe(**values: Any) -> Callable[[View], View]:
    """The view's docstring is its description: the first sentence is the summary."""

    def remember(view: View) -> View:
        text = " ".join((view.__doc__ or "").split())
        summary, _, _ = text.partition(". ")
        view.operation = Operation(  # type: ignore[attr-defined]
            summary=summary.rstrip("."), about=text, **values
        )
        return view

    return remember


def operation_of(endpoint: str | None) -> Operation | None:
    view = current_app.view_functions.get(endpoint or "")
    found: Operation | None = getattr(view, "operation", None)
    return found


def current_operation() -> Operation | None:
    return operation_of(request.endpoint)
