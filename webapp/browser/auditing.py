"""Look for what keeps people out of a page, with axe-core."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from webapp.browser.asking import SCRIPTS, Asking, script
from webapp.browser.errors import StepFailed
from webapp.browser.page import Sight

VENDORED = SCRIPTS / "vendor"
# Mildest first.
IMPACTS = ("minor", "moderate", "serious", "critical")
BEFORE = "const hadAxe = 'axe' in window, pageAxe = window.axe, module = {exports: {}};\n"
WITHOUT_LOADER = "const define = undefined, exports = undefined;\n"


@dataclass(frozen=True)
class Barrier:
    """A rule that elements of the page break."""

    rule: str
    impact: str
    help: str
    count: int
    first: str  # the first of these elements, as a CSS selector


@dataclass(frozen=True)
class Audit:
    """What axe-core found, worst first. `undecided` are rules that need a person's eye."""

    barriers: tuple[Barrier, ...] = ()
    undecided: tuple[str, ...] = ()


@cache
def axe() -> tuple[str, str]:
    """The version of axe-core, and its source."""
    listed = json.loads((VENDORED / "versions.json").read_text(encoding="utf-8"))
    entry = next(one for one in listed if one["name"] == "axe-core")
    return entry["version"], (VENDORED / entry["files"][0]).read_text(encoding="utf-8")


class Auditing(Asking):
    """Accessibility, as far as a program can see it."""

    def audit(self, sight: Sight | None, ignore: Sequence[str]) -> Audit:
        source = BEFORE + WITHOUT_LOADER + axe()[1] + "\n" + script("audit")
        element = None if sight is None else sight.element
        seen: Any = self._ask(lambda: self._driver.execute_script(source, element, list(ignore)))
        if not isinstance(seen, dict) or "problem" in seen:
            why = seen.get("problem") if isinstance(seen, dict) else "it broke the check off"
            raise StepFailed(f"The page could not be examined by axe-core: {why}")
        return read_audit(seen)


def read_audit(seen: dict[str, Any]) -> Audit:
    barriers = [Barrier(**one) for one in seen["violations"]]
    barriers.sort(key=lambda one: (-_level(one.impact), -one.count))
    return Audit(tuple(barriers), tuple(seen["undecided"]))


def _level(impact: str) -> int:
    return IMPACTS.index(impact) if impact in IMPACTS else 0
