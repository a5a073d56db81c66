"""A page without a browser: it shows what a test tells it to, and remembers what was done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from webapp import clock
from webapp.browser.auditing import Audit
from webapp.browser.console import ScriptError
from webapp.browser.downloading import Downloads
from webapp.browser.locators import Locator
from webapp.browser.page import (
    Chosen,
    Look,
    PageState,
    PageTimes,
    PictureRefused,
    Sight,
    Want,
    Watched,
)
from webapp.browser.secrets import Secrets
from webapp.browser.stopping import Patience, Stop
from webapp.browser.traffic import Traffic
from webapp.browser.variables import Variables

START = "https://shop.example/"


class FakePage:
    """`elements` maps the value of a locator to what is there; `on` to what happens instead."""

    def __init__(self, **elements: Sight) -> None:
        self.patience = Patience(1, Stop())
        self.secrets = Secrets()
        self.base_url = ""
        self.allow_private = False
        self.own_addresses: tuple[str, ...] = ()
        self.variables = Variables(self.secrets)
        self.files: Mapping[str, Path] = {}
        self.began_at = clock.now()
        self.taken: set[str] = set()
        self.leave_dialog = False
        self.open_dialog: str | None = None
        self.elements = elements
        self.now = PageState(url=START, title="Shop", status=200)
        self.done: list[tuple[Any, ...]] = []
        self.on: dict[str, Callable[[], Any]] = {}
        self.told: list[str] = []
        self.no_picture = ""
        self.watched: frozenset[Watched] = frozenset()
        self.seen = Traffic()
        self.errors: list[ScriptError] = []
        self.files_downloaded = Downloads()
        self.times = PageTimes()
        self.audited = Audit()

    def _do(self, *what: Any) -> None:
        self.done.append(what)
        if what[0] in self.on:
            self.on[what[0]]()

    def start_run(self, watched: Collection[Watched]) -> None:
        self.watched = frozenset(watched)

    def traffic(self) -> Traffic:
        return self.seen

    def script_errors(self) -> list[ScriptError]:
        return self.errors

    def downloads(self) -> Downloads:
        return self.files_downloaded

    def page_times(self) -> PageTimes:
        return self.times

    def audit(self, sight: Sight | None, ignore: Sequence[str]) -> Audit:
        self._do("audit", sight and sight.words, tuple(ignore))
        return self.audited

    def begin(self, patience: Patience) -> None:
        self.patience = patience

    def visit(self, url: str) -> None:
        self.now = replace(self.now, url=url)
        self._do("visit", url)

    def state(self, blank: bool = False) -> PageState:
        return self.now

    def look(self, locators: Sequence[Locator], want: Want) -> Look:
        if "look" in self.on:
            self.on["look"]()
        found = [
            (number, self.elements[locator.value])
            for number, locator in enumerate(locators)
            if locator.value in self.elements
        ]
        counts = tuple(int(locator.value in self.elements) for locator in locators)
        sights = tuple(replace(sight, candidate=number) for number, sight in found)
        winner = next((sight for sight in sights if sight.unmet not in want.needs), None)
        visible = tuple(
            int(locator.value in self.elements and self.elements[locator.value].visible)
            for locator in locators
        )
        return Look(counts, visible, sights, winner)

    def click(self, sight: Sight) -> None:
        self._do("click", sight.words)

    def hover(self, sight: Sight) -> None:
        self._do("hover", sight.words)

    def type(self, sight: Sight, text: str, append: bool, secret: bool) -> None:
        self._do("type", sight.words, text, append, secret)

    def clear(self, sight: Sight) -> None:
        self._do("clear", sight.words)

    def press(self, chord: Sequence[str], sight: Sight | None) -> None:
        self._do("press", tuple(chord))

    def choose(self, sight: Sight, by: str, content: str) -> Chosen:
        self._do("choose", by, content)
        return Chosen(content)

    def trouble(self) -> str | None:
        return None

    def focus_picture(self, sight: Sight) -> None:
        self._do("focus_picture", sight.words)

    def picture(self) -> bytes:
        if self.no_picture:
            raise PictureRefused(self.no_picture)
        self._do("picture")
        return b"PNG"

    def notes(self) -> list[str]:
        told, self.told = self.told, []
        return told
