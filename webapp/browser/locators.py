"""Where an element is: the kinds of locator, and what is wrong with one that cannot be read."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from webapp.browser.css_syntax import css_error
from webapp.browser.xpath_syntax import xpath_error

By = Literal[
    "css",
    "xpath",
    "id",
    "name",
    "test_id",
    "role",
    "label",
    "text",
    "placeholder",
    "link_text",
    "partial_link_text",
    "pierce",
    "chain",
]
KINDS: tuple[str, ...] = get_args(By)
LABELS: dict[str, str] = {
    "css": "CSS",
    "xpath": "XPath",
    "id": "id",
    "name": "name",
    "test_id": "test id",
    "role": "role",
    "label": "label",
    "text": "text",
    "placeholder": "placeholder",
    "link_text": "link",
    "partial_link_text": "link with",
    "pierce": "CSS through shadow DOM",
    "chain": "chain",
}
LONGEST = 4000
MOST_PARTS = 10
SPEAK_FOR_THEMSELVES = frozenset({"xpath", "css", "chain", "role"})
# A role and an accessible name, either of which may be left out: button[name="Log in"].
ROLE = re.compile(r'(?P<role>[a-z]*)(?:\[name="(?P<name>(?:[^"\\]|\\.)*)"\])?', re.DOTALL)
PART = re.compile(r"([a-z_]+)=(.*)", re.DOTALL)
BETWEEN = re.compile(r"\s+>>>\s+")
# What would separate links stands inside one behind a backslash.
SEPARATOR = re.compile(r"(\\*)>>>")
# A value that holds a variable can be checked only when a run has filled it in.
HOLE = "{{"


class Locator(BaseModel):
    """One candidate of a step."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    by: By
    value: str

    def __str__(self) -> str:
        """As it is named in messages: some kinds speak for themselves, the others do not.

        Never cut here: half a secret would not be known as one by who masks the message.
        """
        if self.by in SPEAK_FOR_THEMSELVES:
            return self.value
        return f"{LABELS[self.by]} “{self.value}”"

    @property
    def named(self) -> str:
        """As it is named beside others of its step: with its kind, always."""
        return f"{LABELS[self.by]} {self.value}" if self.by in SPEAK_FOR_THEMSELVES else str(self)


def parts_of(value: str) -> list[tuple[str, str]]:
    """The links of a chain as (kind, value): `css=#app >>> role=button[name="Buy"]`.

    Each is looked for inside the one before, in its shadow root where it has one. A link without a
    kind is CSS.
    """
    found = []
    for part in BETWEEN.split(value.strip()):
        part = SEPARATOR.sub(lambda match: match[0].removeprefix("\\"), part.strip())
        named = PART.fullmatch(part)
        is_named = named is not None and named[1] in KINDS
        found.append((named[1], named[2].strip()) if named and is_named else ("css", part))
    return found


def chain_value(parts: Sequence[tuple[str, str]]) -> str:
    """What `parts_of` reads: the value of a chain of these links (kind, value)."""
    return " >>> ".join(f"{by}={SEPARATOR.sub(_shielded, value)}" for by, value in parts)


def _shielded(separator: re.Match[str]) -> str:
    return "\\" + separator[0]


def role_of(value: str) -> tuple[str, str | None] | None:
    """The role ("" is any) and the accessible name (None is any); None if it is not written so."""
    written = ROLE.fullmatch(value.strip())
    if written is None or not (written["role"] or written["name"]):
        return None
    name = written["name"]
    return written["role"], None if name is None else re.sub(r"(?s)\\(.)", r"\1", name)


def role_value(role: str, name: str | None) -> str:
    """What `role_of` reads: the value of a role locator."""
    if name is None:
        return role
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{role}[name="{escaped}"]'


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
    if HOLE in value:
        return None
    check = CHECKS.get(by)
    return check(value.strip()) if check else None


def _role_error(value: str) -> str | None:
    if role_of(value) is None:
        return f'“{value[:60]}” is not a role with a name, like button[name="Log in"].'
    return None


def _chain_error(value: str) -> str | None:
    parts = parts_of(value)
    if len(parts) > MOST_PARTS:
        return f"The chain has {len(parts)} links; at most {MOST_PARTS} go."
    for number, (by, part) in enumerate(parts, 1):
        if by == "chain":
            return f"Link {number} of the chain is a chain itself; write its links one by one."
        if sentence := syntax_error(by, part):
            return f"Link {number} of the chain: {sentence}"
    return None


CHECKS: dict[str, Callable[[str], str | None]] = {
    "xpath": xpath_error,
    "css": css_error,
    "pierce": css_error,
    "role": _role_error,
    "chain": _chain_error,
}
