"""Steps that hold other steps: they decide whether, and how often, these are played."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from webapp.browser.actions.registry import Block, BlockKind, Finding
from webapp.browser.page import Page

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class Group(Block, name="group", label="Group", group="Blocks", icon="folder"):
    """Steps that belong together, under one name; also to be always played, or switched off."""

    kind: ClassVar[BlockKind] = "once"

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        return Finding()
