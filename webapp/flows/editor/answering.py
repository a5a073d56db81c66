"""What the editor answers to a change: the list, or the form again, for htmx and without it."""

import json
from typing import Any

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.flows.editor.page import EditorPage
from webapp.pages import render, wants_fragment

SHOW = "flows/show.html"


def form_alone(page: EditorPage, status: int) -> Response:
    """Only the form of the page, in place of the one that was sent."""
    response = render(SHOW, fragment="step_form", status=status, page=page)
    response.headers["HX-Retarget"] = "#step-form"
    response.headers["HX-Reswap"] = "outerHTML"
    return private(response)


def private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"  # it may hold a secret that was just typed
    return response


def answer(
    page: EditorPage, said: str, anchor: str = "editor", kind: str = "success"
) -> AnyResponse:
    """The list for htmx, with the words for a screen reader; a redirect for everybody else.

    `page.land_on` is the id of what the reader's focus goes to.
    """
    if wants_fragment():
        response = render(SHOW, fragment="editor", page=page)
        words = {"announce": said} if kind == "success" else {"toast": {"text": said, "kind": kind}}
        response.headers["HX-Trigger"] = json.dumps(words)
        if page.land_on:
            response.headers["HX-Trigger-After-Settle"] = json.dumps({"land": page.land_on})
        return response
    flash(said, kind)
    return redirect(_after(page, anchor), code=303)


def _after(page: EditorPage, anchor: str) -> str:
    """The editor's address; after a deletion it says what can be put back."""
    if page.deleted is None:
        return url_for("flows.show", flow_id=page.flow.id, _anchor=anchor)
    gone: dict[str, Any] = {"deleted": page.deleted.uid, "from": page.deleted.version}
    return url_for("flows.show", flow_id=page.flow.id, **gone)
