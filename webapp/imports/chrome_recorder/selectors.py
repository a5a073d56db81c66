"""Selectors of the Recorder as our locators."""

import re

from webapp.browser.locators import chain_value, role_value, syntax_error
from webapp.imports.reading import At

ARIA_ATTRIBUTE = re.compile(r'\[\s*(name|role)\s*=\s*(["\'])((?:\\.|(?!\2).)*)\2\s*\]')
MOST = 20


def locators_of(selectors: At) -> tuple[list[tuple[str, str]], list[str]]:
    """All alternatives that can be used, in their order, and why others cannot."""
    alternatives = selectors.list()
    if not alternatives:
        raise selectors.wrong("a list with at least one selector")
    found: list[tuple[str, str]] = []
    refused: list[str] = []
    for one in alternatives:
        parts = (
            [part.text() for part in one.list()] if isinstance(one.value, list) else [one.text()]
        )
        by, value = _chain([part for part in parts if part.strip()])
        wrong = syntax_error(by, value) if value else "The selector is empty."
        if wrong:
            refused.append(f"{' >>> '.join(parts)[:80]}: {wrong}")
        else:
            found.append((by, value))
    return list(dict.fromkeys(found))[:MOST], refused


def _chain(parts: list[str]) -> tuple[str, str]:
    """One part is a locator, several are a chain: each inside the one before, or in its shadow."""
    if not parts:
        return "css", ""
    links = [_part(part.strip()) for part in parts]
    if len(links) == 1:
        return links[0]
    return "chain", chain_value(links)


def _part(selector: str) -> tuple[str, str]:
    kind, slash, rest = selector.partition("/")
    if slash and kind == "aria":
        return _aria(rest)
    if slash and kind in ("xpath", "pierce", "text"):
        return kind, _plain(rest)
    return "css", _plain(selector)


def _plain(text: str) -> str:
    """Two braces are no variable of ours."""
    return text.replace("{{", r"\{{")


def _aria(selector: str) -> tuple[str, str]:
    """`Login[role="button"]`: a name, then attributes for name and role; blanks are folded."""
    attributes = {
        found[1]: re.sub(r"\\(.)", r"\1", found[3]) for found in ARIA_ATTRIBUTE.finditer(selector)
    }
    name = " ".join(ARIA_ATTRIBUTE.sub("", selector).split()) or attributes.get("name", "")
    name = " ".join(name.split())
    return "role", _plain(role_value(attributes.get("role", ""), name or None))
