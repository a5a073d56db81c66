"""Look a flow over as it is now."""

from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.flows.lint import Remark, lint
from webapp.flows.models import Flow


def remarks_on(flow: Flow) -> list[Remark]:
    """The weaknesses of the newest version."""
    return lint(closed_steps(current_version(flow)))
