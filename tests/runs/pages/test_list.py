from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from tests.factories import make_flow, make_run, project_of
from webapp import clock
from webapp.extensions import db
from webapp.runs.models import Run
from webapp.runs.queries import Filters, page_of_runs
from webapp.runs.states import State, Trigger

HTMX = {"HX-Request": "true"}


@pytest.fixture
def flow(alice):
    return make_flow(alice)


def ids_on(page):
    return [run.id for run in page.runs]


def test_runs_are_listed_newest_first(as_alice, flow):
    first, second = make_run(flow, State.PASSED), make_run(flow, State.FAILED)
    page = as_alice.get("/runs/").text
    assert page.index(f"/runs/{second.id}") < page.index(f"/runs/{first.id}")
    assert "<title>Runs" in page


def test_a_newcomer_is_led_to_the_flows(as_alice):
    page = as_alice.get("/runs/").text
    assert "No run yet" in page
    assert 'href="/flows/"' in page


def test_filters_that_fit_nothing_can_be_cleared(as_alice, flow):
    make_run(flow, State.PASSED)
    page = as_alice.get("/runs/?state=failed").text
    assert "No run matches" in page
    assert "Clear the filters" in page


def test_htmx_gets_the_table_alone(as_alice, flow):
    make_run(flow)
    part = as_alice.get("/runs/?state=live", headers=HTMX).text
    assert part.strip().startswith('<div id="run-table"')
    assert 'hx-get="/runs/?state=live"' in part


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("state=failed", [State.FAILED]),
        ("state=broken", [State.TIMED_OUT, State.ERRORED, State.FAILED]),
        ("state=live", [State.RUNNING, State.STARTING, State.QUEUED]),
        ("state=", list(reversed(State))),
    ],
)
def test_the_state_filters(as_alice, flow, query, kept):
    runs = {state: make_run(flow, state).id for state in State}
    page = as_alice.get(f"/runs/?{query}", headers=HTMX).text
    shown = sorted(runs.values(), key=lambda id: page.find(f'run-link-{id}"'))
    assert [id for id in shown if f'run-link-{id}"' in page] == sorted(
        (runs[state] for state in kept), reverse=True
    )


def test_the_flow_and_the_trigger_filter(alice, flow):
    other = make_flow(alice, name="Search")
    mine = make_run(flow, State.PASSED, trigger=Trigger.API)
    make_run(flow, State.PASSED)
    make_run(other, State.PASSED, trigger=Trigger.API)
    filters = Filters(flow_id=flow.id, trigger=Trigger.API)
    assert ids_on(page_of_runs(flow.project_id, filters)) == [mine.id]


def test_the_time_filters_in_the_readers_zone(as_alice, alice, flow):
    alice.time_zone = "Asia/Tokyo"
    db.session.commit()
    for hour in (1, 3, 5):
        at = clock.now().replace(year=2026, month=1, day=10, hour=hour, minute=0)
        make_run(flow, State.PASSED, queued_at=at, started_at=at)
    page = as_alice.get("/runs/?when=between&from=2026-01-10T11:30&to=2026-01-10T12:30").text
    assert page.count("run-link-") == 1


def test_todays_runs_begin_at_midnight_of_the_reader(as_alice, flow):
    make_run(flow, State.PASSED, queued_at=clock.now() - timedelta(days=1, minutes=1))
    today = make_run(flow, State.PASSED)
    page = as_alice.get("/runs/?when=today").text
    assert f"run-link-{today.id}" in page
    assert page.count("run-link-") == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("flow=x", "A flow is given by its number, like 17, not by “x”."),
        ("state=gone", "There is no state “gone”."),
        ("trigger=moon", "There is no trigger “moon”."),
        ("when=soon", "There is no time span “soon”."),
        ("when=between&from=noon", "“noon” is not a day and time like"),
        ("when=between&from=2026-02-02T00:00&to=2026-01-01T00:00", "later than the beginning"),
    ],
)
def test_bad_filters_are_named_and_kept(as_alice, flow, query, sentence):
    make_run(flow)
    answer = as_alice.get(f"/runs/?{query}")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_strangers_see_none_of_it(as_charlie, flow):
    make_run(flow, State.PASSED)
    assert "No run yet" in as_charlie.get("/runs/").text
    assert "Checkout" not in as_charlie.get(f"/runs/?flow={flow.id}").text


