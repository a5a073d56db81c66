"""What a step can do. An action is one class; form, API, docs and tests derive from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from webapp.browser.actions.fields import Field, Options, fields_of, read_options
from webapp.browser.locators import HOLE, Locator
from webapp.browser.page import Page, Watched

if TYPE_CHECKING:  # a step asks its action for a summary, so the import goes the other way
    from webapp.browser.steps import Step

ACTIONS: dict[str, type[Action]] = {}
ALIASES: dict[str, str] = {}
# The order in which forms and documentation show them.
GROUPS = (
    "Navigation",
    "Mouse",
    "Keyboard",
    "Forms",
    "Windows and frames",
    "Dialogs",
    "Waiting",
    "Assertions",
    "Variables",
    "Scripts",
    "Outside the page",
    "Blocks",
    "Pictures",
)
LONGEST_CONTENT = 10_000
SCRIPTS_FORBIDDEN = (
    "Steps with JavaScript are not allowed here: whoever runs this Lamplighter has set "
    "ALLOW_SCRIPTS to no."
)
Target = Literal["required", "optional", "none"]


@dataclass(frozen=True)
class Finding:
    """What a step found: for the log of the run, whether it passed or not."""

    locator: Locator | None = None
    match_count: int | None = None
    matches: tuple[tuple[Locator, int], ...] = ()
    expected: str | None = None
    found: str | None = None
    notes: tuple[str, ...] = field(default=())
    # Why another candidate than the first found the element; empty when the first did.
    healed: str = ""
    # For a block: whether its steps are to be played (again).
    holds: bool = True


class NoOptions(Options):
    """For actions that have no options."""


class Action:
    """One thing a step can do. A subclass registers itself; its docstring is its help."""

    name: ClassVar[str]
    label: ClassVar[str]
    group: ClassVar[str]
    help: ClassVar[str]
    icon: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]]
    locators: ClassVar[Target] = "none"
    content: ClassVar[Field | None] = None
    options: ClassVar[tuple[Field, ...]] = ()
    can_be_secret: ClassVar[bool] = False
    changes_page: ClassVar[bool] = True
    # Whether another candidate than the first may stand in; assertions say no to that.
    heals: ClassVar[bool] = True
    # Whether `{{ name }}` in the content becomes its value; scripts take values as arguments.
    fills_content: ClassVar[bool] = True
    # It neither looks at the page nor changes it, so a picture of it would say nothing.
    touches_page: ClassVar[bool] = True
    # Whether a dialog that is open would be in its way.
    minds_dialogs: ClassVar[bool] = True
    # Options that hold a password: a variable stands in them, since a flow keeps them readable.
    secret_options: ClassVar[tuple[str, ...]] = ()
    # Whether its content is an address that is visited, to be checked when the step is saved.
    visits: ClassVar[bool] = False
    # Whether its content is JavaScript, which the operator may forbid.
    is_script: ClassVar[bool] = False
    # Browsers that can play it; empty when all can.
    only_in: ClassVar[tuple[str, ...]] = ()
    # It answers or reads a dialog of the page, which the step before it therefore leaves open.
    needs_dialog: ClassVar[bool] = False
    # What it asks about that the browser tells only who watches from the beginning of the run.
    watches: ClassVar[frozenset[Watched]] = frozenset()
    # What Selenium IDE and Chrome Recorder call it.
    imports: ClassVar[tuple[str, ...]] = ()
    Options: ClassVar[type[Options]] = NoOptions

    def __init_subclass__(
        cls,
        *,
        name: str = "",
        label: str = "",
        group: str = "",
        icon: str = "",
        aliases: tuple[str, ...] = (),
    ) -> None:
        if not name:
            return  # a base class of several actions
        for word in (name, *aliases):
            if word in ACTIONS or word in ALIASES:
                raise RuntimeError(f"The action “{word}” exists already.")
            ALIASES[word] = name
        cls.name, cls.label, cls.group, cls.icon, cls.aliases = name, label, group, icon, aliases
        cls.help = " ".join((cls.__doc__ or "").split())
        cls.options = fields_of(cls.Options)
        ACTIONS[name] = cls
        for known in sorted(ACTIONS, key=lambda one: GROUPS.index(ACTIONS[one].group)):
            ACTIONS[known] = ACTIONS.pop(known)

    @classmethod
    def read_options(cls, given: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return read_options(cls.label, cls.Options, given)

    @classmethod
    def read_content(cls, given: str | None, options: dict[str, Any]) -> tuple[str | None, str]:
        """The content as it is kept, and what is wrong with it (empty if nothing is)."""
        if cls.content is None:
            return None, f"“{cls.label}” takes no content." if given else ""
        if given is None or (given == "" and not cls.takes_empty(options)):
            needed = f"“{cls.label}” needs it: {cls.content.label.lower()}."
            return None, needed if cls.content.required else ""
        if len(given) > LONGEST_CONTENT:
            return None, f"It has {len(given):,} characters; at most {LONGEST_CONTENT:,} go."
        if "\0" in given:
            return None, "It holds a null character, which no page can show."
        if HOLE in given:
            return given, ""  # checked when a run has filled its variables in
        return given, cls.check_content(given, options)

    @classmethod
    def takes_empty(cls, options: dict[str, Any]) -> bool:
        return False

    @classmethod
    def needs_locator(cls, options: dict[str, Any]) -> bool:
        """Whether a step with these options must say which element it is about."""
        return cls.locators == "required"

    @classmethod
    def fills(cls, options: dict[str, Any]) -> bool:
        """Whether `{{ name }}` in the content of a step with these options becomes its value."""
        return cls.fills_content

    @classmethod
    def runs_script(cls, options: dict[str, Any]) -> bool:
        """Whether a step with these options runs JavaScript that its author wrote."""
        return cls.is_script or options.get("test") == "script"

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        """What is wrong with a content that is there and not too long; empty if nothing is."""
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        """What the step does, in words; the content of a secret step is never in it."""
        content = "" if step.content is None or step.secret else f" “{_short(step.content)}”"
        return (
            f"{cls.label}{content}{f' in {step.target}' if step.locators and content else ''}"
            + (f" {step.target}" if step.locators and not content else "")
        )

    def run(self, step: Step, page: Page) -> Finding:
        raise NotImplementedError(f"{type(self).__name__} does not say how it is run.")


BlockKind = Literal["branch", "loop", "once", "shared"]


class Block(Action):
    """An action that holds other steps."""

    kind: ClassVar[BlockKind]
    # What it must stand directly behind, as `else` behind `if`; empty for most.
    follows: ClassVar[tuple[str, ...]] = ()
    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    # Whether there are steps in it; the player says so before it asks.
    holds_steps: bool = True

    def decide(self, step: Step, page: Page, rounds: int) -> Finding:
        """Whether the steps in it are to be played (`holds`), after so many rounds of them."""
        raise NotImplementedError(f"{type(self).__name__} does not say when its steps are played.")

    def run(self, step: Step, page: Page) -> Finding:
        raise TypeError("A block is not run; the player asks it to decide.")


def action_named(name: str) -> type[Action]:
    """Look up an action by its name or alias; KeyError carries a sentence for the user."""
    if name not in ALIASES:
        raise KeyError(f"“{name[:60]}” is not an action. Actions are {', '.join(ACTIONS)}.")
    return ACTIONS[ALIASES[name]]


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= 60 else f"{folded[:59]}…"
