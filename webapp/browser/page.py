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
# Keys as drivers know them: those that are held, and last the one that is pressed.
Chord = tuple[str, ...]
Button = Literal["left", "middle", "right"]


Way = Literal["back", "forward", "reload"]


class Moved(Exception):
    """The element or its document went away while it was looked at: look again."""


@dataclass(frozen=True)
class Property:
    """A property of an element in JavaScript; `other` says what it is where JSON cannot hold it."""

    value: Any = None
    is_missing: bool = False
    other: str = ""


@dataclass(frozen=True)
class Facts:
    """What assertions ask of an element beside how it looks."""

    disabled: str = ""  # why it cannot be used; empty if it can
    fixed: str = ""  # why it cannot be edited though it can be used
    focused: bool = False
    focus: str = ""  # the element that has the focus, if any has
    chosen: tuple[tuple[str, str], ...] | None = None  # labels and values of a list of choices
    is_selected: bool | None = None  # of one of its choices
    css: str | None = None
    property: Property = Property()


@dataclass(frozen=True)
class Sight:
    """What was seen of a candidate's first match that meets every need, or of its first match.

    `unmet` is the first need not met; `place` says which of the matches it is, from 1.
    """

    candidate: int
    words: str
    place: int = 1
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
    facts: Facts = Facts()
    element: Any = None


@dataclass(frozen=True)
class Look:
    """One glance at the page: how many elements each candidate matches, and what they are like.

    `winner` is the first candidate with a match that meets every need; `origin` tells two documents
    of the same address apart.
    """

    counts: tuple[int, ...] = ()
    visible_counts: tuple[int, ...] = ()
    sights: tuple[Sight, ...] = ()
    winner: Sight | None = None
    problems: tuple[str, ...] = ()
    ready: str = "complete"
    origin: float = 0

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
    first_only: bool = False  # the other candidates are counted, but not taken
    facts: bool = False
    css: str = ""  # the CSS property among the facts
    property: str = ""  # the JavaScript property among them
    # Where in the element the pointer goes, from its top left; None is its middle.
    offset: tuple[float, float] | None = None


@dataclass(frozen=True)
class Press:
    """How the pointer clicks. `modifiers` are keys as drivers know them."""

    button: Button = "left"
    times: int = 1
    hold_seconds: float = 0
    modifiers: tuple[str, ...] = ()
    is_exact: bool = False  # at the point that was asked for, not wherever the element is hit


PLAIN = Press()


@dataclass(frozen=True)
class FileField:
    """A field for files."""

    element: Any
    takes_many: bool = False
    takes_folder: bool = False
    is_disabled: bool = False


@dataclass(frozen=True)
class Submitted:
    """What became of sending a form: `problem` is empty, “no form” or “invalid”."""

    problem: str = ""
    name: str = ""
    why: str = ""


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


@dataclass(frozen=True)
class OpenTab:
    """A tab of the browser. `is_newest`: it opened since, and the run has not been in it yet."""

    handle: str
    number: int
    name: str = ""
    is_current: bool = False
    is_newest: bool = False


ScriptForm = Literal["body", "callback", "expression"]


@dataclass(frozen=True)
class Returned:
    """What became of a script that the author of a flow wrote.

    It gave a value that JSON can hold (`json`), `nothing`, or one that JSON cannot hold (`unkept`,
    `text` says what); it `threw`, was too `late`, `left` the page, or has a `mistake` in it.
    """

    state: Literal["json", "nothing", "unkept", "threw", "late", "left", "mistake"]
    value: Any = None
    holds: bool = False  # as JavaScript's `if` reads what it gave
    text: str = ""
    line: int = 0  # of what it threw, or of the mistake; 0 if unknown


@dataclass(frozen=True)
class Cookie:
    """A cookie of the page. Scripts must not read one that is `http_only`: nor may our log."""

    value: str
    http_only: bool = False


