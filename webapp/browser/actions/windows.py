"""Tabs, frames and the size of the window: where the steps after it are played."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.matching import Matcher, pattern_error
from webapp.browser.page import Moved, OpenTab, Page, PageState
from webapp.browser.seeking import poll, waited
from webapp.egress import check_url

if TYPE_CHECKING:
    from webapp.browser.steps import Step

LONGEST_NAME = 100
# A tab that opens is empty for a moment, and then begins to load.
EMPTY_SECONDS = 1.0
WHICH = {
    "newest": "the tab just opened",
    "first": "the first tab",
    "number": "tab {}",
    "title": "the tab whose title is “{}”",
    "url": "the tab whose address is “{}”",
    "name": "the tab named “{}”",
}
SIMPLE = frozenset({"newest", "first"})


class SwitchTabOptions(Options):
    by: Literal["newest", "first", "number", "title", "url", "name"] = Option(
        "newest",
        title="Which tab",
        description="newest: the one just opened. number: as they opened, from 1. "
        "name: as a step named it.",
    )
    match: Literal["contains", "equals", "matches"] = Option(
        "contains", title="How to compare", description="For title and address."
    )


class SwitchTab(
    Action, name="switch_tab", label="Switch tab", group="Windows and frames", icon="browser"
):
    """Go on in another tab or window. Waits for it, as for one that is about to open."""

    content: ClassVar[Field | None] = Field(
        "content",
        "Number, title, address or name",
        placeholder="Checkout",
        help="Empty for the tab just opened, and for the first one.",
    )
    imports: ClassVar[tuple[str, ...]] = ("side:selectWindow",)
    Options: ClassVar[type[Options]] = SwitchTabOptions

    @classmethod
    def read_content(cls, given: str | None, options: dict[str, Any]) -> tuple[str | None, str]:
        by = options.get("by", "newest")
        if by in SIMPLE:
            said = f"{WHICH[by][0].upper()}{WHICH[by][1:]} needs no content."
            return None, said if given and given.strip() else ""
        if not given or not given.strip():
            return None, f"“{cls.label}” by {by} needs it: which {by}?"
        return super().read_content(given, options)

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        by = options.get("by", "newest")
        if by == "number" and not (content.strip().isdecimal() and int(content) > 0):
            return f"“{content[:60]}” is not the number of a tab: they count from 1."
        if by == "name":
            return name_error(content)
        if by in ("title", "url") and options.get("match") == "matches":
            return pattern_error(content)
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Switch to {_which(step)}"

    def run(self, step: Step, page: Page) -> Finding:
        with Matcher(str(step.options.get("match", "contains")), step.content or "") as matcher:
            seen: list[str] = []
            handle = poll(page, lambda: _find(step, page, matcher, seen), bool)
        if not handle:
            raise _no_tab(step, page, seen)
        page.go_to_tab(handle)
        page.keep_to_tab()
        state = settled(page)
        number = next((tab.number for tab in page.open_tabs() if tab.is_current), 0)
        return Finding(expected=_which(step), found=f"tab {number}: “{state.title or state.url}”")


def settled(page: Page) -> PageState:
    """The page of a tab that was gone to, as soon as it has one; refused where `open` would be."""
    waiting_since = page.patience.left

    def is_there(state: PageState) -> bool:
        is_empty = state.url == "about:blank" or state.ready == "loading"
        return not is_empty or waiting_since - page.patience.left > EMPTY_SECONDS

    state = poll(page, page.state, is_there)
    if not state.url.startswith("about:"):
        check_url(state.url, page.allow_private, page.own_addresses)
    return state


def _which(step: Step) -> str:
    return WHICH[str(step.options.get("by", "newest"))].format(step.content or "")


def _find(step: Step, page: Page, matcher: Matcher, seen: list[str]) -> str:
    """The handle of the tab that is meant, empty if it is not there."""
    tabs = page.open_tabs()
    by = step.options.get("by", "newest")
    wanted: Callable[[OpenTab], bool] = {
        "newest": lambda tab: tab.is_newest,
        "first": lambda tab: tab.number == 1,
        "number": lambda tab: str(tab.number) == str(int(step.content or 0)),
        "name": lambda tab: tab.name == (step.content or "").strip(),
    }.get(str(by), lambda tab: False)
    if by in ("title", "url"):
        return _find_by_page(str(by), page, tabs, matcher, seen)
    seen[:] = [f"{tab.number}{f' “{tab.name}”' if tab.name else ''}" for tab in tabs]
    return next((tab.handle for tab in tabs if wanted(tab)), "")


def _find_by_page(
    by: str, page: Page, tabs: Sequence[OpenTab], matcher: Matcher, seen: list[str]
) -> str:
    """Look into each tab; its title and address are known in it alone."""
    seen.clear()
    for tab in tabs:
        try:
            page.go_to_tab(tab.handle)
            state = page.state()
        except Moved:
            continue  # it closed, or is being replaced: the next look sees it
        text = state.title if by == "title" else state.url
        seen.append(f"{tab.number} “{text}”")
        if matcher.holds(text):
            return tab.handle
    start = next((tab.handle for tab in tabs if tab.is_current), "")
    if start:
        page.go_to_tab(start)
    return ""


def _no_tab(step: Step, page: Page, seen: Sequence[str]) -> StepFailed:
    which = _which(step)
    there = f"Open is tab {seen[0]}." if len(seen) == 1 else f"Open are the tabs {', '.join(seen)}."
    if step.options.get("by", "newest") == "newest":
        return StepFailed(
            f"No new tab opened within {waited(page)}. {there} One that the run has been in "
            "already is not new: name its number, title or address.",
            which,
            "no new tab",
        )
    return StepFailed(
        f"{which[0].upper()}{which[1:]} was not there within {waited(page)}. {there}",
        which,
        ", ".join(seen),
    )


def name_error(name: str) -> str:
    """What is wrong with a name for a tab; empty if nothing is."""
    if not name.strip():
        return "A tab needs a name of at least one character."
    if len(name.strip()) > LONGEST_NAME:
        return f"The name has {len(name.strip())} characters; at most {LONGEST_NAME} go."
    return ""


class NameTabOptions(Options):
    tab: Literal["current", "newest"] = Option(
        "current",
        title="Which tab",
        description="newest: the one just opened, which is waited for but not gone to.",
    )


class NameTab(Action, name="name_tab", label="Name tab", group="Windows and frames", icon="tag"):
    """Give a tab a name, by which “Switch tab” finds it later."""

    content: ClassVar[Field | None] = Field("content", "Name", required=True, placeholder="shop")
    changes_page: ClassVar[bool] = False
    imports: ClassVar[tuple[str, ...]] = ("side:storeWindowHandle",)
    Options: ClassVar[type[Options]] = NameTabOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        return name_error(content)

    def run(self, step: Step, page: Page) -> Finding:
        is_newest = step.options.get("tab") == "newest"

        def find() -> OpenTab | None:
            tabs = page.open_tabs()
            return next((t for t in tabs if (t.is_newest if is_newest else t.is_current)), None)

        tab = poll(page, find, lambda one: one is not None)
        if tab is None:
            raise StepFailed(
                f"No new tab opened within {waited(page)}, so none could be named.",
                "a new tab",
                "no new tab",
            )
        page.name_tab(tab.handle, (step.content or "").strip())
        return Finding(found=f"tab {tab.number}")


class CloseTab(
    Action, name="close_tab", label="Close tab", group="Windows and frames", icon="square-x"
):
    """Close this tab and go on in the one that opened it, or else in the last one."""

    imports: ClassVar[tuple[str, ...]] = ("side:close", "recorder:close")

    @classmethod
    def summary(cls, step: Step) -> str:
        return "Close this tab"

    def run(self, step: Step, page: Page) -> Finding:
        if len(page.open_tabs()) < 2:
            raise StepFailed(
                "This is the only tab, and closing it would end the browser. At the end of a flow "
                "no tab needs to be closed: remove this step.",
                "another tab to go on in",
                "only this tab",
            )
        number = page.close_tab()
        page.keep_to_tab()
        state = settled(page)
        said = f"The run goes on in tab {number}: “{state.title or state.url}”"
        return Finding(found=f"tab {number}", notes=(said,))
