"""The variables of a run: steps set them, `{{ name }}` in any text of a later step reads them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from webapp.browser.errors import StepFailed
from webapp.browser.secrets import Secrets

if TYPE_CHECKING:
    from webapp.browser.steps import Step

NAME = r"[^\W\d][\w-]{0,63}"
# `{{ name }}`, or `{{ order.lines.0.price }}` for a part of what a script or a response gave;
# `\{{` is two braces.
HOLE = re.compile(rf"(\\?)\{{\{{\s*({NAME}(?:\.[\w-]+)*)\s*\}}\}}")
LONGEST_VALUE = 200_000
MOST_VARIABLES = 500


def name_error(name: str) -> str:
    """What is wrong with the name of a variable; empty if it can be used."""
    if re.fullmatch(NAME, name):
        return ""
    return (
        f"“{name[:60]}” is not the name of a variable: a letter or _ first, then letters, digits, "
        "_ and -, at most 64 in all."
    )


def holes_in(text: str) -> list[str]:
    """The names that a text reads, in their order; parts of a variable count as that variable."""
    return [hole[2].partition(".")[0] for hole in HOLE.finditer(text) if not hole[1]]


def as_text(value: Any) -> str:
    """How a value is written into a text: numbers without a needless fraction, lists as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _leaves(value: Any) -> Iterator[Any]:
    """What a list or an object holds at its ends: each part of a secret is one."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield value


def texts_of(value: Any) -> list[str]:
    """A value and each of its parts as texts: all that must not be told when it is secret."""
    return [as_text(value), *(as_text(leaf) for leaf in _leaves(value))]


class Variables:
    """What a run knows by name. Values are what JSON can hold; secret ones are masked for ever."""

    def __init__(self, secrets: Secrets) -> None:
        self._values: dict[str, Any] = {}
        self._secrets = secrets

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def set(self, name: str, value: Any, secret: bool = False) -> None:
        """Keep a value; StepFailed when there are too many, or it is too long to be kept."""
        if name not in self._values and len(self._values) >= MOST_VARIABLES:
            raise StepFailed(f"A run can have {MOST_VARIABLES} variables; “{name}” is one more.")
        length = len(as_text(value))
        if length > LONGEST_VALUE:
            raise StepFailed(
                f"The value for “{name}” has {length:,} characters; at most {LONGEST_VALUE:,} go."
            )
        if secret:
            self._secrets.add(*texts_of(value))
        self._values[name] = value

    def get(self, path: str) -> Any:
        """A variable, or a part of one (`order.lines.0`); KeyError carries what is missing."""
        name, *rest = path.split(".")
        if name not in self._values:
            raise KeyError(name)
        value = self._values[name]
        for part in rest:
            if isinstance(value, dict) and part in value:
                value = value[part]
            elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                raise KeyError(path)
        return value

    def fill(self, text: str, step: "Step") -> str:
        """The text with its variables in it; StepFailed names the one that is missing."""

        def value(hole: re.Match[str]) -> str:
            return hole[0][1:] if hole[1] else as_text(self.read(hole[2], step))

        return HOLE.sub(value, text)

    def as_arguments(
        self, script: str, step: "Step", first: int = 0, name: str = "arguments"
    ) -> tuple[str, list[Any]]:
        """A script that reads its variables from `arguments[…]`, and these arguments.

        A value is never pasted into a script as text: it could change what the script does.
        Functions within the script have arguments of their own, so a script that may hold some
        reads from another `name`.
        """
        values: list[Any] = []

        def argument(hole: re.Match[str]) -> str:
            if hole[1]:
                return hole[0][1:]
            values.append(self.read(hole[2], step))
            return f"{name}[{first + len(values) - 1}]"

        return HOLE.sub(argument, script), values

    def read(self, path: str, step: "Step") -> Any:
        try:
            return self.get(path)
        except KeyError as error:
            missing = str(error.args[0])
            known = ", ".join(self._values) or "none"
            raise StepFailed(
                f"Step {step.number} reads the variable “{missing}”, but no step before it has "
                f"set it. Variables set so far: {known}.",
                f"a variable “{missing}”",
                "no such variable",
            ) from None


def filled(step: "Step", variables: Variables) -> "Step":
    """The step with its variables filled in, everywhere but in scripts; raises StepFailed."""
    from webapp.browser.actions.registry import ACTIONS  # actions are about steps, too

    action = ACTIONS[step.action]
    fill: Callable[[str], str] = lambda text: variables.fill(text, step)  # noqa: E731
    locators = tuple(one.model_copy(update={"value": fill(one.value)}) for one in step.locators)
    options = {
        name: fill(value) if isinstance(value, str) else value
        for name, value in step.options.items()
    }
    content = step.content
    if content is not None and action.fills(step.options):
        content = fill(content)
    changed = step.model_copy(update={"locators": locators, "options": options, "content": content})
    if changed != step:
        _check(changed)
    return changed


def _check(step: "Step") -> None:
    """What could not be checked when the step was saved, since a variable stood in it."""
    from webapp.browser.actions.registry import ACTIONS
    from webapp.browser.locators import syntax_error

    action = ACTIONS[step.action]
    sentences = [syntax_error(one.by, one.value) for one in step.locators]
    options, mistakes = action.read_options(step.options)
    sentences += [sentence for _, sentence in mistakes]
    if action.content is not None:
        sentences.append(action.read_content(step.content, options)[1])
    for sentence in sentences:
        if sentence:
            raise StepFailed(f"With its variables filled in, the step cannot be played: {sentence}")