@dataclass(frozen=True)
class Stored:
    """A value of the page's storage; `problem` says why the page has none."""

    value: str | None
    problem: str = ""


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

    @property
    def open_dialog(self) -> str | None:
        """The text of the dialog that was left open for the next step; None if there is none."""

    def dialog_text(self) -> str | None:
        """The text of the dialog that is open now, whoever opened it; None when none is."""

    def answer_dialog(self, accept: bool, text: str | None = None) -> None:
        """Press OK or Cancel, in a prompt with this answer."""

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

    def travel(self, way: Way) -> bool:
        """Go back, forward, or load the page again; False where there is no page to go to."""

    def resize(self, width: int, height: int) -> tuple[int, int]:
        """Make the part of the window that shows the page so large; how large it is then."""

    def open_tabs(self) -> tuple[OpenTab, ...]:
        """The tabs that are open, in the order in which they opened."""

    def go_to_tab(self, handle: str) -> None:
        """Go on in another tab, in its page itself."""

    def keep_to_tab(self) -> None:
        """The run has come to stay in this tab: it is no longer the one just opened."""

    def name_tab(self, handle: str, name: str) -> None:
        """What steps call a tab from now on; another one loses this name."""

    def close_tab(self) -> int:
        """Close this tab and go on in the one that opened it, or in the last; its number."""

    @property
    def frame_depth(self) -> int:
        """How many frames deep the run is; 0 in the page itself."""

    def frame_at(self, number: int) -> Sight | None:
        """The frame with this number, from 0, in the document that the run is in."""

    def enter_frame(self, sight: Sight) -> None:
        """Go into a frame of the document that the run is in; Moved while it cannot be entered."""

    def leave_frames(self, levels: int | None = None) -> None:
        """Go out of so many frames, or back to the page itself."""

    def frame_is_loaded(self) -> bool:
        """Whether the document of the frame that was entered is there."""

    def state(self, blank: bool = False) -> PageState:
        """Where the page is now; with `blank`, whether there is anything to see."""

    def look(self, locators: Sequence[Locator], want: Want) -> Look: ...

    def click(self, sight: Sight, how: Press = PLAIN) -> None: ...

    def hover(self, sight: Sight) -> None: ...

    def press_pointer(self, sight: Sight) -> None:
        """Press the left button on the element, and leave it down."""

    def release_pointer(self, sight: Sight) -> None: ...

    def leave(self, sight: Sight) -> bool:
        """Move the pointer off the element; False when there is no place beside it."""

    def scroll(self, sight: Sight | None, x: float, y: float, by: bool) -> tuple[int, int]:
        """Scroll the page or an element; gives where it is then."""

    def drag(self, sight: Sight, target: Sight | None, by: tuple[float, float]) -> None:
        """Drag an element onto another, or by a distance."""

    def type(self, sight: Sight, text: str, append: bool, secret: bool) -> None: ...

    def clear(self, sight: Sight) -> None: ...

    def press(self, chord: Sequence[str], sight: Sight | None) -> None: ...

    def type_keys(
        self, sight: Sight, parts: Sequence[str | Chord], append: bool, secret: bool
    ) -> None:
        """Type texts and keys by turns, each where the focus is by then."""

    def key_down(self, key: str) -> None:
        """Press a key, and leave it down for the steps that follow."""

    def key_up(self, key: str) -> None: ...

    def set_value(self, sight: Sight, text: str) -> None:
        """Put a value into a field at once; StepFailed when the field does not take it."""

    def field_text(self, sight: Sight) -> str:
        """What stands in a field of text."""

    def set_rich_text(self, sight: Sight, text: str) -> bool:
        """False when the element cannot be edited."""

    def choose(self, sight: Sight, by: str, content: str) -> Chosen: ...

    def unchoose(self, sight: Sight, by: str, content: str) -> Chosen: ...

    def file_field(self, sight: Sight) -> FileField | None:
        """The field for files that an element is or belongs to, emptied."""

    def upload(self, field: FileField, paths: Sequence[Path]) -> None: ...

    def submit(self, sight: Sight) -> Submitted:
        """Send the form that the element is, or is in."""

    def run_script(self, text: str, values: Sequence[Any], form: ScriptForm) -> Returned:
        """Run a script of the flow's author once; it reads `values` as `lamplighter[0]` …"""

    def cookies(self, name: str) -> tuple[Cookie, ...]:
        """The cookies of this name that would be sent to this page."""

    def stored(self, area: str, key: str) -> Stored:
        """What the page's `local` or `session` storage holds under a key."""

    def page_text(self) -> str:
        """The visible text of the page, its open shadow roots included."""

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