def test_names_are_text_and_not_markup(as_alice, alice):
    make_run(make_flow(alice, name="<img src=x>"), State.FAILED, failed_step_number=1,
             failed_step_name="<b>Pay</b>")  # fmt: skip
    page = as_alice.get("/runs/").text
    assert "<img src=x>" not in page and "<b>Pay" not in page
    assert "&lt;img src=x&gt;" in page


def test_old_pages_link_to_their_neighbours(as_alice, flow):
    runs = [make_run(flow, State.PASSED).id for _ in range(60)]
    first = as_alice.get("/runs/").text
    assert f'href="/runs/?before={runs[35]}"' in first and "Newer" not in first
    second = as_alice.get(f"/runs/?before={runs[35]}").text
    assert f'href="/runs/?after={runs[34]}"' in second
    assert f'href="/runs/?before={runs[10]}"' in second
    third = as_alice.get(f"/runs/?before={runs[10]}").text
    assert "Older" not in third


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kinds=st.lists(
        st.tuples(st.sampled_from(list(State)), st.sampled_from(list(Trigger))), max_size=40
    ),
    states=st.frozensets(st.sampled_from(list(State)), max_size=3),
    trigger=st.none() | st.sampled_from(list(Trigger)),
    size=st.integers(1, 7),
)
def test_paging_shows_every_run_once_both_ways(alice, flow, kinds, states, trigger, size):
    project_id, version_id = project_of(alice).id, make_run(flow).version_id
    db.session.execute(delete(Run))
    rows = [
        {"project_id": project_id, "flow_id": flow.id, "version_id": version_id, "state": state,
         "trigger": trigger}
        for state, trigger in kinds
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(Run), rows)
    db.session.commit()
    filters = Filters(states=states, trigger=trigger)
    wanted = [
        run.id
        for run in db.session.scalars(select(Run).order_by(Run.id.desc()))
        if (not states or run.state in states) and trigger in (None, run.trigger)
    ]
    seen, page = [], page_of_runs(project_id, filters, size=size)
    assert page.newer_than is None
    seen += ids_on(page)
    pages = [page]
    while page.older_than is not None:
        page = page_of_runs(project_id, filters, before=page.older_than, size=size)
        seen += ids_on(page)
        pages.append(page)
    assert seen == wanted
    for newer in reversed(pages[:-1]):
        page = page_of_runs(project_id, filters, after=page.newer_than, size=size)
        assert ids_on(page) == ids_on(newer)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("way", ["before", "after"])
def test_a_number_that_no_run_can_have_is_no_error(as_alice, flow, way, sign):
    run = make_run(flow, State.PASSED)
    page = as_alice.get(f"/runs/?{way}={sign}{10**23}")
    assert page.status_code == 200
    is_there = (way == "before") == (sign == "")
    assert (f'href="/runs/{run.id}"' in page.text) is is_there


@pytest.mark.parametrize(
    ("span", "is_there"),
    [
        ("from=0001-01-01T00:00", True),
        ("to=9999-12-31T23:59", True),
        ("from=0001-01-01T00:00&to=9999-12-31T23:59", True),
        ("from=9999-12-31T23:59", False),
        ("to=0001-01-01T00:00", False),
    ],
)
def test_the_ends_of_the_calendar_are_no_error(as_alice, flow, span, is_there):
    run = make_run(flow, State.PASSED)
    page = as_alice.get(f"/runs/?when=between&{span}")
    assert page.status_code == 200
    assert (f'href="/runs/{run.id}"' in page.text) is is_there
