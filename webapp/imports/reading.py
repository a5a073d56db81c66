"""Read a file of unknown origin: its encoding, its JSON, its limits, and which tool it is from."""

import json
import re
from typing import Any

from webapp.imports.draft import Unreadable

LARGEST = 5_000_000  # bytes
MOST_LEVELS = 100
# Strings are matched so that what looks like a comment in them stays.
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
LAST_COMMA = re.compile(r'"(?:\\.|[^"\\\n])*"|,(?=\s*[\]}])', re.DOTALL)
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def text_of(content: bytes) -> str:
    """The text of a file; Unreadable when it is too large, or no text."""
    if len(content) > LARGEST:
        raise Unreadable(
            f"The file has {len(content):,} bytes; at most {LARGEST:,} can be imported. "
            "Split it in the tool that it comes from."
        )
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"The file is no text in UTF-8: byte {error.start + 1} fits into no letter. "
            "Recordings are JSON or YAML files."
        ) from error
    if "\0" in text:
        raise Unreadable("The file holds null characters, so it is no recording.")
    if not text.strip():
        raise Unreadable("The file is empty.")
    return text


def json_of(text: str) -> Any:
    """The value of a JSON text, comments and trailing commas forgiven; Unreadable says where."""
    _check_depth(text)
    try:
        return whole(json.loads(text))
    except json.JSONDecodeError as error:
        first = error
    except (RecursionError, ValueError) as error:  # numbers of thousands of digits
        raise Unreadable(f"The file cannot be read as JSON: {error}.") from error
    try:
        return whole(json.loads(_without_comments(text)))
    except (json.JSONDecodeError, RecursionError, ValueError):
        raise Unreadable(
            f"The file is no JSON: line {first.lineno}, column {first.colno}: {first.msg.lower()}."
        ) from first


def whole(value: Any) -> Any:
    """The value with halves of characters replaced, which nothing can store or show."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(key): whole(one) for key, one in value.items()}
    return value


def _without_comments(text: str) -> str:
    """The text with blanks for its comments, so that every place stays where it is."""

    def blank(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith('"') else re.sub(r"[^\n]", " ", found[0])

    return LAST_COMMA.sub(blank, COMMENT.sub(blank, text))


def _check_depth(text: str) -> None:
    """Refuse what nests without end before a parser has to follow it."""
    depth = 0
    for found in re.finditer(r'"(?:\\.|[^"\\\n])*"|[\[{\]}]', text):
        sign = found[0]
        if sign in "[{":
            depth += 1
            if depth > MOST_LEVELS:
                line = text.count("\n", 0, found.start()) + 1
                raise Unreadable(
                    f"The file nests deeper than {MOST_LEVELS} levels (line {line}). "
                    "No recording does."
                )
        elif sign in "]}":
            depth -= 1


class At:
    """A value with its place in the file, so that every refusal says where."""

    def __init__(self, value: Any, place: str = "") -> None:
        self.value = value
        self.place = place

    def __getitem__(self, key: str | int) -> "At":
        if isinstance(key, int):
            return At(self.value[key], f"{self.place}[{key}]")
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return At(found, f"{self.place}.{key}".lstrip("."))

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def object(self) -> "At":
        if not isinstance(self.value, dict):
            raise self.wrong("an object with fields")
        return self

    def list(self) -> "list[At]":
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [At(one, f"{self.place}[{number}]") for number, one in enumerate(self.value)]

    def text(self, default: str | None = None) -> str:
        """A text; numbers and truth values are written as one, since files hold them so."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        if isinstance(self.value, int | float):
            return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)
        if not isinstance(self.value, str):
            raise self.wrong("a text")
        return self.value

    def number(self, default: float | None = None) -> float | None:
        """A number, also one that is written as a text."""
        if self.value is None or self.value == "":
            return default
        try:
            if isinstance(self.value, bool):
                raise ValueError
            found = float(self.value)
        except (TypeError, ValueError, OverflowError):
            raise self.wrong("a number") from None
        if found != found or found in (float("inf"), float("-inf")):
            raise self.wrong("a number")
        return found

    def flag(self) -> bool:
        return self.value is True or self.value in ("true", 1)

    def wrong(self, right: str) -> Unreadable:
        found = "nothing" if self.value is None else f"“{str(self.value)[:60]}”"
        return Unreadable(f"{self.place or 'The file'}: expected {right}, found {found}.")
