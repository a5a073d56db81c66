"""The errors of a page's own scripts, as the browser's console tells them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Chromium writes “https://shop/app.js 3:14 Uncaught TypeError: x is not a function”.
CHROMIUM = re.compile(r"(?P<url>\S+) (?P<line>\d+):(?P<column>\d+) Uncaught(?P<text>.*)", re.DOTALL)
# Firefox tells its own remarks in the same way, but these have neither a place nor this beginning.
FIREFOX = re.compile(r"(?:uncaught exception: |[\w.]*(?:Error|Exception)\b)")
NAMELESS = "something was thrown that is no Error, and the browser does not tell it"
FIRST = 1  # both browsers count lines from 0


@dataclass(frozen=True)
class ScriptError:
    """An error that no script caught, or a promise that was broken and nobody listened."""

    text: str
    url: str = ""
    line: int = 0

    def words(self, url: str) -> str:
        """The error and where it was thrown; `url` is its address as it may be told."""
        place = f" ({url}, line {self.line})" if url else ""
        return f"“{self.text}”{place}"


def from_chromium(entries: Iterable[Mapping[str, Any]]) -> list[ScriptError]:
    """The uncaught errors in a browser log of chromedriver; the rest is network and chatter."""
    errors = []
    for entry in entries:
        if entry.get("source") != "javascript" or entry.get("level") != "SEVERE":
            continue
        if found := CHROMIUM.fullmatch(str(entry.get("message", ""))):
            text = " ".join(found["text"].split()) or NAMELESS
            errors.append(ScriptError(text, found["url"], int(found["line"]) + FIRST))
    return errors


def from_firefox(about: Mapping[str, Any]) -> ScriptError | None:
    """What an entry of the log of WebDriver BiDi is, if it is an uncaught error."""
    if about.get("type") != "javascript" or about.get("level") != "error":
        return None
    frames = (about.get("stackTrace") or {}).get("callFrames") or []
    text = " ".join(str(about.get("text", "")).split())
    if not frames and not FIREFOX.match(text):
        return None
    first = frames[0] if frames else {}
    line = int(first.get("lineNumber", 0)) + FIRST if first else 0
    return ScriptError(text.removeprefix("uncaught exception: "), str(first.get("url", "")), line)
