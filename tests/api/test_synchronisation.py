from datetime import timedelta

from tests.factories import make_flow, make_run
from webapp import clock
from webapp.extensions import db
from webapp.runs.models import Run

ALL = "2000-01-01T00:00:00Z"


def one_round(api, since, limit=200, between=lambda: None):
    """What a client does: follow the cursor to the end; gives runs by id and the next instant."""
    known, cursor, following = {}, "", None
    while cursor is not None:
        page = api.get(f"/runs?updated_since={since}&limit={limit}{cursor}").json
        known |= {run["id"]: run for run in page["items"]}
        following = page["next_updated_since"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        between()
    return known, following


def touch(run: Run, at) -> None:
    run.updated_at = at
    db.session.commit()


def test_changes_come_the_oldest_first(api, alice):
    flow = make_flow(alice)
    first, second = make_run(flow), make_run(flow)
    touch(first, clock.now() + timedelta(seconds=5))
    ids = [run["id"] for run in api.get(f"/runs?updated_since={ALL}").json["items"]]
    assert ids == [second.id, first.id]


def test_runs_of_the_same_millisecond_are_neither_lost_nor_doubled(api, alice):
    flow, at = make_flow(alice), clock.now()
    ids = []
    for _ in range(7):
        run = make_run(flow)
        touch(run, at)
        ids.append(run.id)
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/runs?updated_since={clock.wire(at)}&limit=2{cursor}").json
        seen += [run["id"] for run in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == ids


def test_a_run_that_changes_while_somebody_pages_comes_again(api, alice):
    flow = make_flow(alice)
    runs = [make_run(flow) for _ in range(6)]
    touched = []

    def change_the_first():
        if not touched:
            touch(runs[0], clock.now() + timedelta(seconds=1))
            touched.append(clock.wire(runs[0].updated_at))

    known, _ = one_round(api, ALL, limit=2, between=change_the_first)
    assert known.keys() == {run.id for run in runs}
    assert known[runs[0].id]["updated_at"] == touched[0]


def test_a_change_that_was_committed_late_is_in_the_next_round(api, alice):
    flow = make_flow(alice)
    for _ in range(3):
        make_run(flow)
    known, following = one_round(api, ALL, limit=2)
    late = make_run(flow)  # its commit had to wait while the round was read
    touch(late, clock.now() - timedelta(seconds=40))
    assert late.id not in known
    again, _ = one_round(api, following)
    assert late.id in again


def test_the_next_round_begins_before_this_one_did_and_not_before_its_last_page(api, alice):
    flow = make_flow(alice)
    for _ in range(3):
        make_run(flow)
    before = clock.now()
    first = api.get(f"/runs?updated_since={ALL}&limit=2").json
    last = api.get(f"/runs?updated_since={ALL}&limit=2&cursor={first['next_cursor']}").json
    assert first["next_updated_since"] == last["next_updated_since"]
    assert first["next_updated_since"] <= clock.wire(clock.now() - timedelta(seconds=59))
    assert first["next_updated_since"] >= clock.wire(before - timedelta(seconds=61))


def test_a_cursor_of_the_other_order_is_refused(api, alice):
    flow = make_flow(alice)
    for _ in range(2):
        make_run(flow)
    cursor = api.get("/runs?limit=1").json["next_cursor"]
    refused = api.get(f"/runs?updated_since={ALL}&cursor={cursor}")
    assert refused.status_code == 422
