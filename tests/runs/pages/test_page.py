import re

import pytest

from tests.factories import STEPS, make_flow, make_run
from tests.live.streams import Reader
from tests.runs.pages.playing import begin, end, play_step
from webapp.extensions import db
from webapp.flows import editing
from webapp.live.cursors import cursor_now
from webapp.live.hub import current_hub
from webapp.runs.models import Run
from webapp.runs.states import State, StepState


@pytest.fixture
def flow(alice):
    return make_flow(alice)


@pytest.fixture
def quick(app, monkeypatch):
    """Streams that notice at once that they were closed."""
    monkeypatch.setattr("webapp.live.stream.HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr("webapp.live.stream.LOOK_SECONDS", 0.05)
    yield
    current_hub().cut_all()


def element(html, html_id):
    """The outer HTML of the <li> or <div> with this id, blanks folded."""
    start = html.index(f'id="{html_id}"')
    tag = re.match(r"<(\w+)", html[html.rindex("<", 0, start) :])[1]
    begin_at, depth = html.rindex("<", 0, start), 0
    for match in re.finditer(rf"<(/?){tag}\b", html[begin_at:]):
        depth += -1 if match[1] else 1
        if depth == 0:
            whole = html[begin_at : begin_at + match.end() + 1]
            return " ".join(whole.split())
    raise AssertionError(f"{html_id} does not end")


def test_a_waiting_run_shows_the_steps_to_come(as_alice, flow):
    page = as_alice.get(f"/runs/{make_run(flow).id}").text
    assert "Waiting for a free worker." in page
    assert page.count('data-state="waiting"') == len(STEPS)
    assert "not judged" in page


def test_a_failed_run_says_first_what_broke(as_alice, flow):
    run = make_run(flow)
    begin(run)
    play_step(run, 0)
    play_step(
        run, 1, StepState.FAILED, error="#buy cannot be clicked", expected="a button",
        found="<b>nothing</b>", matches=[{"by": "css", "value": "#buy", "count": 2}],
        used_locator={"by": "css", "value": "#buy"},
    )  # fmt: skip
    end(run, State.FAILED, failed_step_number=2, failed_step_name="Click #buy", error="x")
    page = as_alice.get(f"/runs/{run.id}").text
    box = page[page.index('class="failure"') : page.index("run-facts")]
    assert "Step 2 failed" in box and "#buy cannot be clicked" in box
    assert "a button" in box and "&lt;b&gt;nothing&lt;/b&gt;" in box
    assert "<b>nothing" not in page
    assert "matched 2 elements; the first counts" in page
    assert "Run again" in page and "Cancel" not in page


@pytest.mark.parametrize(
    ("state", "facts", "words"),
    [
        (State.CANCELLED, {"error": "Cancelled by Ada."}, "Cancelled by Ada."),
        (State.MISSED, {}, "No worker was free"),
        (State.SKIPPED, {}, "left out on purpose"),
        (State.ERRORED, {"error": "The worker was lost."}, "does not count against the site"),
        (State.TIMED_OUT, {}, "It was not over after 300 seconds."),
        (State.FAILED, {"error": "No step says why."}, "This run failed"),
    ],
)
def test_an_end_without_a_broken_step_is_explained(as_alice, flow, state, facts, words):
    page = as_alice.get(f"/runs/{make_run(flow, state, **facts).id}").text
    assert words in page
    assert "Not played" in page


def test_only_admins_learn_the_workers_name(as_alice, alice, flow):
    run = make_run(flow, State.PASSED, worker="worker-7-of-rack-3")
    page = as_alice.get(f"/runs/{run.id}").text
    assert "worker-7-of-rack-3" not in page and "A worker of this installation" in page
    alice.is_admin = True
    db.session.commit()
    page = as_alice.get(f"/runs/{run.id}").text
    assert "worker-7-of-rack-3" in page and "A worker of this installation" not in page


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_a_run_that_is_on_is_not_offered_again(as_alice, flow, state):
    page = as_alice.get(f"/runs/{make_run(flow, state).id}").text
    assert "Run again" not in page and "Cancel" in page


def test_a_run_that_is_on_counts_its_steps_beside_the_bar_only(as_alice, flow):
    run = make_run(flow)
    begin(run)
    play_step(run, 0)
    db.session.expire_all()
    page = as_alice.get(f"/runs/{run.id}").text
    assert f"1 of {len(STEPS)}</span>" in page
    assert "<dt>Steps</dt>" not in page
    end(run, State.PASSED)
    assert "<dt>Steps</dt>" in as_alice.get(f"/runs/{run.id}").text


def test_attempts_lead_to_each_other(as_alice, flow):
    first = make_run(flow, State.ERRORED)
    second = make_run(flow, State.PASSED, attempt=2, attempt_of_id=first.id)
    assert f'href="/runs/{second.id}"' in as_alice.get(f"/runs/{first.id}").text
    assert f'href="/runs/{first.id}"' in as_alice.get(f"/runs/{second.id}").text


def test_a_waiting_run_is_cancelled_at_once(as_alice, flow):
    run = make_run(flow)
    answer = as_alice.post(f"/runs/{run.id}/cancel")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/runs/{run.id}")
    db.session.expire_all()
    assert db.session.get(Run, run.id).state == State.CANCELLED


def test_cancelling_what_is_over_is_a_friendly_answer(as_alice, flow):
    run = make_run(flow, State.PASSED)
    page = as_alice.post(f"/runs/{run.id}/cancel", follow_redirects=True).text
    assert "nothing to cancel" in page


def test_again_plays_the_newest_version_and_says_so(as_alice, alice, flow):
    old = make_run(flow, State.PASSED)
    editing.save(flow, alice, expected=1, name="Checkout, mended")
    db.session.commit()
    answer = as_alice.post(f"/runs/{old.id}/again")
    db.session.expire_all()
    new = db.session.query(Run).order_by(Run.id.desc()).first()
    assert answer.headers["Location"] == f"/runs/{new.id}"
    assert (new.version.number, new.requested_by, new.state) == (2, "Alice", State.QUEUED)
    page = as_alice.get(f"/runs/{new.id}").text
    assert "This run plays version 2 of the flow; the one before played version 1." in page


@pytest.mark.parametrize("verb", ["cancel", "again"])
def test_strangers_change_nothing(as_charlie, flow, verb):
    run = make_run(flow)
    assert as_charlie.get(f"/runs/{run.id}").status_code == 404
    assert as_charlie.post(f"/runs/{run.id}/{verb}").status_code == 404
    db.session.expire_all()
    assert [one.state for one in db.session.query(Run)] == [State.QUEUED]


def test_nobody_is_asked_to_log_in(client, flow):
    answer = client.get(f"/runs/{make_run(flow).id}")
    assert answer.status_code in {302, 303}
    assert answer.headers["Location"].startswith("/login")


def test_the_page_carries_a_cursor_from_before_its_query(as_alice, flow):
    run = make_run(flow)
    cursor = cursor_now()
    page = as_alice.get(f"/runs/{run.id}").text
    assert f'-{cursor.split("-")[1]}"' in re.search(r'<meta name="live-cursor"[^>]*>', page)[0]


def test_fragments_of_the_stream_are_the_blocks_of_the_page(as_alice, flow, quick):
    run = make_run(flow)
    with Reader(as_alice, f"/runs/{run.id}/events?as=html") as reader:
        begin(run)
        play_step(run, 0)
        play_step(run, 1, StepState.FAILED, error="#buy is <gone>")
        end(run, State.FAILED, failed_step_number=2, error="x")
        frames = reader.rest()
    page = as_alice.get(f"/runs/{run.id}").text
    last = {frame.event: frame.data for frame in frames}
    assert set(last) >= {"test.started", "test.result", "test.failed", "test.completed"}
    for html_id, html in [
        (f"run-{run.id}-step-0", next(f.data for f in frames if f.event == "test.result")),
        (f"run-{run.id}-step-1", last["test.failed"]),
        (f"run-{run.id}-top", last["test.completed"]),
    ]:
        sent, drawn = element(html, html_id), element(page, html_id)
        no_token = r'value="[\w.-]{60,}"'
        assert re.sub(no_token, "", sent) == re.sub(no_token, "", drawn)
    assert "#buy is &lt;gone&gt;" in last["test.failed"]
    assert "data-live-toast" in last["test.completed"]


def test_events_without_a_picture_are_still_events_in_html(as_alice, alice, quick):
    with Reader(as_alice, "/events?as=html") as reader:
        make_flow(alice)
        frame = reader.next()
    assert (frame.event, frame.data) == ("flow.created", "<!-- flow.created -->")


def test_a_deleted_run_is_no_fragment(as_alice, flow, quick):
    cursor = cursor_now()
    run = make_run(flow)
    db.session.delete(run)
    db.session.commit()
    with Reader(as_alice, f"/events?as=html&after={cursor}") as reader:
        assert reader.next().data == "<!-- run.queued: the run is gone -->"
