"""What people write into an HTTP step, a line each: headers, expectations, what to extract."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from webapp.browser.json_paths import path_error
from webapp.browser.locators import HOLE
from webapp.browser.matching import pattern_error
from webapp.browser.variables import name_error

MOST_LINES = 50
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# The connection needs them as they are.
OUR_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "te"})
STATUS = re.compile(r"([1-5]xx|[1-5]\d\d(?:\s*-\s*[1-5]\d\d)?)")
EXTRACTION = re.compile(
    r"(?P<name>\S+)\s*=\s*(?P<source>json|header|pattern|status)\b\s*(?P<at>.*)"
)
Source = Literal["json", "header", "pattern", "status"]


@dataclass(frozen=True)
class Extraction:
    """`name = json $.id`: which variable gets what of the answer."""

    name: str
    source: Source
    at: str


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def headers_of(text: str) -> list[tuple[str, str]]:
    """Name and value of each line; the value is empty where there is no colon."""
    parts = [line.partition(":") for line in lines_of(text)]
    return [(name.strip(), value.strip()) for name, _, value in parts]


def headers_error(text: str) -> str:
    for name, value in headers_of(text):
        if not HEADER_NAME.fullmatch(name):
            return f"“{name[:60]}” is not a line like Accept: application/json."
        if name.lower() in OUR_HEADERS:
            return f"The header {name} is set by the connection itself."
        if not value.isprintable() or not _is_latin(value):
            return f"The value of the header {name} holds signs that a header cannot carry."
    return _too_many(text)


def expected_headers_error(text: str) -> str:
    for name, _ in headers_of(text):
        if not HEADER_NAME.fullmatch(name):
            return f"“{name[:60]}” is not a line like Content-Type: application/json."
    return _too_many(text)


def status_error(text: str) -> str:
    if text == "any" or all(STATUS.fullmatch(part) for part in _parts(text)):
        return ""
    return f"“{text[:60]}” is not a status like 200, 2xx, 200-204, several of them, or any."


def status_fits(expected: str, status: int) -> bool:
    """Whether a status is one of those; without an expectation, whether it is below 400."""
    if not expected:
        return status < 400
    return expected == "any" or any(_fits(part, status) for part in _parts(expected))


def _fits(part: str, status: int) -> bool:
    if part.endswith("xx"):
        return status // 100 == int(part[0])
    least, _, most = part.partition("-")
    return int(least) <= status <= int(most or least)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"\s*,\s*", text.strip().lower()) if part] or [text]


def json_line(line: str) -> tuple[str, str | None]:
    """The path and what is expected there; None if it only has to be there."""
    path, between, value = line.partition(" = ")
    if not between:
        parts = re.split(r"(?<![=!<>])=(?!=)", line, maxsplit=1)
        path, value = (parts[0], parts[1]) if len(parts) == 2 else (line, "")
        between = "=" if len(parts) == 2 else ""
    return path.strip(), value.strip() if between else None


def json_value(text: str) -> Any:
    """What is expected: JSON where it is JSON, otherwise the text as it stands."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text


def expected_json_error(text: str) -> str:
    for line in lines_of(text):
        if sentence := path_error(json_line(line)[0]):
            return sentence
    return _too_many(text)


def extractions_of(text: str) -> list[Extraction]:
    found = [EXTRACTION.fullmatch(line) for line in lines_of(text)]
    return [
        Extraction(one["name"], one["source"], one["at"].strip())  # type: ignore[arg-type]
        for one in found
        if one is not None
    ]


def extractions_error(text: str) -> str:
    lines = lines_of(text)
    for line in lines:
        found = EXTRACTION.fullmatch(line)
        if found is None:
            return (
                f"“{line[:60]}” is not a line like id = json $.id, token = header X-Token, "
                "code = pattern Code (\\d+), or state = status."
            )
        if sentence := _extraction_error(found["name"], found["source"], found["at"].strip()):
            return sentence
    return _too_many(text)


def _extraction_error(name: str, source: str, at: str) -> str:
    if HOLE not in name and (sentence := name_error(name)):
        return sentence
    if source != "status" and not at:
        return f"Behind “{name} = {source}” there is nothing that says what to take."
    check = {"json": path_error, "pattern": pattern_error}.get(source)
    return check(at) if check else ""


def _too_many(text: str) -> str:
    count = len(lines_of(text))
    return f"There are {count:,} lines; at most {MOST_LINES} go." if count > MOST_LINES else ""


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True
