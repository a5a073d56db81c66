"""What the editor of a flow shows: its steps as rows, its schedule, its last runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from webapp import clock, cron
from webapp.browser.actions.registry import ACTIONS, GROUPS, Action
from webapp.browser.locators import LABELS, Locator
from webapp.browser.plan import opens_itself
from webapp.browser.programs import KINDS
from webapp.browser.steps import Step
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.flows.editor.form import StepForm
from webapp.flows.editor.knowing import known_variables
from webapp.flows.editor.parts import Parts
from webapp.flows.files import MOST_BYTES, files_of, megabytes
from webapp.flows.forms import Clash
from webapp.flows.healing import Proposal, proposals
from webapp.flows.lint import Remark
from webapp.flows.linting import remarks_on
from webapp.flows.models import Flow, FlowFile, FlowVersion
from webapp.flows.ordering import holds_steps
from webapp.flows.sharing import all_users, flows_to_share, parts_of, shares

COMPARING = "How to compare"
# What a run does when the step fails, in the two words of a tag.
FAILING = {"soft": "goes on when it fails", "degraded": "only degrades", "optional": "optional"}


@lru_cache(maxsize=4096)
def cron_words(expression: str) -> str:
    """As cron.in_words, remembered: lists ask for the same few expressions again and again."""
    return cron.in_words(expression)


@dataclass(frozen=True)
class Shared:
    """The flow that a shared step stands for."""

    id: int
    name: str
    count: int  # of its steps


@dataclass(frozen=True)
class Row:
    """A step as the list shows it, with the rows of the steps in it."""

    step: Step
    shared: Shared | None = None
    children: list["Row"] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return self.step.uid

    @property
    def number(self) -> int:
        return self.step.number

    @property
    def name(self) -> str:
        return self.step.name or (self.shared.name if self.shared else "")

    @property
    def enabled(self) -> bool:
        return self.step.enabled

    @property
    def secret(self) -> bool:
        return self.step.secret

    @property
    def title(self) -> str:
        return self.name or self.step.title

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
    def holds_steps(self) -> bool:
        return holds_steps(self.step.action)

    @property
    def locator(self) -> Locator | None:
        return self.step.locators[0] if self.step.locators else None

    @property
    def locator_kind(self) -> str:
        return LABELS[self.locator.by] if self.locator else ""

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
            if value == about.default or value in (None, "") or self.shared:
                continue
            if about.label == COMPARING:  # “equals” says it all
                yield str(value)
            else:
                text = about.label.lower()
                yield text if value is True else f"{text}: {_short(value)}"

    @property
    def ways(self) -> Iterator[str]:
        """How it is played, where that is not as usual."""
        if self.step.on_failure in FAILING:
            yield FAILING[self.step.on_failure]
        if self.step.always:
            yield "always played"
        if self.step.retries:
            yield f"tries {self.step.retries + 1}×"
        if self.step.timeout_seconds:
            yield f"up to {self.step.timeout_seconds:g} s"
        if not self.step.picture:
            yield "no picture"


@dataclass(frozen=True)
class Deleted:
    """A step that was deleted just now, and can be put back."""

    uid: str
    title: str
    more: int  # the steps that went with it
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
    # Whether a step is about to be chosen; behind which step, or into which block.
    is_picking: bool = False
    pick_after: str | None = None
    pick_into: str | None = None
    land_on: str = ""
    menu: str = ""  # the step whose menu is open, for who has no script
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self.zone = cron.zone(self.flow.time_zone)

    @cached_property
    def version(self) -> FlowVersion:
        return current_version(self.flow)

    @cached_property
    def healings(self) -> list[Proposal]:
        """What runs propose for steps that another candidate had to find."""
        return proposals(self.flow)

    @cached_property
    def remarks(self) -> list[Remark]:
        """What makes the flow weak although it plays."""
        return remarks_on(self.flow)

    @cached_property
    def remarked(self) -> dict[str, list[Remark]]:
        """The remarks about each step, by its uid."""
        by_uid: dict[str, list[Remark]] = {}
        for one in self.remarks:
            if one.uid:
                by_uid.setdefault(one.uid, []).append(one)
        return by_uid

    @cached_property
    def rows(self) -> list[Row]:
        """All steps in their order; those in blocks behind their block."""
        parts = self._shared
        return [
            Row(step, parts.get(step.options.get("flow", 0)) if shares(step.action) else None)
            for step in closed_steps(self.version)
        ]

    @cached_property
    def tree(self) -> list[Row]:
        """The steps that are in no block; each has those that are in it."""
        blocks = {row.uid: row for row in self.rows}
        top: list[Row] = []
        for row in self.rows:
            around = blocks.get(row.step.parent or "")
            (around.children if around else top).append(row)
        return top

    @cached_property
    def files(self) -> Sequence[FlowFile]:
        return files_of(self.flow)

    @property
    def files_words(self) -> str:
        """How much of what a flow may keep is kept."""
        size = sum(file.blob.size for file in self.files)
        return f"{megabytes(size)} of {megabytes(MOST_BYTES)}"

    @cached_property
    def _shared(self) -> dict[int, Shared]:
        return {
            part.flow_id: Shared(part.flow_id, part.body["name"], len(part.body["steps"]))
            for part in parts_of(self.flow)
        }

    @cached_property
    def users(self) -> Sequence[Flow]:
        """The flows that change with this one."""
        return all_users(self.flow)

    @property
    def opens_itself(self) -> bool:
        """Whether its steps open a page before they need one, so that the run need not."""
        return opens_itself((row.step.action, row.enabled) for row in self.rows)

    @property
    def is_form_last(self) -> bool:
        """A new step goes to the end unless it is asked for at one that is still there."""
        return self.form is not None and not self._is_at_a_step(
            self.form.uid, self.form.after, self.form.into
        )

    @property
    def is_picking_last(self) -> bool:
        return not self._is_at_a_step(self.pick_after, self.pick_into)

    def _is_at_a_step(self, *uids: str | None) -> bool:
        there = {row.uid for row in self.rows}
        return any(uid in there for uid in uids)

    @property
    def action_groups(self) -> list[tuple[str, list[type[Action]]]]:
        """The actions by what they are for, in the order in which people look for them."""
        groups: dict[str, list[type[Action]]] = {group: [] for group in GROUPS}
        for action in ACTIONS.values():
            groups.setdefault(action.group, []).append(action)
        return [(group, actions) for group, actions in groups.items() if actions]

    @staticmethod
    def other_names(action: type[Action]) -> str:
        """What else people may call it: our aliases, and what other tools say."""
        theirs = (name.partition(":")[2] for name in action.imports)
        return " ".join(dict.fromkeys((action.name, *action.aliases, *theirs)))

    @property
    def parts(self) -> Parts:
        """The fields of the form that are its action's own."""
        assert self.form is not None
        shareable = self.shareable if shares(self.form.action.name) else ()
        files = [file.name for file in self.files] if self.form.action.name == "upload" else ()
        return Parts(self.form, shareable, suggests=bool(self.variables), files=files)

    @cached_property
    def shareable(self) -> Sequence[tuple[int, str]]:
        return flows_to_share(self.flow)

    @cached_property
    def variables(self) -> list[str]:
        """The names that steps before the one in the form may have set."""
        until = None
        if self.form is not None and self.form.uid:
            until = next((row.number for row in self.rows if row.uid == self.form.uid), None)
        steps = [row.step for row in self.rows if until is None or row.number < until]
        inside = [step for part in parts_of(self.flow) for step in closed_steps(part)]
        return known_variables([*steps, *inside])

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


def _short(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
