"""Keep secret values out of everything that is told about a run."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "••••"
# Shorter ones occur everywhere by chance: they are masked in the field they are typed into only.
SHORTEST = 4


class Secrets:
    """The secret values of one run. Texts are masked plain, URL-encoded, as HTML and as JSON."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self.values: tuple[str, ...] = ()
        self._pattern: re.Pattern[str] | None = None
        self._know(values)

    def add(self, *values: str) -> None:
        """Mask these, too, from now on: a variable can become secret in the middle of a run."""
        self._know([*self.values, *values])

    def _know(self, values: Iterable[str]) -> None:
        known = {value for value in values if len(value.strip()) >= SHORTEST}
        self.values = tuple(sorted(known, key=len, reverse=True))
        forms = sorted({form for value in self.values for form in _forms(value)}, key=len)
        words = "|".join(_pattern(form) for form in reversed(forms))
        self._pattern = re.compile(words, re.IGNORECASE) if words else None

    def __bool__(self) -> bool:
        return bool(self.values)

    def mask(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text

    def maybe(self, text: str | None) -> str | None:
        return None if text is None else self.mask(text)


def _forms(value: str) -> set[str]:
    plain = {value, value.strip()}
    encoded = {quote(value), quote(value, safe=""), quote_plus(value)}
    browsers = {quote(value, safe="!'()*~-_."), quote(value, safe="!#$&'()*+,/:;=?@~-_.")}
    html = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    as_json = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return plain | encoded | browsers | as_json | {html, html.replace('"', "&quot;")}


def _pattern(form: str) -> str:
    """Blanks match any blanks: pages and messages fold them."""
    return r"\s+".join(re.escape(word) for word in form.split()) or re.escape(form)
