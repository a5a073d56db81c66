from datetime import timedelta

import pytest

from tests.factories import make_flow, make_run
from webapp import clock
from webapp.extensions import db
from webapp.flows.listing import PAGE_SIZE
from webapp.runs.states import State

HTMX = {"HX-Request": "true"}


def test_an_empty_list_says_how_to_begin(as_alice):
    page = as_alice.get("/flows/").text
    assert "Build your first flow" in page
    assert "Add the sample flow" in page


def test_the_list_shows_flows_with_their_last_run_and_next_moment(as_alice, alice):
    flow = make_flow(alice, name="Checkout", cron="@hourly")
    as_alice.post(f"/flows/{flow.id}/activate")
    make_run(flow, State.FAILED)
    make_run(flow, State.PASSED)
    page = as_alice.get("/flows/").text
    assert "Checkout" in page and "Every hour" in page and "next" in page
    assert 'data-state="passed"' in page
    assert "Last 2 runs: 1 passed, 1 failed" in page


def test_a_schedule_that_is_not_kept_says_so(as_alice, alice):
    flow = make_flow(alice)
    as_alice.post(f"/flows/{flow.id}/activate")
    flow.next_at = clock.now() - timedelta(minutes=4)
    db.session.commit()
    page = as_alice.get("/flows/").text
    assert "was due" in page and "4 minutes ago" in page and ">next" not in page


def test_a_stranger_sees_only_the_own_flows(as_charlie, alice):
    make_flow(alice, name="Checkout")
    assert "Checkout" not in as_charlie.get("/flows/").text


def test_searching_swaps_only_the_list(as_alice, alice):
    make_flow(alice, name="Checkout")
    make_flow(alice, name="Log in", url="https://accounts.example.org/")
    part = as_alice.get("/flows/?q=CHECK", headers=HTMX).text
    assert part.strip().startswith('<div id="flow-list"')
    assert "Checkout" in part and "Log in" not in part
    assert "Log in" in as_alice.get("/flows/?q=accounts", headers=HTMX).text


def test_a_search_that_finds_nothing_says_so_and_leads_back(as_alice, alice):
    make_flow(alice)
    page = as_alice.get("/flows/?q=100%25").text
    assert "No flow matches “<bdi>100%</bdi>”" in page and "Show all flows" in page


@pytest.mark.parametrize("why", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_requests_get_the_whole_page(as_alice, why):
    assert "<title>" in as_alice.get("/flows/", headers=HTMX | {why: "true"}).text


def test_caches_keep_page_and_fragment_apart(as_alice):
    assert "HX-Request" in as_alice.get("/flows/").headers["Vary"]


def test_a_long_list_has_pages(as_alice, alice):
    for number in range(PAGE_SIZE + 1):
        make_flow(alice, name=f"Flow {number:03}")
    first, second = as_alice.get("/flows/").text, as_alice.get("/flows/?page=2").text
    last = f"Flow {PAGE_SIZE:03}"
    assert "Flow 000" in first and last not in first and 'rel="next"' in first
    assert last in second and "Flow 000" not in second and 'rel="prev"' in second


def test_names_are_shown_as_text(as_alice, alice):
    make_flow(alice, name="<script>alert(1)</script>")
    page = as_alice.get("/flows/").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_the_list_leads_to_imports_whether_it_is_empty_or_not(as_alice, alice):
    assert 'href="/imports/new"' in as_alice.get("/flows/").text
    make_flow(alice)
    assert 'href="/imports/new"' in as_alice.get("/flows/").text
