"""What the form of a step can suggest: the variables that steps before it set."""

from collections.abc import Iterable

from webapp.browser.actions.registry import ACTIONS
from webapp.browser.steps import Step
from webapp.browser.variables import HOLE, name_error

# The option in which an action says the name of a variable.
NAMING = "variable"


def known_variables(steps: Iterable[Step]) -> list[str]:
    """The names of variables in these steps, each once, in the order in which they come."""
    names = (
        step.options.get(about.name)
        for step in steps
        for about in ACTIONS[step.action].options
        if about.name == NAMING
    )
    return [name for name in dict.fromkeys(names) if isinstance(name, str) and _is_name(name)]


def _is_name(name: str) -> bool:
    return not HOLE.search(name) and not name_error(name)
