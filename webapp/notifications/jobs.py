"""What workers do to tell people: judge how runs ended."""

from typing import Any

from webapp.notifications.judge import judge_changes
from webapp.queues import enqueue, job

QUEUE = "notify"


@job
def judge() -> None:
    """Judge what is untold; safe at any time, and swept by the clock for jobs that were lost."""
    judge_changes()


def judge_soon(_run: Any) -> None:
    """Listens to `runs.signals.run_ended`: judge once the end is committed."""
    enqueue(judge, queue=QUEUE)
