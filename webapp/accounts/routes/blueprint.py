"""The blueprint of accounts, and what all its pages share."""

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_limiter import RateLimitExceeded

from webapp.extensions import limiter
from webapp.pages import render

bp = Blueprint("accounts", __name__)

START = "/flows/"

Draw = Callable[[str], Response]
RESTING: dict[str, Draw] = {}


def page(name: str, status: int = 200, **context: Any) -> Response:
    return render(f"accounts/{name}.html", fragment="content", status=status, **context)


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    """The back button must not show an account to whoever comes after its owner logged out."""
    response.headers["Cache-Control"] = "no-store"
    return response


def while_resting(name: str) -> Callable[[Draw], Draw]:
    """Register how the form of a view is shown again, with what was typed and a sentence."""

    def register(draw: Draw) -> Draw:
        RESTING[f"{bp.name}.{name}"] = draw
        return draw

    return register


@bp.errorhandler(RateLimitExceeded)
def too_often(_error: RateLimitExceeded) -> Response:
    """The form again, and when to send it; an error page where nothing worth keeping was typed."""
    hit = limiter.current_limit
    seconds = max(1, round(hit.reset_at - time.time())) if hit else 60
    title, message = (
        "That was too often",
        "To keep strangers from guessing, this form rests now and then. "
        f"Try again in {_in_words(seconds)}.",
    )
    if draw := RESTING.get(request.endpoint or ""):
        response = draw(f"{title}. {message}")
    else:
        response = make_response(
            render_template("error.html", code=429, title=title, message=message)
        )
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    return response


def _in_words(seconds: int) -> str:
    for length, unit in ((3600, "hour"), (60, "minute")):
        if seconds > length:
            count = -(-seconds // length)
            return f"{count} {unit}s" if count > 1 else f"one {unit}"
    return f"{seconds} seconds" if seconds > 1 else "one second"
