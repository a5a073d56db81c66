"""Going to an address, through the history of a tab, and how large the page is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import urljoin, urlsplit

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page, PageState, Way
from webapp.browser.seeking import poll, waited
from webapp.egress import check_url

if TYPE_CHECKING:
    from webapp.browser.steps import Step

PAGES = frozenset({"text/html", "application/xhtml+xml"})
LONGEST_URL = 2048
SIZE = re.compile(r"(\d{1,5})\s*[x×X*,]\s*(\d{1,5})")
LEAST_SIZE, MOST_SIZE = 50, 10_000


class OpenOptions(Options):
    status: Literal["any"] | int | None = Option(
        None,
        title="Accepted status",
        description="Empty: every answer below 400. A number: exactly this one. any: all.",
        json_schema_extra={"placeholder": "below 400", "right": "“any” or a number like 404"},
    )


class Open(Action, name="open", label="Open", group="Navigation", icon="world"):
    """Go to an address and wait for its page. Fails when the server answers 400 or above."""

    visits: ClassVar[bool] = True
    content: ClassVar[Field | None] = Field(
        "content",
        "Address",
        required=True,
        placeholder="/login",
        help="Absolute, or relative to the flow's address. Only http and https.",
    )
    imports: ClassVar[tuple[str, ...]] = ("side:open", "recorder:navigate")
    Options: ClassVar[type[Options]] = OpenOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        return url_error(content)

    def run(self, step: Step, page: Page) -> Finding:
        url = urljoin(page.base_url, (step.content or "").strip())
        check_url(url, page.allow_private, page.own_addresses)
        page.visit(url)
        return _arrived(page, step.options.get("status"))


class _Travel(Action):
    """What the ways through the history of a tab share."""

    way: ClassVar[Way]
    nowhere: ClassVar[str] = ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return cls.label

    def run(self, step: Step, page: Page) -> Finding:
        if not page.travel(self.way):
            raise StepFailed(self.nowhere, "a page to go to", "no page")
        return _arrived(page, None)


class Back(_Travel, name="back", label="Go back", group="Navigation", icon="arrow-left"):
    """Go back one page in the history of the tab, and wait for it as “Open” does."""

    way: ClassVar[Way] = "back"
    nowhere: ClassVar[str] = (
        "Could not go back: this is the first page of the tab, and none came before it."
    )


class Forward(_Travel, name="forward", label="Go forward", group="Navigation", icon="arrow-right"):
    """Go forward one page in the history of the tab, after “Go back”, and wait for it."""

    way: ClassVar[Way] = "forward"
    nowhere: ClassVar[str] = (
        "Could not go forward: this is the last page of the tab. There is one to go to only after "
        "“Go back”."
    )


class Reload(_Travel, name="reload", label="Reload", group="Navigation", icon="reload"):
    """Load the page again, and wait for it as “Open” does."""

    way: ClassVar[Way] = "reload"


class Resize(Action, name="resize", label="Resize", group="Windows and frames", icon="maximize"):
    """Give the part of the window that shows the page a size, as on another screen."""

    content: ClassVar[Field | None] = Field(
        "content",
        "Width and height",
        required=True,
        placeholder="1280x800",
        help="In CSS pixels. Firefox makes no window narrower than 500.",
    )
    imports: ClassVar[tuple[str, ...]] = ("side:setWindowSize", "recorder:setViewport")

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        found = SIZE.fullmatch(content.strip())
        if not found:
            return f"“{content[:60]}” is not a size. Example: 1280x800, the width first."
        if not all(LEAST_SIZE <= int(number) <= MOST_SIZE for number in found.groups()):
            return f"Width and height go from {LEAST_SIZE} to {MOST_SIZE:,} pixels."
        return ""

    def run(self, step: Step, page: Page) -> Finding:
        found = SIZE.fullmatch((step.content or "").strip())
        assert found is not None  # read_content saw to it
        width, height = int(found[1]), int(found[2])
        wide, high = page.resize(width, height)
        if (wide, high) != (width, height):
            raise StepFailed(
                f"The browser could not make the page {width} × {height} pixels large: it made it "
                f"{wide} × {high}.",
                f"{width} × {height}",
                f"{wide} × {high}",
            )
        return Finding(found=f"{wide} × {high}")


def _arrived(page: Page, accepted: object) -> Finding:
    """Whether what came is a page as it was expected."""
    state = poll(page, page.state, lambda seen: True)
    _check_status(state, accepted)
    _check_kind(state)
    if accepted is None and poll(page, lambda: page.state(blank=True), _is_there).is_blank:
        raise StepFailed(
            f"The page {state.url} is blank: nothing to see came within {waited(page)}.",
            "a page that shows something",
            "a blank page",
        )
    return Finding(expected=_status_words(accepted), found=str(state.status or "unknown"))


def url_error(url: str) -> str:
    """What is wrong with an address that a step shall open; empty if nothing is."""
    if len(url) > LONGEST_URL:
        return f"The address has {len(url):,} characters; at most {LONGEST_URL:,} go."
    if any(character.isspace() for character in url.strip()):
        return "The address holds a blank; in addresses a blank is written %20."
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        return f"“{url[:60]}” is not an address: {error}."
    if parts.scheme and parts.scheme not in ("http", "https"):
        return (
            f"The address begins with “{parts.scheme}:”, but only http and https are opened. "
            "Example: https://www.example.org/login"
        )
    if parts.scheme and not parts.hostname:
        return f"“{url[:60]}” names no host. Example: https://www.example.org/login"
    return ""


def _is_there(state: PageState) -> bool:
    return not state.is_blank


def _status_words(accepted: object) -> str:
    if accepted is None:
        return "a status below 400"
    return "any status" if accepted == "any" else f"the status {accepted}"


def _check_status(state: PageState, accepted: object) -> None:
    """A browser that does not tell the status (0) is believed: it did show the page."""
    if accepted == "any" or state.status == 0:
        return
    if state.status != accepted if accepted is not None else state.status >= 400:
        raise StepFailed(
            f"{state.url} answered with status {state.status}, "
            f"but {_status_words(accepted)} was expected.",
            _status_words(accepted),
            f"the status {state.status}",
        )


def _check_kind(state: PageState) -> None:
    if state.content_type not in PAGES:
        kind = "a PDF" if state.content_type == "application/pdf" else state.content_type
        raise StepFailed(
            f"{state.url} is no web page: the server sent {kind}, and a page in HTML was expected.",
            "a web page (HTML)",
            kind,
        )
