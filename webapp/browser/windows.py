"""The tabs of a browser: go to one, close one, notice new ones; and how large the window is."""

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from webapp.browser.arriving import Arriving
from webapp.browser.asking import script
from webapp.browser.errors import BrowserLost, RunStopped, StepFailed
from webapp.browser.page import Moved, OpenTab

REMEMBER_ROOT = "function (root) { window[Symbol.for('lamplighter roots')]?.set(this, root); }"


def closed_roots(node: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Each closed shadow root below a node, with its host, as DevTools number them."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        roots = one.get("shadowRoots", [])
        for root in roots:
            if root.get("shadowRootType") == "closed":
                yield one["backendNodeId"], root["backendNodeId"]
        inside = [one["contentDocument"]] if "contentDocument" in one else []
        waiting += [*one.get("children", []), *roots, *inside]


class Windowing(Arriving):
    """Tabs, and the size of the window."""

    def open_tabs(self) -> tuple[OpenTab, ...]:
        """The tabs that are open, in the order in which they opened."""
        self._count_tabs()
        tabs = self._tabs
        newest = tabs.newest
        return tuple(
            OpenTab(
                tab.handle,
                tabs.number(tab.handle),
                tab.name,
                is_current=tab.handle == self._window,
                is_newest=tab is newest,
            )
            for tab in tabs.all
        )

    def _count_tabs(self) -> int:
        """Ask which are open; how many have come since it was last asked."""
        handles = self._ask(lambda: self._driver.window_handles)
        return len(self._tabs.refresh([str(one) for one in handles], self._window))

    def go_to_tab(self, handle: str) -> None:
        """Go on in another tab, in its page itself."""
        self.leave_frames()
        self._ask(lambda: self._driver.switch_to.window(handle))
        self._window = handle
        self._no_picture = ""
        if self._is_chromium:
            self._ask(lambda: self._devtools("Page.bringToFront"))
            self._prepare_tab(handle)

    def keep_to_tab(self) -> None:
        """The run has come to stay in this tab: it is no longer the one just opened."""
        self._tabs.enter(self._window)

    def _prepare_tab(self, handle: str) -> None:
        """What runs in every document runs in those of this tab too, also in the one it shows."""
        if self._tabs.was_prepared(handle):
            return
        for name in self._scripts_of_documents:
            self._ask(partial(self._add_to_documents, name))
            with contextlib.suppress(StepFailed, Moved):
                self._ask(partial(self._driver.execute_script, script(name)))
        with contextlib.suppress(StepFailed, Moved, BrowserLost):
            self._know_closed_roots()

    def _know_closed_roots(self) -> None:
        """What this page closed to itself before we came is searched for secrets all the same."""
        top = self._ask(lambda: self._devtools("DOM.getDocument", depth=-1, pierce=True))["root"]
        for host, root in closed_roots(top):
            found = [
                self._ask(partial(self._devtools, "DOM.resolveNode", backendNodeId=one))["object"]
                for one in (host, root)
            ]
            self._ask(
                partial(
                    self._devtools,
                    "Runtime.callFunctionOn",
                    objectId=found[0]["objectId"],
                    functionDeclaration=REMEMBER_ROOT,
                    arguments=[{"objectId": found[1]["objectId"]}],
                )
            )

    def name_tab(self, handle: str, name: str) -> None:
        self._tabs.give_name(handle, name)

    def close_tab(self) -> int:
        """Close this tab and go on in the one that opened it, or in the last one; its number."""
        closed = self._window
        self.leave_frames()
        self._ask(self._driver.close)
        handles = [str(one) for one in self._ask(lambda: self._driver.window_handles)]
        following = self._tabs.follower(closed, handles)
        if not following:
            raise BrowserLost("The last tab of the browser was closed.")
        self.go_to_tab(following)
        return self._tabs.number(following)

    def notes(self) -> list[str]:
        """With the tabs that opened in this step, if it did anything to the page."""
        if self._has_acted:
            self._has_acted = False
            # Whatever is wrong with the browser, the next step finds out and says so.
            with contextlib.suppress(StepFailed, Moved, BrowserLost, RunStopped):
                self._note_new_tabs()
        return super().notes()

    def _note_new_tabs(self) -> None:
        came = self._count_tabs()
        if came == 1:
            self._note("A new tab opened; use “Switch tab” to go on in it")
        elif came:
            self._note(f"{came} new tabs opened; use “Switch tab” to go on in one of them")

    def resize(self, width: int, height: int) -> tuple[int, int]:
        """Make the part of the window that shows the page so large; how large it is then."""
        with self._outside():
            wide, high = width, height
            for _ in range(2):
                self._ask(lambda: self._driver.set_window_rect(width=wide, height=high))  # noqa: B023
                seen = self._facts("window_size")
                if (seen["width"], seen["height"]) == (width, height):
                    break
                wide += width - seen["width"]
                high += height - seen["height"]
            return int(seen["width"]), int(seen["height"])
