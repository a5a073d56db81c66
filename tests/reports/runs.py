"""Runs with pictures, as summaries and as rows, for the tests of reports."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from tests.factories import make_flow, make_run
from webapp.accounts.models import User
from webapp.artifacts.keeping import keep
from webapp.extensions import db
from webapp.reports.summary import RunSummary, StepSummary
from webapp.runs.models import Run, StepResult
from webapp.runs.states import BROKEN, State

BEGAN = datetime(2026, 11, 20, 13, 5, 3, tzinfo=UTC)
WRONG_TOTAL = "The total should have been “€43.80” but it was “€48.70”."


def picture(number: int = 0, width: int = 1366, height: int = 768) -> bytes:
    """A PNG that looks like a page and not like any other."""
    image = Image.effect_noise((width, height), 8).convert("RGB")
    draw = ImageDraw.Draw(image)
    for line in range(20):
        draw.text((40, 30 + line * 34), f"Picture {number}, line {line} " * 5, fill=(20, 20, 40))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def step(number: int, state: str = "passed", **values: Any) -> StepSummary:
    plain = StepSummary(
        key=f"step-{number}",
        ordinal=number,
        place=str(number),
        name=f"Do thing {number}",
        action="Click",
        state=state,
        duration_ms=120 if state in {"passed", "failed"} else None,
        error=WRONG_TOTAL if state == "failed" else None,
        expected="€43.80" if state == "failed" else None,
        found="€48.70" if state == "failed" else None,
        page_url="https://shop.example.org/checkout",
        locator="css=#total",
        picture=None,
        picture_note=None,
    )
    return replace(plain, **values)


def summary(*steps: StepSummary, **values: Any) -> RunSummary:
    blamed = [one.ordinal for one in steps if one.state in BROKEN and not one.tolerated]
    plain = RunSummary(
        run_id=17,
        flow="Buy a lantern",
        version=3,
        url="https://shop.example.org/",
        state="failed" if blamed else "passed",
        verdict=None,
        trigger="Schedule",
        browser="Chrome 156.0",
        worker="a worker",
        time_zone="Europe/Berlin",
        queued_at=BEGAN,
        started_at=BEGAN,
        ended_at=BEGAN + timedelta(seconds=4),
        duration_ms=3800,
        error=None,
        made_at=BEGAN + timedelta(minutes=1),
        steps=steps,
        blamed=blamed[0] if blamed else None,
        played=sum(one.state not in ("skipped", "not_played") for one in steps),
        written=len(steps),
    )
    return replace(plain, **values)


def make_failed_run(user: User, pictures: int = 2, **values: Any) -> Run:
    """A run whose last of so many steps found a wrong total, with a picture of each; committed."""
    steps = [{"number": n, "action": "open", "content": "/"} for n in range(1, pictures + 1)]
    run = make_run(make_flow(user, steps), State.FAILED, **_facts(), **values)
    for number in range(1, pictures + 1):
        failed = number == pictures
        shown = keep(
            picture(number, 400, 300),
            project_id=run.project_id,
            run_id=run.id,
            kind="screenshot",
            media_type="image/png",
            file_name=f"step-{number}.png",
        )
        db.session.flush()
        result = StepResult(
            project_id=run.project_id,
            run_id=run.id,
            ordinal=number - 1,
            step_uid=f"{number:012}",
            position=number - 1,
            place=str(number),
            number=number,
            name="The total is right" if failed else f"Open page {number}",
            action="open",
            state="failed" if failed else "passed",
            duration_ms=100,
            error=WRONG_TOTAL if failed else None,
            screenshot_id=shown.id,
        )
        db.session.add(result)
    db.session.commit()
    return run


def _facts() -> dict[str, Any]:
    return {
        "started_at": BEGAN,
        "ended_at": BEGAN + timedelta(seconds=4),
        "duration_ms": 4000,
        "worker": "host-4711",
        "browser_name": "Chrome",
        "browser_version": "156.0",
    }
