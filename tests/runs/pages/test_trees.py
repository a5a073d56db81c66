"""The page of a run with blocks, rounds, and failures that its flow allows."""

import re

import pytest

from tests.factories import make_flow, make_run
from tests.live.streams import Reader
from tests.runs.engine import ScriptedEngine, waits
from tests.runs.trees import (
    click,
    make_hasty_flow,
    make_login,
    page_with,
    play,
    repeat,
    shared,
    uid,
)
from webapp.extensions import db
from webapp.live.hub import current_hub
from webapp.runs import execute
from webapp.runs.cancelling import cancel
from webapp.runs.models import Run
from webapp.runs.states import State

LINE = 'class="log-line log-'


def line(page, html_id):
    start = page.index(f'id="{html_id}"')
    return " ".join(page[start : page.index("</li>", page.index("log-body", start))].split())


def many_rounds(alice, count):
    return make_flow(alice, (repeat(1, count), click(2, "#add", parent=uid(1), name="Add")))


def test_shared_steps_stand_within_their_step(as_alice, alice, monkeypatch):
    flow = make_hasty_flow(alice, (shared(1, make_login(alice)), click(2, "#buy")))
    run = play(flow, page_with("#name"), monkeypatch)
    page = as_alice.get(f"/runs/{run.id}").text
    assert "Step 1.2 failed: Log in › Type password" in page
    inside = line(page, f"run-{run.id}-step-3")
    assert 'data-depth="1"' in inside and ">1.2</span>" in inside
    assert "Left out: step 1.2 failed" in line(page, f"run-{run.id}-step-4")


def test_a_loop_of_500_rounds_is_a_small_page(as_alice, alice, monkeypatch):
    run = play(many_rounds(alice, 500), page_with("#add"), monkeypatch)
    answer = as_alice.get(f"/runs/{run.id}")
    assert len(answer.data) < 60_000
    page = answer.text
    assert page.count(LINE) == 10
    assert "Show rounds 3 to 498" in page and "992 steps" in page
    assert "3 of 3 played, 1,002 times in all" in page


def test_a_fold_is_opened_in_portions_with_and_without_script(as_alice, alice, monkeypatch):
    run = play(many_rounds(alice, 500), page_with("#add"), monkeypatch)
    page = as_alice.get(f"/runs/{run.id}").text
    found = re.search(r'href="(/runs/\d+\?from=\d+&amp;to=\d+)#', page)
    address = found[1].replace("&amp;", "&")
    part = as_alice.get(address, headers={"HX-Request": "true"}).text
    assert part.count(LINE) == 200 and "<html" not in part
    assert part.count("Show more") == 1 and "792 steps" in part
    whole = as_alice.get(address).text
    assert whole.count(LINE) == 210 and "<html" in whole


def test_ids_of_lines_are_unique(as_alice, alice, monkeypatch):
    run = play(many_rounds(alice, 4), page_with("#add"), monkeypatch)
    ids = re.findall(r' id="([^"]+)"', as_alice.get(f"/runs/{run.id}").text)
    assert len(ids) == len(set(ids))


def test_a_degraded_run_says_what_failed(as_alice, alice, monkeypatch):
    steps = (click(1, "#gone", on_failure="degraded", name="Banner"), click(2, "#buy"))
    run = play(make_hasty_flow(alice, steps), page_with("#buy"), monkeypatch)
    page = as_alice.get(f"/runs/{run.id}").text
    assert 'data-state="degraded"' in page and "Passed, but degraded" in page
    assert 'data-on-failure="degraded"' in line(page, f"run-{run.id}-step-1")
    assert 'class="failure"' not in page
    assert "Passed, degraded" in as_alice.get("/runs/").text


def test_what_ended_the_run_is_told_apart_from_what_did_not(as_alice, alice, monkeypatch):
    steps = (
        click(1, "#a", on_failure="optional"),
        click(2, "#b", on_failure="soft", name="Basket"),
        click(3, "#c", name="Pay"),
    )
    run = play(make_hasty_flow(alice, steps), page_with(), monkeypatch)
    page = as_alice.get(f"/runs/{run.id}").text
    box = page[page.index('class="failure"') : page.index("run-facts")]
    assert "Step 2 failed: Basket" in box and "The run went on, and ends as failed." in box
    assert re.search(r"Step 3: Pay</a> <span[^>]*>ended the run", box)
    assert "data-on-failure" not in line(page, f"run-{run.id}-step-3")


