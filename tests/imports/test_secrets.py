"""A secret that a recording holds is in no page, answer or export, wherever it stood."""

import json

import pytest
from sqlalchemy import select

from tests.factories import project_of
from tests.imports.files import recording, side
from webapp.exports.exporting import FORMATS, export_flow
from webapp.extensions import db
from webapp.flows.bodies import open_body
from webapp.flows.editing import current_version
from webapp.imports.importing import Choices, make_flows, receive
from webapp.imports.models import Import

VALUE = "Pw-Zeta-7777"


def imported(alice, content: bytes):
    row = receive(project_of(alice), alice, f"{VALUE}.side", content)
    return make_flows(row, alice, Choices())


@pytest.mark.parametrize(
    "content",
    [
        side(
            ("type", "css=input[type=password]", VALUE),
            ("executeScript", f"document.f.pw.value = '{VALUE}'", "x"),
            ("assertValue", "id=pw", VALUE),
            ("echo", f"pw is {VALUE}"),
            {"command": "click", "target": "id=go", "comment": f"Log in with {VALUE}"},
        ),
        side(("sendKeys", "id=password", f"{VALUE}${{KEY_ENTER}}")),
        side(("open", f"/?token={VALUE}&x=1"), ("assertText", "css=p", f"Your token: {VALUE}")),
        side(("customType", "id=password", VALUE)),
        recording(
            {"type": "navigate", "url": f"https://shop.example/?api_key={VALUE}"},
            {"type": "change", "selectors": ["#password"], "value": VALUE},
            {"type": "waitForElement", "selectors": ["#password"], "properties": {"value": VALUE}},
        ),
    ],
    ids=["everywhere", "with keys", "in an address", "of a plugin", "recorder"],
)
def test_it_is_nowhere_in_clear_text(database, alice, content):
    flows = imported(alice, content)
    db.session.commit()
    row = db.session.scalars(select(Import)).one()
    assert VALUE not in json.dumps([row.report, row.groups]).replace(row.file_name, "")
    for flow in flows:
        assert VALUE not in json.dumps(current_version(flow).body)
        for name in FORMATS:
            assert VALUE not in export_flow(flow, name).text


def test_it_is_played_all_the_same(database, alice):
    (flow,) = imported(
        alice,
        side(("type", "id=password", VALUE), ("sendKeys", "id=name", VALUE), ("echo", VALUE)),
    )
    first, *others = open_body(current_version(flow)).steps
    assert (first.action, first.secret, first.content) == ("set_variable", True, VALUE)
    assert {step.content for step in others} == {"{{ secret_1 }}"}


def test_one_that_is_typed_once_is_sealed_where_it_is_typed(database, alice):
    (flow,) = imported(alice, side(("type", "id=password", VALUE), ("type", "id=name", "Al")))
    (typed, name) = open_body(current_version(flow)).steps
    assert (typed.secret, typed.content, name.secret) == (True, VALUE, False)
