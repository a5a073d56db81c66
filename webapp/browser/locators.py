"""Where an element is: the kinds of locator, and what is wrong with one that cannot be read."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from webapp.browser.css_syntax import css_error
from webapp.browser.xpath_syntax import xpath_error

By = Literal["xpath", "css", "id", "name", "link_text"]
KINDS: tuple[str, ...] = get_args(By)
LABELS: dict[str, str] = {
    "xpath": "XPath",
    "css": "CSS",
    "id": "id",
    "name": "name",
    "link_text": "link text",
}
LONGEST = 4000


class Locator(BaseModel):
    """One candidate of a step."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    by: By
    value: str

    def __str__(self) -> str:
        """As it is named in messages: XPath and CSS speak for themselves, the others do not."""
        short = self.value if len(self.value) <= 120 else f"{self.value[:119]}…"
        if self.by in ("xpath", "css"):
            return short
        return f"{'link' if self.by == 'link_text' else self.by} “{short}”"


def syntax_error(by: str, value: str) -> str | None:
    """A sentence that says what is wrong with a locator and where; None if it can be used."""
    if by not in KINDS:
        return f"“{by}” is not one of {', '.join(KINDS)}."
    if not value.strip():
        return f"The {LABELS[by]} locator is empty."
    if len(value) > LONGEST:
        return f"The {LABELS[by]} locator has {len(value):,} characters; at most {LONGEST:,} go."
    if "\0" in value:
        at = value.index("\0") + 1
        return f"The {LABELS[by]} locator holds a null character at position {at}."
    if by == "xpath":
        return xpath_error(value.strip())
    return css_error(value.strip()) if by == "css" else None