def test_a_healed_step_says_why(as_alice, alice, monkeypatch):
    locators = [{"by": "css", "value": "#old"}, {"by": "css", "value": "#new"}]
    flow = make_flow(alice, ({**click(1, "#old"), "locators": locators},))
    run = play(flow, page_with("#new"), monkeypatch)
    healed = line(as_alice.get(f"/runs/{run.id}").text, f"run-{run.id}-step-1")
    assert 'data-state="healed"' in healed and "#bandage" in healed
    assert "Found by CSS #new." in healed


def test_notes_of_a_step_are_in_its_line(as_alice, alice, monkeypatch):
    page = page_with("#buy")
    page.told.append("A new tab opened")
    run = play(make_flow(alice, (click(1, "#buy"),)), page, monkeypatch)
    assert "A new tab opened" in as_alice.get(f"/runs/{run.id}").text


def test_a_refusal_is_said_to_be_ours_and_said_once_in_each_place(as_alice, alice, monkeypatch):
    flow = make_flow(alice, (), url="http://169.254.169.254/latest/")
    run = play(flow, page_with(), monkeypatch)
    page = as_alice.get(f"/runs/{run.id}").text
    assert "Lamplighter’s own rule said no" in page
    assert "fault on Lamplighter’s side" not in page
    assert page.count("which flows may never visit") == 2  # above, and at the step
    assert 'data-state="refused"' in page


def test_the_step_at_which_a_run_was_cancelled_says_so(app, as_alice, alice, monkeypatch):
    run = make_run(make_flow(alice, (click(1, "#a"), click(2, "#b"))))

    def cancelled(stop, browser):
        with app.app_context():
            cancel(db.session.get_one(Run, run.id), "Alice")
            db.session.commit()
        waits(stop, browser)

    ScriptedEngine(monkeypatch, {1: cancelled})
    execute.play(run.id)
    page = as_alice.get(f"/runs/{run.id}").text
    here = line(page, f"run-{run.id}-step-1")
    assert "Stopped here" in here and "Cancelled by Alice." in here
    assert re.search(r"\d+ ms|\d\.\d\d s", here)
    assert "Skipped" in line(page, f"run-{run.id}-step-2")


def test_a_run_that_never_began_names_its_browser_in_words(as_alice, alice):
    run = make_run(make_flow(alice), State.CANCELLED, error="Cancelled by Alice.")
    page = as_alice.get(f"/runs/{run.id}").text
    assert "Chrome (headless shell), not opened" in page


def test_paper_has_the_day_the_time_and_the_zone(as_alice, alice):
    run = make_run(make_flow(alice), State.PASSED)
    page = as_alice.get(f"/runs/{run.id}").text
    for moment in re.findall(r'class="only-print">([^<]*)<', page):
        assert re.fullmatch(r"\d{1,2} \w{3} \d{4}, \d\d:\d\d:\d\d UTC", moment)
    assert page.count("only-print") == 2


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/runs/?before=zzz", "“before” takes a whole number, such as 812; found “zzz”."),
        ("/runs/?after=", "“after” takes a whole number"),
        ("/runs/?status=failed", "The list of runs knows no “status”. It knows: after, before,"),
        ("/runs/{id}?from=1&to=x", "“to” takes a whole number"),
    ],
)
def test_what_an_address_cannot_mean_is_refused_with_a_sentence(as_alice, alice, address, sentence):
    run = make_run(make_flow(alice))
    answer = as_alice.get(address.format(id=run.id))
    assert answer.status_code == 400
    assert sentence in answer.text


def test_the_end_of_a_run_draws_its_rounds(as_alice, alice, monkeypatch):
    monkeypatch.setattr("webapp.live.stream.HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr("webapp.live.stream.LOOK_SECONDS", 0.05)
    flow = many_rounds(alice, 3)
    run = make_run(flow)
    with Reader(as_alice, f"/runs/{run.id}/events?as=html") as reader:
        browser_page = page_with("#add")
        monkeypatch.setattr("tests.runs.trees.make_run", lambda flow: run)
        play(flow, browser_page, monkeypatch)
        frames = reader.rest()
    current_hub().cut_all()
    during = [one.data for one in frames if one.event == "test.result"]
    assert not any(re.search(r"-step-2-\d", data) for data in during)
    last = next(one.data for one in frames if one.event == "test.completed")
    for number in (1, 2, 3):
        assert f'id="run-{run.id}-step-2-{number}"' in last
