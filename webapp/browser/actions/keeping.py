"""How a step keeps a value under a name, and says so."""

from typing import Annotated, Any

from pydantic import Field as Option
from pydantic.config import JsonDict

from webapp.browser.actions.fields import Options, checked
from webapp.browser.page import Page
from webapp.browser.private import NOT_SHOWN, is_private
from webapp.browser.secrets import MASK
from webapp.browser.variables import as_text, name_error

LONGEST_SHOWN = 200


# The name of a variable that a step sets; empty where it need not set one.
VariableName = Annotated[str, checked(name_error)]
NAME_EXTRA: JsonDict = {"placeholder": "total", "right": "the name of a variable"}


def secret_option() -> Any:
    return Option(
        False,
        title="Secret",
        description="What is stored is shown nowhere: not in the log, not in pictures.",
    )


class StoringOptions(Options):
    """For steps that store one value."""

    variable: VariableName = Option(title="Variable", min_length=1, json_schema_extra=NAME_EXTRA)
    secret: bool = secret_option()


def keep(page: Page, name: str, value: Any, secret: bool = False) -> str:
    """Set a variable; the note that says so."""
    page.variables.set(name, value, secret=secret)
    if not secret and is_private(name, as_text(value)):
        return f"{name} was kept; {NOT_SHOWN}"
    return f"{name} = {MASK if secret else shown(page.secrets.mask(as_text(value)))}"


def shown(value: Any) -> str:
    """A value as a note shows it: on one line, and not too long."""
    text = " ".join(as_text(value).split()) or "(empty)"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
