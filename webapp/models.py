"""All tables, so that migrations and the mapper see every one of them."""

from webapp.accounts.models import ApiKey, Project, User
from webapp.artifacts.models import Artifact, Blob
from webapp.flows.models import Flow, FlowFile, FlowUse, FlowVersion, Healing
from webapp.imports.models import Import
from webapp.live.models import LiveEvent
from webapp.mailing.models import Mail
from webapp.notifications.models import Delivery, Incident
from webapp.reports.models import Report
from webapp.runs.models import Run, RunChange, StepResult

__all__ = [
    "ApiKey",
    "Artifact",
    "Blob",
    "Delivery",
    "Flow",
    "FlowFile",
    "FlowUse",
    "FlowVersion",
    "Healing",
    "Import",
    "Incident",
    "LiveEvent",
    "Mail",
    "Project",
    "Report",
    "Run",
    "RunChange",
    "StepResult",
    "User",
]
