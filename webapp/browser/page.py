"""What a step may ask of a browser: the seam between actions and driver, which tests fake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from webapp.browser.locators import Locator
from webapp.browser.secrets import Secrets
from webapp.browser.stopping import Patience
from webapp.browser.variables import Variables

if TYPE_CHECKING:
    from webapp.browser.auditing import Audit
    from webapp.browser.console import ScriptError
    from webapp.browser.downloading import Downloads
    from webapp.browser.traffic import Traffic

# What a run may keep an eye on; each costs the browser something.
Watched = Literal["requests", "errors", "downloads"]
Need = Literal["visible", "enabled", "editable", "still", "uncovered"]
POINTER: tuple[Need, ...] = ("visible", "enabled", "still", "uncovered")
KEYBOARD: tuple[Need, ...] = ("visible", "enabled", "editable")


class Moved(Exception):
    """The element or its document went away while it was looked at: look again."""


@dataclass(frozen=True)
class Sight:
    """What was seen of the first match of a candidate. `unmet` is the first need not met."""

    candidate: int
    words: str
    tag: str = ""
    type: str = ""
    unmet: Need | None = None
    why: str = ""
    visible: bool = True
    enabled: bool = True
    hit_label: bool = False
    point: tuple[float, float] = (0, 0)
    text: str = ""
    value: str | None = None
    attribute: str | None = None
    checked: bool | None = None
    element: Any = None


@dataclass(frozen=True)
class Look:
    """One glance at the page: how many elements each candidate matches, and what they are like.

    `winner` is the first candidate whose first match meets every need.
    """

    counts: tuple[int, ...] = ()
    visible_counts: tuple[int, ...] = ()
    sights: tuple[Sight, ...] = ()
    winner: Sight | None = None
    problems: tuple[str, ...] = ()

    @property
    def best(self) -> Sight | None:
        """The winner, or the first candidate that matches anything at all."""
        return self.winner or (self.sights[0] if self.sights else None)


@dataclass(frozen=True)
class PageState:
    """Where the browser is. `origin` tells two documents of the same address apart."""

    url: str
    title: str = ""
    ready: str = "complete"
    content_type: str = "text/html"
    origin: float = 0
    status: int = 0
    is_blank: bool = False
    is_error: bool = False
    error: str = ""  # what the browser calls it, where it tells


@dataclass(frozen=True)
class Want:
    """What a look should tell, beside presence; less is faster."""

    needs: tuple[Need, ...] = ()
    text: bool = False
    attribute: str | None = None
    all_visible: bool = False
    opacity: bool = False  # whether something transparent counts as hidden
    scroll: bool = False


@dataclass(frozen=True)
class Chosen:
    """The answer of a list of choices: what is chosen now, or which choices there are."""

    label: str | None
    problem: str = ""
    choices: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class PageTimes:
    """Milliseconds since the page was asked for; None for what has not happened yet."""

    response: float | None = None  # its document had come
    ready: float | None = None  # its document was built
    load: float | None = None  # what belongs to it had come, too


class Page(Protocol):
    """A browser's page during a step. Methods raise StepFailed, BrowserLost, RunStopped, Moved."""

    patience: Patience
    secrets: Secrets
    base_url: str
    allow_private: bool
    own_addresses: tuple[str, ...]
    variables: Variables
    files: Mapping[str, Path]  # stored with the flow, by name
    began_at: datetime  # when the run did
    taken: set[str]  # what counts once in a run only, as a mail
    # The next step is about a dialog: one that opens now is not answered.
    leave_dialog: bool
    # The text of the dialog that was left open.
    open_dialog: str | None

    def start_run(self, watched: Collection[Watched]) -> None:
        """A run begins, whose steps will ask about these; what was before does not count in it."""

    def traffic(self) -> "Traffic":
        """The requests since the run began."""

    def script_errors(self) -> "Sequence[ScriptError]":
        """The errors since the run began that no script of the page caught."""

    def downloads(self) -> "Downloads":
        """The files that were downloaded since the run began."""

    def page_times(self) -> PageTimes:
        """How long the present page took to come."""

    def audit(self, sight: Sight | None, ignore: Sequence[str]) -> "Audit":
        """What keeps people out of the page or of an element, but for the rules to ignore."""

    def begin(self, patience: Patience) -> None:
        """A new step starts, with its time."""

    def visit(self, url: str) -> None:
        """Go to an address and wait for its document; StepFailed says why it did not come."""

    def state(self, blank: bool = False) -> PageState:
        """Where the page is now; with `blank`, whether there is anything to see."""

    def look(self, locators: Sequence[Locator], want: Want) -> Look: ...

    def click(self, sight: Sight) -> None: ...

    def hover(self, sight: Sight) -> None: ...

    def type(self, sight: Sight, text: str, append: bool, secret: bool) -> None: ...

    def clear(self, sight: Sight) -> None: ...

    def press(self, chord: Sequence[str], sight: Sight | None) -> None: ...

    def choose(self, sight: Sight, by: str, content: str) -> Chosen: ...

    def trouble(self) -> str | None:
        """Why the page that was last gone to did not come; None if it did."""

    def focus_picture(self, sight: Sight) -> None:
        """The next picture is of this element alone."""

    def picture(self) -> bytes:
        """What the visitor sees, as PNG, with no secret in it; raises PictureRefused."""

    def notes(self) -> list[str]:
        """What happened beside, since it was last asked: dialogs, windows."""


class PictureRefused(Exception):
    """No picture was taken; the message says why."""
