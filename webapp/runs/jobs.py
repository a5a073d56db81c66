"""What workers do with runs."""

from pathlib import Path

from flask import current_app

from webapp.browser.driver import reap_orphans
from webapp.queues import job
from webapp.runs import execute, reaping


@job
def play(run_id: int) -> None:
    """Play a queued run; nothing happens when it is gone, cancelled, or another worker has it."""
    execute.play(run_id)


@job
def tend() -> None:
    """Every few seconds: close lost runs, and make sure that waiting ones are waited for."""
    reaping.reap_lost()
    reaping.tend_waiting()


@job
def end_orphans() -> None:
    """End the browsers of this host whose worker and guard are both gone."""
    var: Path = current_app.config["LAMPLIGHTER"].var
    reap_orphans(var / "browsers")
