"""Play a run without a browser: rows and events as the worker would write them."""

from io import BytesIO

from PIL import Image
from sqlalchemy import update

from webapp import clock
from webapp.artifacts.keeping import keep
from webapp.extensions import db
from webapp.live import bus
from webapp.runs.log import plan_of
from webapp.runs.models import Run, StepResult
from webapp.runs.results import add_result
from webapp.runs.states import BROKEN, State, StepState, move


def picture(colour: str = "#3355aa", size: tuple[int, int] = (1280, 800)) -> bytes:
    png = BytesIO()
    Image.new("RGB", size, colour).save(png, "PNG")
    return png.getvalue()


def begin(run: Run) -> None:
    plan = plan_of(run)
    assert move(run, State.STARTING)
    assert move(
        run,
        State.RUNNING,
        steps_total=len(plan),
        current_ordinal=0,
        browser_name="chrome",
        browser_version="156",
    )
    db.session.commit()


def play_step(
    run: Run, ordinal: int, state: StepState = StepState.PASSED, **values: object
) -> None:
    """One step begins and ends; with a picture unless it was skipped."""
    planned = plan_of(run)[ordinal]
    bus.tell("test.progress", run.project_id, {"testName": planned.title}, run_id=run.id)
    artifact_id = None
    if state is not StepState.SKIPPED:
        artifact = keep(
            picture(f"#{ordinal * 20 + 40:02x}60a0"),
            project_id=run.project_id,
            run_id=run.id,
            kind="screenshot",
            media_type="image/png",
            file_name=f"step-{planned.number}.png",
        )
        db.session.flush()
        artifact_id = artifact.id
    at = clock.now()
    facts = {
        "started_at": at,
        "ended_at": at,
        "duration_ms": 120,
        "screenshot_id": artifact_id,
        "page_url": "https://shop.example.org/",
        **values,
    }
    result = StepResult(
        project_id=run.project_id,
        run_id=run.id,
        ordinal=ordinal,
        step_uid=planned.step.uid,
        position=planned.position,
        place=planned.node.place,
        number=planned.number,
        name=planned.title,
        action=planned.step.action,
        state=state,
        **facts,
    )
    add_result(run, result)
    goes_on = ordinal + 1 < len(plan_of(run)) and state not in BROKEN
    after = ordinal + 1 if goes_on else None
    db.session.execute(update(Run).where(Run.id == run.id).values(current_ordinal=after))
    db.session.commit()


def end(run: Run, state: State, **facts: object) -> None:
    assert move(run, state, **facts)
    db.session.commit()
