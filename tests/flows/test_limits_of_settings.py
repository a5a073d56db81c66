"""What a flow may be called, where it may begin, and how long it may take."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow
from tests.flows.test_settings import TYPED
from webapp.extensions import db
from webapp.flows.models import Flow


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Pay\u202enow"}, "The name has an invisible character (U+202E) in it"),
        ({"name": "Pay\u2066now"}, "(U+2066)"),
        ({"url": "https://ada:hunter2@shop.example.org/"}, "The address has a password in it"),
        ({"step_timeout_seconds": "20", "run_timeout_seconds": "15"}, "stopped after 15 s"),
    ],
)
def test_it_is_refused_with_a_sentence(as_alice, changes, sentence):
    answer = as_alice.post("/flows/", data=TYPED | changes)
    assert answer.status_code == 422 and sentence in answer.text
    assert db.session.scalars(select(Flow)).all() == []


def test_a_user_without_password_in_the_address_is_no_secret(as_alice):
    typed = TYPED | {"url": "https://ada@shop.example.org/"}
    assert as_alice.post("/flows/", data=typed).status_code == 303


def test_a_name_in_hebrew_is_a_name(as_alice):
    as_alice.post("/flows/", data=TYPED | {"name": "תשלום"})
    assert db.session.scalars(select(Flow)).one().name == "תשלום"


def test_a_search_for_a_nul_finds_what_is_left_of_it(as_alice, alice):
    make_flow(alice, name="Checkout")
    answer = as_alice.get("/flows/?q=%00")
    assert answer.status_code == 200 and "Checkout" in answer.text
    assert "Checkout" in as_alice.get("/flows/?q=Check%00out").text


def test_a_page_behind_the_last_says_so(as_alice, alice):
    make_flow(alice)
    page = as_alice.get("/flows/?page=99").text
    assert "There is no page 99" in page and "Show the first page" in page
    assert "No flow matches" not in page


def test_a_long_address_may_be_broken_anywhere():
    from pathlib import Path

    css = Path("static/css/editor.css").read_text()
    assert ".step-opening .step-text > span { overflow-wrap: anywhere; }" in css
