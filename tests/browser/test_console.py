"""Which entries of a browser's console are errors that nobody caught."""

from typing import Any

import pytest

from webapp.browser.console import NAMELESS, ScriptError, from_chromium, from_firefox


def said(message: str, source: str = "javascript", level: str = "SEVERE") -> dict[str, str]:
    return {"message": message, "source": source, "level": level}


def test_chromium_tells_uncaught_errors_among_other_things() -> None:
    errors = from_chromium(
        [
            said("https://shop/app.js 2:49 Uncaught Error: boom\n    at f"),
            said("https://shop/app.js 0:3 Uncaught"),
            said("https://shop/ - Access to fetch has been blocked by CORS policy"),
            said("https://shop/x - Failed to load resource", "network"),
            said('https://shop/app.js 2:14 "Uncaught"', "console-api"),
            said("https://shop/app.js 2:14 Uncaught x", level="WARNING"),
        ]
    )
    assert errors == [
        ScriptError("Error: boom at f", "https://shop/app.js", 3),
        ScriptError(NAMELESS, "https://shop/app.js", 1),
    ]
    assert errors[0].words("https://shop/app.js") == (
        "“Error: boom at f” (https://shop/app.js, line 3)"
    )
    assert ScriptError("x").words("") == "“x”"


FRAME = {"functionName": "", "lineNumber": 3, "url": "https://shop/app.js"}


@pytest.mark.parametrize(
    ("text", "frames", "found"),
    [
        ("Error: boom", [FRAME], ScriptError("Error: boom", "https://shop/app.js", 4)),
        ("SyntaxError: unexpected token", [], ScriptError("SyntaxError: unexpected token")),
        ("uncaught exception: plain", [], ScriptError("plain")),
        ("Oops: named by hand", [FRAME], ScriptError("Oops: named by hand", FRAME["url"], 4)),
        ("Cross-Origin Request Blocked: The Same Origin Policy", [], None),
        ("Firefox can’t establish a connection to the server at ws://shop/", [], None),
    ],
)
def test_firefox_tells_them_beside_its_own_remarks(
    text: str, frames: list[dict[str, Any]], found: ScriptError | None
) -> None:
    about = {"type": "javascript", "level": "error", "text": text}
    assert from_firefox(about | {"stackTrace": {"callFrames": frames}}) == found


def test_what_scripts_write_to_the_console_is_no_error() -> None:
    assert from_firefox({"type": "console", "level": "error", "text": "Error: said"}) is None
    assert from_firefox({"type": "javascript", "level": "warn", "text": "Error: old"}) is None
