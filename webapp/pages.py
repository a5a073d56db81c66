"""Render a page, or just the part of it that htmx asked for."""

from typing import Any

from flask import Response, make_response, render_template
from htmx_flask import request
from jinja2_fragments.flask import render_block


def wants_fragment() -> bool:
    """A boosted link or a history restore swaps the whole body, so it needs the page."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(template: str, *, fragment: str, status: int = 200, **context: Any) -> Response:
    """The block `fragment` of the template for htmx, the whole template for everyone else."""
    if wants_fragment():
        html = render_block(template, fragment, **context)
    else:
        html = render_template(template, **context)
    response = make_response(html, status)
    response.vary.add("HX-Request")  # one URL, two bodies: caches must keep them apart
    return response
