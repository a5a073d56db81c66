"""The blueprint of accounts, and what all its pages share."""

import time
from typing import Any

from flask import Blueprint, Response, render_template
from flask_limiter import RateLimitExceeded

from webapp.extensions import limiter
from webapp.pages import render

bp = Blueprint("accounts", __name__)

START = "/flows/"


def page(name: str, status: int = 200, **context: Any) -> Response:
    return render(f"accounts/{name}.html", fragment="content", status=status, **context)


@bp.after_request
def keep_out_of_caches(response: Response) -> Response:
    """The back button must not show an account to whoever comes after its owner logged out."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(RateLimitExceeded)
def too_often(_error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    hit = limiter.current_limit
    seconds = max(1, round(hit.reset_at - time.time())) if hit else 60
    page = render_template(
        "error.html",
        code=429,
        title="That was too often",
        message=f"To keep strangers from guessing, this form rests now and then. "
        f"Try again in {_in_words(seconds)}.",
    )
    return page, 429, {"Retry-After": str(seconds)}


def _in_words(seconds: int) -> str:
    for length, unit in ((3600, "hour"), (60, "minute")):
        if seconds > length:
            count = -(-seconds // length)
            return f"{count} {unit}s" if count > 1 else f"one {unit}"
    return f"{seconds} seconds" if seconds > 1 else "one second"
