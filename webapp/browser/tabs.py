"""Which tabs are open, in which order they came, who opened them, and what a flow calls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Tab:
    """One tab. `was_seen`: the run has been in it, so it is not the one just opened."""

    handle: str
    opener: str = ""
    name: str = ""
    was_seen: bool = False
    is_prepared: bool = False


class Tabs:
    """The tabs of one browser, as they were when it was last asked for them."""

    def __init__(self, first: str) -> None:
        self._tabs = [Tab(first, was_seen=True, is_prepared=True)]

    @property
    def all(self) -> tuple[Tab, ...]:
        return tuple(self._tabs)

    @property
    def handles(self) -> tuple[str, ...]:
        return tuple(tab.handle for tab in self._tabs)

    @property
    def newest(self) -> Tab | None:
        """The last one that opened since, if the run has not been in it yet."""
        fresh = [tab for tab in self._tabs if not tab.was_seen]
        return fresh[-1] if fresh else None

    def refresh(self, handles: Sequence[str], current: str) -> tuple[Tab, ...]:
        """Take over which are open now; those that are new, opened by the current one."""
        known = set(self.handles)
        self._tabs = [tab for tab in self._tabs if tab.handle in handles]
        came = tuple(Tab(handle, current) for handle in handles if handle not in known)
        self._tabs += came
        return came

    def number(self, handle: str) -> int:
        """Its place, from 1, as a visitor counts them; 0 when it is not open."""
        return self.handles.index(handle) + 1 if handle in self.handles else 0

    def was_prepared(self, handle: str) -> bool:
        """Whether this was asked of the tab before."""
        asked = [tab for tab in self._tabs if tab.handle == handle and not tab.is_prepared]
        for tab in asked:
            tab.is_prepared = True
        return not asked

    def give_name(self, handle: str, name: str) -> None:
        """A name belongs to one tab; the one that had it before loses it."""
        for tab in self._tabs:
            if tab.handle == handle:
                tab.name = name
            elif tab.name == name:
                tab.name = ""

    def enter(self, handle: str) -> None:
        for tab in self._tabs:
            tab.was_seen = tab.was_seen or tab.handle == handle

    def follower(self, closed: str, handles: Sequence[str]) -> str:
        """Where to go on when a tab has closed: in who opened it, or in the last one."""
        opener = next((tab.opener for tab in self._tabs if tab.handle == closed), "")
        self.refresh([one for one in handles if one != closed], closed)
        if not self._tabs:
            return ""
        following = opener if opener in self.handles else self._tabs[-1].handle
        self.enter(following)
        return following
