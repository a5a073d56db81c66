"""Whether a step looks as if it typed a secret in clear text."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from webapp.browser.secrets import SHORTEST

SECRET_WORDS = re.compile(
    r"passw(or)?d|passwort|passphrase|pwd|secret|token|api.?key|otp|totp|\bpin\b|card.?num|cvv|cvc",
    re.IGNORECASE,
)
ADDRESSES = frozenset({"open", "http_request"})
KEY_OR_HOLE = re.compile(r"\{\{[^{}]*\}\}|(?<!\\)\{[^{}]+\}")
TYPING = frozenset({"type", "change", "set_value", "answer_prompt", "set_variable"})
# Nothing but a variable, whose value is somewhere else, or keys.
NOT_TYPED = re.compile(r"\s*\{\{[^{}]*\}\}\s*|(\{[^{}]+\})+")


def looks_secret(step: Mapping[str, Any]) -> str:
    """Why a typed text looks like a secret, by the step's wire form; empty when it does not."""
    content = step.get("content")
    if step["action"] not in TYPING or not content or step.get("secret"):
        return ""
    if NOT_TYPED.fullmatch(content):
        return ""
    for locator in step.get("locators") or ():
        if found := SECRET_WORDS.search(locator["value"]):
            return f"its locator {locator['value'][:80]} speaks of “{found[0]}”"
    if found := SECRET_WORDS.search(step.get("name") or ""):
        return f"its name speaks of “{found[0]}”"
    variable = (step.get("options") or {}).get("variable") or ""
    if step["action"] == "set_variable" and (found := SECRET_WORDS.search(variable)):
        return f"its variable's name speaks of “{found[0]}”"
    return ""


def secret_values(step: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What looks secret in a step, each with why: a typed text, or a value in an address."""
    found: list[tuple[str, str]] = []
    if why := looks_secret(step):
        parts = [part for part in KEY_OR_HOLE.split(step["content"]) if part.strip()]
        found += [(part, why) for part in parts]
    if step["action"] in ADDRESSES and step.get("content"):
        for name, value in parse_qsl(urlsplit(step["content"]).query):
            if SECRET_WORDS.search(name) and len(value) >= SHORTEST and "{{" not in value:
                found.append((value, f"its address has a “{name[:40]}”"))
    return found
