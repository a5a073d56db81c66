"""Cursors: where a page ended, as an opaque text that needs no state on our side."""

import base64
import binascii
import json

from webapp.api.problems import FieldError, invalid

LARGEST = 2**63


def write(kind: str, *places: int) -> str:
    text = json.dumps([kind, *places], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, kind: str, count: int) -> list[int]:
    """The numbers of a cursor of that kind; refuses what `write` has not made for it."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found, *places = json.loads(raw)
    except (binascii.Error, ValueError, TypeError) as error:
        raise refused() from error
    numbers = [place for place in places if type(place) is int and 0 <= place < LARGEST]
    if found != kind or len(numbers) != count or len(places) != count:
        raise refused()
    return numbers


def refused() -> Exception:
    detail = "This is not a cursor of this list. Take next_cursor of the page before, or leave it."
    return invalid([FieldError("cursor", detail)])
