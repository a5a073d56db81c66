"""The editor says what makes a flow weak: beside the steps, and at the step itself."""

import re

import pytest

from tests.factories import make_flow

WAIT = {"number": 1, "action": "wait", "content": "3"}
PASSWORD = {
    "number": 2,
    "action": "type",
    "locators": [{"by": "css", "value": "input[type=password]"}],
    "content": "geheim-77",
}
FRAGILE = {
    "number": 3,
    "action": "click",
    "locators": [{"by": "xpath", "value": "/html/body/div[3]/button"}],
}
SOUND = {
    "number": 1,
    "action": "assert_text",
    "locators": [{"by": "css", "value": "h1"}],
    "content": "Shop",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def weak(alice):
    return make_flow(alice, steps=[WAIT, PASSWORD, FRAGILE])


def card(page: str) -> str:
    return re.search(r'<section class="card" id="hints".*?</section>', page, re.DOTALL)[0]


def uids(page: str) -> list[str]:
    return re.findall(r'data-uid="(\w+)"', page)


def test_each_hint_leads_to_its_step(as_alice, weak):
    page = as_alice.get(f"/flows/{weak.id}").text
    hints = card(page)
    assert re.findall(r'class="hint hint-(\w+)"', hints) == [
        "warning",
        "hint",
        "problem",
        "warning",
    ]
    assert "No step checks what the page shows" in hints
    for uid in uids(page):
        assert f'href="/flows/{weak.id}?edit={uid}#step-form" data-editor' in hints
    assert "geheim-77" not in hints


def test_a_step_with_a_hint_is_marked_in_the_list(as_alice, weak):
    page = as_alice.get(f"/flows/{weak.id}").text
    marks = re.findall(r'class="step-remark step-remark-(\w+)"', page)
    assert marks == ["hint", "problem", "warning"]


def test_a_flow_without_weakness_is_told_so_in_a_line(as_alice, alice):
    page = as_alice.get(f"/flows/{make_flow(alice, steps=[SOUND]).id}").text
    assert "Nothing to remark" in card(page)
    assert "step-remark" not in page


def test_the_hints_after_a_change_are_those_of_the_newest_version(as_alice, weak):
    uid = uids(as_alice.get(f"/flows/{weak.id}").text)[0]
    as_alice.post(f"/flows/{weak.id}/steps/{uid}/delete", data={"version": 1}, headers=HTMX)
    fragment = as_alice.get(f"/flows/{weak.id}/hints", headers=HTMX).text
    assert fragment.strip().startswith('<section class="card" id="hints"')
    assert uid not in fragment
    assert "whatever happens" not in fragment


def test_many_hints_are_folded(as_alice, alice):
    flow = make_flow(alice, steps=[{**WAIT, "number": number} for number in range(1, 10)])
    hints = card(as_alice.get(f"/flows/{flow.id}").text)
    shown, folded = hints.split("<details")
    assert shown.count("whatever happens") == 4  # behind the one about the whole flow
    assert "5 more hints" in folded and folded.count("whatever happens") == 5


def test_a_stranger_finds_no_hints(as_charlie, weak):
    assert as_charlie.get(f"/flows/{weak.id}/hints").status_code == 404
