import pytest

from tests.api.programs import CLICK, TYPE
from tests.factories import make_flow, make_run
from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.extensions import db
from webapp.runs.models import Run, StepResult
from webapp.runs.states import FINAL, State, StepState, Trigger

PICTURE = b"\x89PNG\r\n\x1a\n picture"


def add_result(run: Run, ordinal: int, state: StepState = StepState.PASSED, **values) -> StepResult:
    result = StepResult(
        **{
            "project_id": run.project_id,
            "run_id": run.id,
            "ordinal": ordinal,
            "step_uid": f"{ordinal:012x}",
            "position": ordinal,
            "place": str(ordinal),
            "number": ordinal,
            "name": f"Step {ordinal}",
            "action": "click",
            "locators": [{"by": "css", "value": "#buy"}],
            "state": state,
            "started_at": clock.now(),
            "ended_at": clock.now(),
            "duration_ms": 120,
            **values,
        }
    )
    db.session.add(result)
    db.session.commit()
    return result


def add_picture(run: Run) -> int:
    artifact = keep(
        PICTURE,
        project_id=run.project_id,
        run_id=run.id,
        kind="screenshot",
        media_type="image/png",
        file_name="step-2.png",
    )
    db.session.commit()
    return artifact.id


@pytest.fixture
def broken(alice) -> Run:
    """A run that failed in its second step, with a picture of that."""
    run = make_run(
        make_flow(alice),
        State.FAILED,
        started_at=clock.now(),
        ended_at=clock.now(),
        duration_ms=1500,
        failed_step_number=2,
        failed_step_name="Buy",
        error="There is no button.",
    )
    add_result(run, 0)
    add_result(
        run,
        2,
        StepState.FAILED,
        error="There is no button.",
        expected="one button",
        found="none",
        page_url="https://shop.example.org/cart",
        screenshot_id=add_picture(run),
        matches=[{"by": "css", "value": "#buy", "count": 0}],
        used_locator=None,
    )
    return run


def test_a_run_says_which_step_broke_and_why(api, broken):
    run = api.get(f"/runs/{broken.id}").json
    assert (run["state"], run["failed_step"], run["failed_step_name"]) == ("failed", 2, "Buy")
    assert (run["error"], run["duration_ms"], run["version"]) == ("There is no button.", 1500, 1)
    opened, failed = run["steps"]
    assert opened["number"] == 0 and opened["screenshot"] is None
    assert failed["state"] == "failed"
    assert (failed["expected"], failed["found"]) == ("one button", "none")
    assert failed["locators"] == [{"by": "css", "value": "#buy"}]
    assert failed["matches"] == [{"by": "css", "value": "#buy", "count": 0}]
    assert run["queued_at"].endswith("Z") and failed["ended_at"].endswith("Z")


def test_the_picture_is_fetched_with_the_same_credential(api, nobody, stranger, broken):
    url = api.get(f"/runs/{broken.id}").json["steps"][1]["screenshot"]
    assert url.startswith("http://")
    path = url.partition("/api/v1")[2]
    picture = api.get(path)
    assert picture.data == PICTURE and picture.mimetype == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in picture.headers["Cache-Control"]
    assert nobody.get(path).status_code == 401
    assert stranger.get(path).status_code == 404


def test_a_picture_that_is_not_kept_any_more_says_so(app, api, broken):
    path = api.get(f"/runs/{broken.id}").json["steps"][1]["screenshot"].partition("/api/v1")[2]
    from webapp.artifacts.models import Artifact

    app.extensions["store"].delete(db.session.query(Artifact.sha256).scalar())
    gone = api.get(path)
    assert gone.status_code == 410 and "not kept any more" in gone.json["detail"]


def test_a_run_plays_the_version_it_was_made_for(api):
    flow_id = api.make_flow(CLICK)
    first = api.post(f"/flows/{flow_id}/runs").json
    api.post(f"/flows/{flow_id}/steps", TYPE)
    second = api.post(f"/flows/{flow_id}/runs", {}).json
    assert (first["version"], second["version"]) == (2, 3)
    assert api.get(f"/runs/{first['id']}").json["version"] == 2


def test_running_takes_no_settings(api):
    flow_id = api.make_flow()
    refused = api.post(f"/flows/{flow_id}/runs", {"browser": "firefox"})
    assert refused.status_code == 422
    assert db.session.query(Run).count() == 0


