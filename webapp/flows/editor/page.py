"""What the editor of a flow shows: its steps as rows, its schedule, its last runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from webapp import clock, cron
from webapp.browser.actions.registry import ACTIONS, GROUPS, Action
from webapp.browser.locators import Locator
from webapp.browser.programs import KINDS
from webapp.browser.steps import Step
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.flows.editor.form import StepForm
from webapp.flows.forms import Clash
from webapp.flows.models import Flow, FlowVersion

COMPARING = "How to compare"


@lru_cache(maxsize=4096)
def cron_words(expression: str) -> str:
    """As cron.in_words, remembered: lists ask for the same few expressions again and again."""
    return cron.in_words(expression)


@dataclass(frozen=True)
class Row:
    """A step as the list shows it."""

    step: Step

    @property
    def uid(self) -> str:
        return self.step.uid

    @property
    def number(self) -> int:
        return self.step.number

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def enabled(self) -> bool:
        return self.step.enabled

    @property
    def secret(self) -> bool:
        return self.step.secret

    @property
    def timeout_seconds(self) -> float | None:
        return self.step.timeout_seconds

    @property
    def title(self) -> str:
        return self.step.title

    @property
    def label(self) -> str:
        return self.action.label

    @property
    def icon(self) -> str:
        return self.action.icon

    @property
    def action(self) -> type[Action]:
        return ACTIONS[self.step.action]

    @property
    def locator(self) -> Locator | None:
        return self.step.locators[0] if self.step.locators else None

    @property
    def content(self) -> str:
        return self.step.content or ""

    @property
    def more_locators(self) -> int:
        return max(0, len(self.step.locators) - 1)

    @property
    def options(self) -> Iterator[str]:
        """What differs from the action's defaults, in a word or two each."""
        for about in self.action.options:
            value = self.step.options.get(about.name, about.default)
            if value == about.default or value in (None, ""):
                continue
            if about.label == COMPARING:  # “equals” says it all
                yield str(value)
            else:
                yield about.label.lower() if value is True else f"{about.label.lower()}: {value}"


@dataclass(frozen=True)
class Deleted:
    """A step that was deleted just now, and can be put back."""

    uid: str
    title: str
    version: int  # the last one that has it
    undo_url: str


@dataclass
class EditorPage:
    """Values are looked up when the template asks: a fragment needs only some of them."""

    flow: Flow
    form: StepForm | None = None
    clash: Clash | None = None
    again_url: str = ""
    again: Sequence[tuple[str, str]] = ()
    problem: str = ""
    deleted: Deleted | None = None
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self.zone = cron.zone(self.flow.time_zone)

    @cached_property
    def version(self) -> FlowVersion:
        return current_version(self.flow)

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(step) for step in closed_steps(self.version)]

    @property
    def opens_itself(self) -> bool:
        """Whether the first step that is on opens a page, so that the run need not."""
        first = next((row for row in self.rows if row.enabled), None)
        return first is not None and first.step.action == "open"

    @property
    def is_form_last(self) -> bool:
        """A new step goes to the end unless it is asked for below one that is still there."""
        if self.form is None or self.form.uid in {row.uid for row in self.rows}:
            return False
        return self.form.after not in {row.uid for row in self.rows}

    @property
    def action_groups(self) -> list[tuple[str, list[type[Action]]]]:
        """The actions by what they are for, in the order in which people look for them."""
        groups: dict[str, list[type[Action]]] = {group: [] for group in GROUPS}
        for action in ACTIONS.values():
            groups.setdefault(action.group, []).append(action)
        return [(group, actions) for group, actions in groups.items() if actions]

    @property
    def cron_words(self) -> str:
        return cron_words(self.flow.cron) if self.flow.cron else ""

    @property
    def moments(self) -> list[datetime]:
        if not self.flow.cron:
            return []
        return cron.next_moments(self.flow.cron, self.flow.time_zone, clock.now(), count=5)

    @property
    def browser_label(self) -> str:
        kind = KINDS.get(self.flow.browser)
        return kind.label if kind else self.flow.browser
