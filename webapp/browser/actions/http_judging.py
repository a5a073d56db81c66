"""Whether the answer to an HTTP step is what was expected, and a sentence where it is not."""

import json
from collections.abc import Iterator
from typing import Any

from webapp.browser.actions.http_lines import (
    headers_of,
    json_line,
    json_value,
    lines_of,
    status_fits,
)
from webapp.browser.actions.http_options import HttpOptions
from webapp.browser.actions.keeping import shown
from webapp.browser.json_paths import NO_VALUE, value_at
from webapp.browser.matching import Matcher, fold
from webapp.browser.requesting_http import Answer
from webapp.browser.variables import as_text


def expected_of(options: HttpOptions) -> str:
    words = [f"status {options.expect_status}" if options.expect_status else "a status below 400"]
    words += [f"header {line}" for line in lines_of(options.expect_header)]
    words += lines_of(options.expect_json)
    if options.expect_body:
        words.append(f"a body {_matcher(options).words}")
    if options.under_ms is not None:
        words.append(f"an answer within {options.under_ms} ms")
    return ", ".join(words)


def mistakes(options: HttpOptions, answer: Answer) -> Iterator[tuple[str, str]]:
    """A sentence for each expectation that does not hold, with what was found in short."""
    if not status_fits(options.expect_status, answer.status):
        wanted = options.expect_status or "below 400"
        words = f"{answer.status} {answer.reason}".strip()
        yield f"Expected the status {wanted} but it was {words}.", f"status {words}"
    for name, text in headers_of(options.expect_header):
        value = answer.header(name)
        if value is None:
            yield f"Expected a header {name} but there was none.", f"no header {name}"
        elif text not in value:
            words = f"the header {name} to contain “{text}” but it was “{shown(value)}”"
            yield f"Expected {words}.", f"{name}: {shown(value)}"
    if options.expect_json:
        yield from _json_mistakes(options, answer)
    if options.expect_body:
        with _matcher(options) as matcher:
            if not matcher.holds(answer.text):
                words = f"Expected the body {matcher.words} but it was “{shown(answer.text)}”."
                yield words, shown(fold(answer.text[:1000]))
    took = answer.seconds * 1000
    if options.under_ms is not None and took > options.under_ms:
        words = f"Expected an answer within {options.under_ms} ms but it took {took:.0f} ms."
        yield words, f"{took:.0f} ms"


def _json_mistakes(options: HttpOptions, answer: Answer) -> Iterator[tuple[str, str]]:
    document = document_of(answer)
    if document is NO_VALUE:
        words = f"the body to be JSON but it was “{shown(answer.text)}”"
        yield f"Expected {words}.", shown(answer.text)
        return
    for line in lines_of(options.expect_json):
        path, text = json_line(line)
        found = value_at(path, document)
        if found is NO_VALUE:
            yield f"Expected a value at {path} in the JSON but there was none.", f"no {path}"
        elif text is not None and not _is_same(found, text):
            words = f"{path} in the JSON to be {text} but it was {shown(found)}"
            yield f"Expected {words}.", f"{path} = {shown(found)}"


def _is_same(found: Any, text: str) -> bool:
    """As JSON, or as text: `Tea` and `"Tea"` are the same, 1 and 1.0, too; true is not 1."""
    wanted = json_value(text)
    if isinstance(found, bool) is not isinstance(wanted, bool):
        return as_text(found) == text and not isinstance(found, bool)
    return bool(found == wanted) or as_text(found) == text


def document_of(answer: Answer) -> Any:
    try:
        return json.loads(answer.text.removeprefix("\ufeff"))
    except (json.JSONDecodeError, RecursionError):
        return NO_VALUE


def _matcher(options: HttpOptions) -> Matcher:
    return Matcher(options.match, options.expect_body, options.negate)