def test_runs_are_listed_newest_first_in_pages_without_gaps(api, alice):
    flow = make_flow(alice)
    ids = [make_run(flow).id for _ in range(7)]
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/runs?limit=3{cursor}").json
        seen += [run["id"] for run in page["items"]]
        make_run(flow)  # what comes meanwhile moves nothing
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == ids[::-1]


def test_runs_are_filtered(api, alice):
    shop, blog = make_flow(alice), make_flow(alice, name="Blog")
    passed = make_run(shop, State.PASSED)
    failed = make_run(blog, State.FAILED, trigger=Trigger.SCHEDULE)
    timed_out = make_run(shop, State.TIMED_OUT)

    def ids(query):
        answer = api.get(f"/runs?{query}")
        assert answer.status_code == 200, answer.text
        return {run["id"] for run in answer.json["items"]}

    assert ids(f"flow_id={blog.id}") == {failed.id}
    assert ids("state=passed") == {passed.id}
    assert ids("state=broken") == {failed.id, timed_out.id}
    assert ids("trigger=schedule") == {failed.id}
    assert ids("state=passed&trigger=schedule") == set()
    assert ids("flow_id=987654321") == set()
    assert ids(f"state=broken&flow_id={shop.id}&updated_since=2000-01-01T00:00:00Z") == {
        timed_out.id
    }


def test_runs_are_filtered_by_when_they_were_queued(api, alice):
    flow = make_flow(alice)
    runs = [make_run(flow) for _ in range(3)]
    for run, hour in zip(runs, (8, 9, 10), strict=True):
        run.queued_at = clock.now().replace(hour=hour, minute=0, second=0, microsecond=0)
    db.session.commit()
    day = f"{runs[0].queued_at:%Y-%m-%d}"
    for query in (
        f"from={day}T09:00:00Z&to={day}T10:00:00Z",
        f"from={day}T11:00:00%2B02:00&to={day}T12:00:00%2B02:00",
        f"from={day}T11:00:00+02:00&to={day}T12:00:00+02:00",
    ):
        assert [run["id"] for run in api.get(f"/runs?{query}").json["items"]] == [runs[1].id]


def test_a_waiting_run_is_cancelled_at_once(api, alice):
    run = make_run(make_flow(alice))
    cancelled = api.post(f"/runs/{run.id}/cancel")
    assert cancelled.status_code == 202
    assert cancelled.json["state"] == "cancelled"
    assert "Alice" in cancelled.json["error"]


def test_the_worker_of_a_run_is_asked_to_stop(api, alice):
    run = make_run(make_flow(alice), State.RUNNING)
    for _ in range(2):
        assert api.post(f"/runs/{run.id}/cancel").status_code == 202
    assert db.session.get_one(Run, run.id).cancel_requested_at is not None


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_run_that_is_over_cannot_be_cancelled(api, alice, state):
    run = make_run(make_flow(alice), state)
    refused = api.post(f"/runs/{run.id}/cancel")
    assert refused.status_code == 409
    assert refused.json["state"] == state


def test_a_run_can_be_run_again(api, broken):
    again = api.post(f"/runs/{broken.id}/again")
    assert again.status_code == 202
    assert again.json["id"] != broken.id and again.json["flow_id"] == broken.flow_id
    assert again.headers["Location"] == f"/api/v1/runs/{again.json['id']}"


@pytest.mark.parametrize("query", ["from=0001-01-01T00:00:00Z", "to=9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_no_error(api, broken, query):
    assert [run["id"] for run in api.get(f"/runs?{query}").json["items"]] == [broken.id]


def test_steps_say_where_they_stand_and_what_their_failure_does(api, alice):
    run = make_run(make_flow(alice), State.PASSED, is_degraded=True)
    add_result(
        run, 0, StepState.HEALED, place="3.2", iteration=4, position=7, parent_uid="a" * 12,
        healed="Found by CSS #b.", notes=["A new tab opened"],
    )  # fmt: skip
    add_result(run, 1, StepState.FAILED, on_failure="degraded", position=8)
    answer = api.get(f"/runs/{run.id}").json
    assert (answer["state"], answer["is_degraded"]) == ("passed", True)
    healed, failed = answer["steps"]
    assert (healed["state"], healed["healed"]) == ("healed", "Found by CSS #b.")
    assert (healed["place"], healed["iteration"], healed["position"]) == ("3.2", 4, 7)
    assert (healed["parent"], healed["notes"]) == ("a" * 12, ["A new tab opened"])
    assert (failed["on_failure"], failed["healed"]) == ("degraded", None)
    assert api.get("/runs").json["items"][0]["is_degraded"] is True
