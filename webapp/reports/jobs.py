"""What light workers do with reports."""

from webapp.queues import job
from webapp.reports import making

QUEUE = "reports"
TIMEOUT_SECONDS = making.TIME_LIMIT_SECONDS + 60


@job
def make_report(report_id: int) -> None:
    """Make one PDF; harmless when it is made already, gone, or another worker has it."""
    making.make(report_id)
