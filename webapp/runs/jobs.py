"""What workers do with runs."""

from webapp.queues import job
from webapp.runs import execute


@job
def play(run_id: int) -> None:
    """Play a queued run; nothing happens when it is gone, cancelled, or another worker has it."""
    execute.play(run_id)
