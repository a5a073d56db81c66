"""Find a value in JSON by a JSONPath (RFC 9535), within bounds that hold for any path."""

from functools import cache
from itertools import islice
from typing import Any

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathError

from webapp.browser.errors import StepFailed

LONGEST_PATH = 1000
MOST_VALUES = 10_000
# A search at any depth inside another one takes the square of the time.
MOST_DESCENTS = 2
# They would search with a regular expression, which can freeze the worker.
BY_PATTERN = ("match", "search")


class _NoValue:
    """The answer when there is none; null is a value."""


NO_VALUE = _NoValue()


def path_error(path: str) -> str:
    """What is wrong with a JSONPath; empty if it can be used."""
    if len(path) > LONGEST_PATH:
        return f"The JSONPath has {len(path):,} characters; at most {LONGEST_PATH:,} go."
    if path.count("..") > MOST_DESCENTS or ("?" in path and ".." in path.partition("?")[2]):
        return (
            f"The JSONPath “{path[:60]}” searches at any depth (..) more often than is bearable: "
            f"at most {MOST_DESCENTS} times, and not inside a filter."
        )
    try:
        _environment().compile(_whole(path))
    except (JSONPathError, RecursionError) as error:
        said = str(error).partition("\n")[0]
        return f"“{path[:60]}” is not a JSONPath like $.items[0].price: {said}."
    return ""


def value_at(path: str, document: Any) -> Any:
    """The only value at a path, the list of all where there are several, or NO_VALUE."""
    try:
        found = _environment().finditer(_whole(path), document)
        values = [match.obj for match in islice(found, MOST_VALUES + 1)]
    except (JSONPathError, RecursionError) as error:
        raise StepFailed(path_error(path) or f"The JSONPath “{path}” failed: {error}") from None
    if len(values) > MOST_VALUES:
        raise StepFailed(
            f"The JSONPath “{path}” finds more than {MOST_VALUES:,} values. Narrow it.",
            f"at most {MOST_VALUES:,} values",
            "more",
        )
    if not values:
        return NO_VALUE
    return values[0] if len(values) == 1 else values


def _whole(path: str) -> str:
    """People leave out the `$` for the document: `items[0].price`."""
    path = path.strip()
    if path.startswith("$"):
        return path
    return f"${path}" if path.startswith(("[", ".")) else f"$.{path}"


@cache
def _environment() -> JSONPathEnvironment:
    environment = JSONPathEnvironment(strict=True)
    for name in BY_PATTERN:
        environment.function_extensions.pop(name, None)
    return environment
