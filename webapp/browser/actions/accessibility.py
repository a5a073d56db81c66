"""Whether everybody can use a page, as far as a program can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Options
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.auditing import IMPACTS, Audit, Barrier
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page
from webapp.browser.seeking import poll, seek

if TYPE_CHECKING:
    from webapp.browser.steps import Step

MOST_TOLD = 5


class AccessibleOptions(Options):
    impact: Literal["minor", "moderate", "serious", "critical"] = Option(
        "serious", title="Fails from this impact on"
    )
    ignore: str = Option(
        "",
        title="Rules to ignore",
        description="One a line, by the names that axe-core gives them.",
        json_schema_extra={"kind": "textarea", "placeholder": "color-contrast"},
    )


class AssertAccessible(
    Action,
    name="assert_accessible",
    label="Expect accessible",
    group="Assertions",
    icon="accessible",
):
    """The page, or one element, breaks no rule of axe-core that keeps people out.

    What is in frames is not examined. Rules that need a person's eye are noted.
    """

    locators: ClassVar[Target] = "optional"
    changes_page: ClassVar[bool] = False
    heals: ClassVar[bool] = False
    Options: ClassVar[type[Options]] = AccessibleOptions

    @classmethod
    def summary(cls, step: Step) -> str:
        what = step.target if step.locators else "the page"
        return f"Expect {what} to be accessible"

    def run(self, step: Step, page: Page) -> Finding:
        ignored = tuple(str(step.options.get("ignore") or "").split())
        found = Finding()

        def audit() -> Audit:
            nonlocal found
            sight = None
            if step.locators:
                sight, found = seek(step, page, (), "examine")
            return page.audit(sight, ignored)

        seen = poll(page, audit, lambda _: True)
        return self._judged(step, seen, found)

    def _judged(self, step: Step, seen: Audit, found: Finding) -> Finding:
        level = str(step.options.get("impact", "serious"))
        grave = IMPACTS[IMPACTS.index(level) :]
        barriers = [one for one in seen.barriers if one.impact in grave]
        expected = f"no barrier of impact {' or '.join(grave)}"
        if barriers:
            what = step.target if step.locators else "The page"
            raise StepFailed(
                f"{what} breaks {_rules(len(barriers))} of accessibility: {_listed(barriers)}.",
                expected,
                _rules(len(barriers)),
            )
        notes: dict[str, Any] = {"notes": _notes(seen)}
        return Finding(found.locator, found.match_count, found.matches, expected, "none", **notes)


def _notes(seen: Audit) -> tuple[str, ...]:
    notes = []
    if seen.barriers:
        notes.append(f"Below that impact: {_listed(list(seen.barriers))}")
    if seen.undecided:
        notes.append(f"To be looked at by a person: {', '.join(seen.undecided[:10])}")
    return tuple(notes)


def _listed(barriers: list[Barrier]) -> str:
    words = [
        f"{one.rule} ({one.impact}, {_elements(one.count)}, the first is {one.first}): {one.help}"
        for one in barriers[:MOST_TOLD]
    ]
    if len(barriers) > MOST_TOLD:
        words.append(f"and {len(barriers) - MOST_TOLD} more rules")
    return "; ".join(words)


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count} rules"


def _elements(count: int) -> str:
    return "1 element" if count == 1 else f"{count} elements"
