"""Errors as problem+json (RFC 9457): what was expected, what was found, what to do."""

import json
import logging
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, request
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError, NoResultFound, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from webapp.api.blueprint import PREFIX, bp
from webapp.extensions import db
from webapp.wording import counted

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 50  # of one answer; whoever sends 500 wrong steps learns enough from these
# What a part of an address names, and where to look for those that exist.
NAMED = {
    "healing_id": ("proposal", "GET {prefix}/flows/{flow_id}/healings lists those of the flow"),
    "uid": ("step", "GET {prefix}/flows/{flow_id}/steps lists the flow's steps"),
    "flow_id": ("flow", "GET {prefix}/flows lists yours"),
    "run_id": ("run", "GET {prefix}/runs lists yours"),
    "import_id": ("import", "POST {prefix}/imports answers its id"),
    "artifact_id": ("artifact", "the steps of GET {prefix}/runs/<id> name theirs"),
}


@dataclass(frozen=True)
class FieldError:
    """A mistake in the request; `field` reads like `steps[2].locators[0].value`."""

    field: str
    detail: str


class FieldErrorBody(BaseModel):
    field: str
    detail: str


class ProblemBody(BaseModel):
    """RFC 9457, with `errors` for each field and a few members that a kind of problem adds."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorBody] = []


class Problem(Exception):
    """An answer that says why a request was refused; `kind` is the last part of its type."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.title, self.detail = status, kind, title, detail
        self.errors, self.headers, self.members = list(errors), headers or {}, members

    def answer(self) -> Response:
        body: dict[str, Any] = {
            "type": f"urn:lamplighter:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        if self.errors:
            shown = self.errors[:MOST_ERRORS]
            body["errors"] = [{"field": one.field, "detail": one.detail} for one in shown]
        text = json.dumps(body, ensure_ascii=False)
        # A lone surrogate from the request is shown as “?” instead of breaking the answer.
        return Response(
            text.encode(errors="replace"), self.status, self.headers, mimetype=MEDIA_TYPE
        )


def invalid(errors: Sequence[FieldError]) -> Problem:
    """422 for well-formed JSON that says what cannot be."""
    first = errors[0]
    where = f"{first.field}: " if first.field else ""
    more = len(errors) - 1
    rest = "" if not more else f" (and {more} more {'mistake' if more == 1 else 'mistakes'})"
    return Problem(
        422,
        "invalid-fields",
        "The request cannot be used as it is",
        f"{where}{first.detail}{rest}",
        errors=errors,
    )


def conflict(kind: str, title: str, detail: str, **members: Any) -> Problem:
    return Problem(409, kind, title, detail, **members)


@bp.before_app_request
def refuse_unknown_routes() -> Response | None:
    """404 and 405 of addresses under the prefix that no view answers.

    The error handlers of a blueprint never see them: such a request belongs to no blueprint.
    """
    error = request.routing_exception
    if error is None or not (request.path + "/").startswith(PREFIX + "/"):
        return None
    return on_http_error(error)


@bp.errorhandler(Problem)
def on_problem(problem: Problem) -> Response:
    db.session.rollback()
    return problem.answer()


@bp.errorhandler(HTTPException)
def on_http_error(error: HTTPException) -> Response:
    db.session.rollback()
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    kind = phrase.lower().replace(" ", "-")
    return Problem(status, kind, phrase, _in_words(error, status), headers=headers).answer()


@bp.errorhandler(IntegrityError)
@bp.errorhandler(NoResultFound)
@bp.errorhandler(StaleDataError)
def on_lost_ground(error: SQLAlchemyError) -> Response:
    """What the request built on went away before its commit: a flow that somebody deletes."""
    db.session.rollback()
    log.warning("API request %s %s lost a race: %s", request.method, request.path, error)
    return conflict(
        "changed-meanwhile",
        "It was changed meanwhile",
        "Somebody changed or deleted what this request builds on. Read it again, and try again.",
    ).answer()


@bp.errorhandler(Exception)
def on_crash(error: Exception) -> Response:
    db.session.rollback()
    log_id = secrets.token_hex(6)
    log.exception("API request %s %s failed [%s]", request.method, request.path, log_id)
    return Problem(
        500,
        "internal-server-error",
        "Something went wrong on our side",
        "This is our mistake, and nothing was changed. Whoever runs this Lamplighter finds it in "
        f"the log under {log_id}.",
        log_id=log_id,
    ).answer()


def _in_words(error: HTTPException, status: int) -> str:
    if isinstance(error, NotFound):
        return _nothing_there()
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return f"{request.path} does not take {request.method}; it takes {allowed}."
    if isinstance(error, RequestEntityTooLarge):
        most = (request.max_content_length or 0) // 1_000_000
        return f"The body is larger than {most} MB. Send less at once."
    if status == 429:
        return f"That was tried too often: {_limit(error)} are allowed. Wait, then try again."
    return error.description or HTTPStatus(status).description


def _limit(error: HTTPException) -> str:
    """“10 per 5 minute”, as the limiter has it, in words."""
    said = error.description or ""
    words = re.sub(r"per (\d+) (\w+)", lambda per: f"per {counted(int(per[1]), per[2])}", said)
    return re.sub(r"per 1\b", "per", words)


def _nothing_there() -> str:
    named = request.view_args or {}
    for part, (what, hint) in NAMED.items():
        if part in named:
            where = hint.format(prefix=PREFIX, **named)
            return f"There is no {what} {str(named[part])[:80]} that belongs to you; {where}."
    return (
        f"There is nothing at {request.path[:200]}; GET {PREFIX}/openapi.json lists what there is."
    )
