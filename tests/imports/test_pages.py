"""From a file to flows, through the pages: the report first, then what its owner chose."""

import io
import json

from sqlalchemy import select

from tests.factories import project_of
from tests.imports.files import recording, side
from webapp import clock
from webapp.extensions import db
from webapp.flows.bodies import open_body
from webapp.flows.editing import current_version
from webapp.flows.models import Flow
from webapp.imports.importing import KEPT, forget_old, receive
from webapp.imports.models import Import


def project(*tests: tuple[str, list]) -> bytes:
    found = [
        {
            "id": name,
            "name": name,
            "commands": [
                dict(zip(("command", "target", "value"), one, strict=False)) for one in commands
            ],
        }
        for name, commands in tests
    ]
    return json.dumps(
        {"name": "Shop", "version": "3.0", "url": "https://shop.example", "tests": found}
    ).encode()


TWO = project(
    ("Log in", [("open", "/"), ("type", "id=password", "geheim-77"), ("run", "Check")]),
    ("Check", [("assertText", "css=h1", "Hello")]),
)


def send(client, content: bytes, name: str = "shop.side"):
    file = (io.BytesIO(content), name)
    return client.post("/imports/", data={"file": file}, content_type="multipart/form-data")


def flows() -> list[Flow]:
    return list(db.session.scalars(select(Flow).order_by(Flow.name)))


def test_nothing_is_saved_before_the_report_was_seen(as_alice):
    answer = send(as_alice, TWO)
    page = as_alice.get(answer.headers["Location"]).text
    assert flows() == []
    assert "type | id=password | ••••" in page
    assert "geheim-77" not in page
    assert "This flow checks nothing" in page
    kept = db.session.scalars(select(Import)).one()
    assert "geheim-77" not in json.dumps(kept.report) + str(kept.sealed)


def test_the_flows_are_made_as_chosen(as_alice):
    shown = send(as_alice, TWO).headers["Location"]
    secret = db.session.scalars(select(Import)).one().report["flows"][0]["secrets"][0]["uid"]
    chosen = {"take-0": "1", "take-1": "1", "secret": secret, "name-0": "Sign in"}
    answer = as_alice.post(f"{shown}/make", data={**chosen, "url-1": "https://www.shop.example"})
    assert answer.status_code == 303
    check, sign_in = flows()
    assert (check.name, check.url, sign_in.name) == ("Check", "https://www.shop.example", "Sign in")
    body = current_version(sign_in).body["steps"]
    assert (body[1]["secret"], body[1]["content"], body[2]["action"]) == (True, None, "shared")
    assert body[2]["options"]["flow"] == check.id
    assert open_body(current_version(sign_in)).steps[1].content == "geheim-77"
    assert "Sign in" in as_alice.get(shown).text
    again = as_alice.post(f"{shown}/make", data=chosen, follow_redirects=True)
    assert "decided already" in again.text
    assert len(flows()) == 2


def test_a_flow_that_is_left_out_is_kept_out_of_the_others(as_alice):
    shown = send(as_alice, TWO).headers["Location"]
    as_alice.post(f"{shown}/make", data={"take-0": "1"})
    (only,) = flows()
    assert [step["action"] for step in current_version(only).body["steps"]] == [
        "open",
        "type",
        "note",
    ]
    assert current_version(only).body["steps"][1]["content"] == "geheim-77"  # not ticked


def test_suggestions_that_are_chosen_stand_behind_their_step(as_alice):
    events = [{"type": "navigation", "url": "https://shop.example/cart", "title": "Cart"}]
    content = recording(
        {"type": "navigate", "url": "https://shop.example/"},
        {"type": "click", "selectors": ["a"], "assertedEvents": events},
        {"type": "hover", "selectors": ["a"]},
    )
    shown = send(as_alice, content, "r.json").headers["Location"]
    suggestion = db.session.scalars(select(Import)).one().report["flows"][0]["suggestions"][1]
    as_alice.post(f"{shown}/make", data={"take-0": "1", "suggestion": suggestion["id"]})
    steps = current_version(flows()[0]).body["steps"]
    assert [step["action"] for step in steps] == ["open", "click", "assert_title", "hover"]
    assert [step["number"] for step in steps] == [1, 2, 3, 4]


def test_a_missing_address_is_asked_for_and_what_was_typed_stays(as_alice):
    shown = send(as_alice, side(("click", "id=a"), url=""), "x.side").headers["Location"]
    answer = as_alice.post(f"{shown}/make", data={"take-0": "1", "name-0": "Mine", "url-0": ""})
    assert answer.status_code == 422
    assert "Type the address at which the flow starts" in answer.text
    assert 'value="Mine"' in answer.text
    assert flows() == []


def test_what_cannot_be_read_is_said_on_the_page(as_alice):
    answer = send(as_alice, b'{"tests": 5}')
    assert (answer.status_code, "tests: expected a list, found “5”" in answer.text) == (422, True)
    assert as_alice.post("/imports/").status_code == 422
    boundary = "multipart/form-data; boundary=x"
    too_large = as_alice.post("/imports/", data=b" " * 6_000_000, content_type=boundary)
    assert (too_large.status_code, "larger than 5 MB" in too_large.text) == (422, True)


def test_importing_nothing_forgets_what_was_read(as_alice):
    shown = send(as_alice, TWO).headers["Location"]
    as_alice.post(f"{shown}/drop")
    row = db.session.scalars(select(Import)).one()
    assert (row.state, row.sealed, flows()) == ("dropped", None, [])


def test_an_undecided_import_is_forgotten_after_a_day(as_alice):
    send(as_alice, TWO)
    row = db.session.scalars(select(Import)).one()
    assert forget_old() == 0
    row.created_at = clock.now() - KEPT - KEPT
    db.session.commit()
    assert forget_old() == 1


def test_imports_of_others_are_not_there(app, alice, as_charlie):
    with app.app_context():
        row = receive(project_of(alice), alice, "shop.side", TWO)
        db.session.commit()
        shown = f"/imports/{row.id}"
    assert as_charlie.get(shown).status_code == 404
    assert as_charlie.post(f"{shown}/make", data={"take-0": "1"}).status_code == 404
    assert as_charlie.post(f"{shown}/drop").status_code == 404
    assert flows() == []
