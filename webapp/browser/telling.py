"""What may be told of a step: short enough, and with no secret in it."""

from dataclasses import replace

from webapp.browser.actions import ACTIONS
from webapp.browser.locators import Locator
from webapp.browser.secrets import Secrets
from webapp.browser.steps import Step
from webapp.browser.tree import Node

LONGEST_TOLD = 2000
TOLD_FIRST = 1400  # of these, how many from the beginning


class Telling:
    """Masks the secrets of one run in what its steps say of themselves."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets

    def told(self, step: Step) -> Step:
        """The step as it may be told: no secret in its name, content, options or locators."""
        mask = self.secrets.mask
        options = {
            name: mask(value) if isinstance(value, str) else value
            for name, value in step.options.items()
        }
        return step.model_copy(
            update={
                "name": mask(step.name),
                "content": None if step.secret else self.secrets.maybe(step.content),
                "options": options,
                "locators": tuple(self.locator(locator) for locator in step.locators),
            }
        )

    def node(self, node: Node) -> Node:
        """Where the step is written, without what it holds."""
        return replace(node, step=self.told(node.step), children=())

    def locator(self, locator: Locator) -> Locator:
        return locator.model_copy(update={"value": self.secrets.mask(locator.value)})


def told_by(step: Step) -> list[str]:
    """What this step, with its variables filled in, says that must not be told."""
    options = [step.options.get(name) for name in ACTIONS[step.action].secret_options]
    said = [step.content if step.secret else None, *options]
    return [text for text in said if text]


def cut(text: str | None) -> str | None:
    """Shorten what is masked already: a locator in the middle may be long, its fault is behind."""
    if text is None or len(text) <= LONGEST_TOLD:
        return text
    return f"{text[:TOLD_FIRST]}…{text[TOLD_FIRST + 1 - LONGEST_TOLD :]}"
