import time

import pytest

from tests.factories import make_flow, make_run, project_of
from tests.live.streams import Reader
from webapp import clock
from webapp.extensions import db
from webapp.live import bus
from webapp.live import stream as streams
from webapp.live.cursors import cursor_now, newest_id, wire_id
from webapp.live.models import LiveEvent
from webapp.runs.states import State, move


def record(user, *names, **ids):
    for name in names:
        bus.record(name, project_of(user).id, {"flow": "Checkout"}, **ids)
        db.session.commit()


def wait_until(claim, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not become true"
        time.sleep(0.01)


def test_events_come_in_the_order_in_which_they_were_committed(as_alice, alice):
    with Reader(as_alice, "/events") as reader:
        record(alice, "flow.created", "flow.activated", "flow.paused")
        frames = [reader.next() for _ in range(3)]
    assert [frame.event for frame in frames] == ["flow.created", "flow.activated", "flow.paused"]
    ids = [int(frame.id.split("-")[1]) for frame in frames]
    assert ids == sorted(ids)


def test_an_envelope_is_what_the_contract_says(as_alice, alice):
    with Reader(as_alice, "/events") as reader:
        record(alice, "flow.updated", flow_id=17)
        frame = reader.next()
    row = db.session.query(LiveEvent).one()
    assert frame.envelope == {
        "id": wire_id(row.at, row.id),
        "type": "flow.updated",
        "timestamp": row.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "runId": None,
        "flowId": 17,
        "suiteRunId": None,
        "data": {"flow": "Checkout"},
    }
    assert frame.id == frame.envelope["id"]


def test_a_client_that_comes_back_gets_what_it_missed_and_nothing_twice(as_alice, alice):
    cursor = cursor_now()
    record(alice, "flow.created", "flow.updated")
    with Reader(as_alice, f"/events?after={cursor}") as reader:
        assert reader.next().event == "flow.created"
        seen = reader.next()
    record(alice, "flow.paused")
    with Reader(as_alice, "/events?after=0-0", {"Last-Event-ID": seen.id}) as reader:
        assert reader.next().event == "flow.paused"
        record(alice, "flow.deleted")
        assert reader.next().event == "flow.deleted"


def test_a_replay_goes_through_more_than_one_batch(as_alice, alice, monkeypatch):
    monkeypatch.setattr("webapp.live.replay.BATCH", 3)
    cursor = cursor_now()
    record(alice, *["flow.updated"] * 10)
    with Reader(as_alice, f"/events?after={cursor}") as reader:
        rows = [int(reader.next().id.split("-")[1]) for _ in range(10)]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize("cursor", ["nonsense", "0-1", "99999999999999-1", "-", "1-2-3"])
def test_an_unknown_cursor_gets_one_reset_and_then_what_is_new(as_alice, alice, cursor):
    record(alice, "flow.created")
    with Reader(as_alice, f"/events?after={cursor}") as reader:
        reset = reader.next()
        assert reset.event == "reset"
        record(alice, "flow.updated")
        assert reader.next().event == "flow.updated"
    with Reader(as_alice, f"/events?after={reset.id}") as reader:
        assert reader.next().event == "flow.updated"


def test_a_cursor_beyond_the_newest_event_is_unknown(as_alice, alice):
    record(alice, "flow.created")
    ahead = wire_id(clock.now(), newest_id() + 1)
    with Reader(as_alice, f"/events?after={ahead}") as reader:
        assert reader.next().event == "reset"


def test_strangers_events_stay_with_them(as_alice, alice, charlie):
    with Reader(as_alice, "/events") as reader:
        record(charlie, "flow.created")
        bus.tell("test.output", project_of(charlie).id, {"output": "secret"})
        record(alice, "flow.updated")
        assert reader.next().event == "flow.updated"


def test_best_effort_events_have_no_id_and_leave_the_cursor_alone(as_alice, alice):
    with Reader(as_alice, "/events") as reader:
        record(alice, "flow.created")
        assert reader.next().event == "flow.created"
        bus.tell("test.progress", project_of(alice).id, {"progress": 0.5}, run_id=1)
        frame = reader.next()
    assert (frame.event, frame.id, frame.envelope["id"]) == ("test.progress", None, None)


def test_text_with_line_breaks_arrives_as_it_was(as_alice, alice):
    with Reader(as_alice, "/events") as reader:
        bus.record("flow.created", project_of(alice).id, {"flow": "a\nb\r\u2028c é"})
        db.session.commit()
        assert reader.next().envelope["data"] == {"flow": "a\nb\r\u2028c é"}


def test_a_stream_says_how_to_come_back_and_is_kept_nowhere(as_alice):
    with Reader(as_alice, "/events") as reader:
        assert reader.response.mimetype == "text/event-stream"
        assert reader.response.headers["Cache-Control"] == "no-store"
        assert reader.line().startswith("retry: ")


def test_a_silent_stream_has_heartbeats(as_alice):
    with Reader(as_alice, "/events") as reader:
        lines = [reader.line() for _ in range(6)]
    assert ": still here" in lines


def test_a_stream_holds_no_connection(as_alice, alice, app):
    with Reader(as_alice, "/events") as reader:
        record(alice, "flow.created")
        reader.next()
        db.session.remove()
        pool = db.engine.pool
        wait_until(lambda: pool.checkedout() == 0)


def test_nobody_gets_a_sentence_instead_of_a_stream(client):
    answer = client.get("/events")
    assert answer.status_code == 401
    assert "Log in first" in answer.text
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_program_listens_with_a_token(client, alice):
    from webapp.accounts.credentials import issue_tokens

    token = issue_tokens(alice)["access_token"]
    with Reader(client, "/events", {"Authorization": f"Bearer {token}"}) as reader:
        record(alice, "flow.created")
        assert reader.next().event == "flow.created"
    assert client.get("/events", headers={"Authorization": "Bearer forged"}).status_code == 401


def test_a_user_has_only_so_many_streams(as_alice, monkeypatch):
    monkeypatch.setattr("webapp.live.hub.MOST_STREAMS_OF_A_USER", 2)
    with Reader(as_alice, "/events"), Reader(as_alice, "/events"):
        answer = as_alice.get("/events")
        assert answer.status_code == 429
        assert "Close some of them" in answer.text
        assert answer.headers["Retry-After"]


def test_a_closed_stream_gives_its_place_back(as_alice, hub, alice):
    with Reader(as_alice, "/events"):
        assert hub.counts()[alice.id] == 1
    assert hub.counts()[alice.id] == 0


def test_a_stream_ends_after_its_longest_time(as_alice, monkeypatch):
    monkeypatch.setattr(streams, "LONGEST_SECONDS", 0.3)
    with Reader(as_alice, "/events") as reader:
        assert reader.rest() == []


def test_a_reader_that_lags_is_sent_away_and_finds_everything_when_it_returns(
    as_alice, alice, hub, monkeypatch
):
    monkeypatch.setattr("webapp.live.listeners.MOST_WAITING", 5)
    with Reader(as_alice, "/events") as reader:
        record(alice, "flow.created")
        last = reader.next().id
        reader.may_read.clear()
        record(alice, *["flow.updated"] * 24)
        [listener] = hub._listeners
        wait_until(lambda: listener.has_lagged)
        reader.may_read.set()
        frames = reader.rest()
    assert frames[-1].event == "lagged"
    seen = [frame for frame in frames if frame.event == "flow.updated"]
    assert len(seen) < 24
    last = seen[-1].id if seen else last
    with Reader(as_alice, "/events", {"Last-Event-ID": last}) as reader:
        missed = [reader.next() for _ in range(24 - len(seen))]
    assert len({frame.id for frame in [*seen, *missed]}) == 24


class TestOfOneRun:
    @pytest.mark.parametrize("path", ["/runs/{}/events", "/events?run={}"])
    def test_it_tells_of_this_run_alone_and_ends_with_it(self, as_alice, alice, path):
        flow = make_flow(alice)
        run, other = make_run(flow), make_run(flow)
        with Reader(as_alice, path.format(run.id)) as reader:
            for state in (State.STARTING, State.RUNNING, State.PASSED):
                assert move(other, state) and move(run, state)
                db.session.commit()
            frames = reader.rest()
        assert [frame.event for frame in frames] == ["test.started", "test.completed"]
        assert {frame.envelope["runId"] for frame in frames} == {run.id}

    @pytest.mark.parametrize("path", ["/runs/{}/events", "/events?run={}"])
    def test_a_run_that_is_over_has_nothing_to_say(self, as_alice, alice, path):
        run = make_run(make_flow(alice), State.PASSED)
        answer = as_alice.get(path.format(run.id))
        assert (answer.status_code, answer.data) == (204, b"")
        answer = as_alice.get(path.format(run.id), headers={"Last-Event-ID": cursor_now()})
        assert answer.status_code == 204

    def test_whoever_missed_the_end_is_sent_it_first(self, as_alice, alice):
        run = make_run(make_flow(alice))
        cursor = cursor_now()
        move(run, State.CANCELLED)
        db.session.commit()
        with Reader(as_alice, f"/runs/{run.id}/events?after={cursor}") as reader:
            [frame] = reader.rest()
        assert frame.event == "run.cancelled"
        again = as_alice.get(f"/runs/{run.id}/events", headers={"Last-Event-ID": frame.id})
        assert again.status_code == 204

    def test_an_unknown_cursor_of_a_run_that_is_over_is_reset_once(self, as_alice, alice):
        run = make_run(make_flow(alice), State.PASSED)
        with Reader(as_alice, f"/runs/{run.id}/events?after=1-1") as reader:
            [frame] = reader.rest()
        assert frame.event == "reset"
        again = as_alice.get(f"/runs/{run.id}/events", headers={"Last-Event-ID": frame.id})
        assert again.status_code == 204

    def test_a_run_that_is_deleted_ends_its_stream(self, as_alice, alice):
        run = make_run(make_flow(alice))
        with Reader(as_alice, f"/runs/{run.id}/events") as reader:
            db.session.delete(run)
            db.session.commit()
            assert reader.rest() == []

    @pytest.mark.parametrize("path", ["/runs/{}/events", "/events?run={}"])
    def test_a_strangers_run_does_not_exist(self, as_charlie, alice, path):
        run = make_run(make_flow(alice))
        assert as_charlie.get(path.format(run.id)).status_code == 404
        assert as_charlie.get("/events?run=nonsense").status_code == 404
        assert as_charlie.get("/events?suite_run=1").status_code == 404


def test_an_unknown_form_is_refused_in_words(as_alice):
    answer = as_alice.get("/events?as=xml")
    assert answer.status_code == 400
    assert "html or json" in answer.text
