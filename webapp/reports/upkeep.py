"""What the clock asks for again and again: reports that were lost or forgotten."""

from webapp.queues import job
from webapp.reports import requesting


@job
def mend() -> None:
    """End reports whose worker was lost, queue again those whose job was."""
    requesting.mend_reports()
