"""What a file of another tool becomes: flows that are not saved yet, and what is said of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from webapp.browser.actions.registry import ACTIONS
from webapp.browser.steps import new_uid
from webapp.flows.suspicion import secret_values
from webapp.letters import without_hidden

# A step as the API takes it; `uid` and `parent` tie the tree together.
StepValues = dict[str, Any]
Fate = Literal["exact", "approximated", "off"]


class Unreadable(ValueError):
    """The file cannot be imported; the message says where, what was found, what would be right."""


@dataclass(frozen=True)
class Item:
    """What one command or recorded step became."""

    place: str  # where it stands in the file: `tests[0].commands[3]`, `steps[2]`
    original: str
    fate: Fate
    why: str = ""  # how it was approximated, or why it is switched off
    uids: tuple[str, ...] = ()  # of the steps that it became


@dataclass(frozen=True)
class Finding:
    """A step that looks as if it held a secret, or calls for attention."""

    uid: str
    why: str


@dataclass(frozen=True)
class Suggestion:
    """A step that the file only hints at; `after` is the uid it would stand behind."""

    after: str
    step: StepValues
    why: str
    preselected: bool


@dataclass
class Draft:
    """A flow that is not saved yet."""

    name: str
    url: str = ""  # empty when the file does not say, and its owner has to
    browser: str = "chrome"
    step_timeout_seconds: float = 10.0
    run_timeout_seconds: float = 300.0
    cron: str | None = None
    time_zone: str = "UTC"
    steps: list[StepValues] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    secrets: list[Finding] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Steps that hold another draft of the same file: uid of the step → index of the draft.
    shares: dict[str, int] = field(default_factory=dict)

    def add(self, action: str, **values: Any) -> StepValues:
        """Append a step; its number is its place."""
        step = {"uid": new_uid(), "number": len(self.steps) + 1, "action": action, **values}
        self.steps.append(step)
        return step

    @property
    def checks_nothing(self) -> bool:
        return not any(
            step["action"].startswith(("assert_", "wait_for")) and step.get("enabled", True)
            for step in self.steps
        )

    @property
    def scripts(self) -> list[str]:
        """The uids of steps that run JavaScript of the file."""
        return [step["uid"] for step in self.steps if runs_script(step)]


@dataclass
class Group:
    """A suite of the file: suites themselves come later, their data is kept."""

    name: str
    flows: list[str]
    persist_session: bool = False
    parallel: bool = False
    timeout_seconds: float | None = None


@dataclass
class Recording:
    """All that a file holds."""

    format: Literal["selenium-ide", "chrome-recorder", "lamplighter"]
    version: str
    drafts: list[Draft]
    groups: list[Group] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Recording":
        drafts = [_draft(one) for one in kept["drafts"]]
        groups = [Group(**one) for one in kept["groups"]]
        return cls(**{**kept, "drafts": drafts, "groups": groups})


def _draft(kept: dict[str, Any]) -> Draft:
    return Draft(
        **{
            **kept,
            "items": [Item(**{**one, "uids": tuple(one["uids"])}) for one in kept["items"]],
            "secrets": [Finding(**one) for one in kept["secrets"]],
            "suggestions": [Suggestion(**one) for one in kept["suggestions"]],
        }
    )


def runs_script(step: StepValues) -> bool:
    action = ACTIONS.get(step["action"])
    return action is not None and action.runs_script(step.get("options") or {})


def find_secrets(draft: Draft) -> None:
    for step in draft.steps:
        if values := secret_values(step):
            draft.secrets.append(Finding(step["uid"], values[0][1]))


def short(text: str, most: int = 200) -> str:
    """The text in one line, without signs that nobody sees, and not too long for a name."""
    folded = " ".join(without_hidden(text).split())
    return folded if len(folded) <= most else f"{folded[: most - 1]}…"


def candidates(locators: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Locators as a step has them, each once, in their order."""
    return [{"by": by, "value": value} for by, value in dict.fromkeys(locators)]
