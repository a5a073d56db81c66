"""What every comparison of texts takes as its expected text, whatever it compares it with."""

from __future__ import annotations

from typing import Any

from webapp.browser.actions.registry import Action
from webapp.browser.matching import pattern_error


class Comparing(Action):
    """Compares by the option `match`; a text that everything contains is refused."""

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return options.get("match") == "equals"

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if options.get("match") == "matches":
            return pattern_error(content)
        if options.get("match", "contains") == "contains" and not content.strip():
            return "Every text contains blanks or nothing, so this would never fail."
        return ""
