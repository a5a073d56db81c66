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
    PLAIN,
    Chord,
    Chosen,
    Cookie,
    FileField,
    Look,
    OpenTab,
    PageState,
    PageTimes,
    PictureRefused,
    Press,
    Returned,
    ScriptForm,
    Sight,
    Stored,
    Submitted,
    Want,
    Watched,
    Way,
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
        self.returned = Returned("nothing")
        self.kept_cookies: dict[str, Cookie] = {}
        self.kept: dict[str, str] = {}
        self.text = ""

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
        if "state" in self.on:
            self.on["state"]()
        return self.now

    def dialog_text(self) -> str | None:
        return self.open_dialog

    def answer_dialog(self, accept: bool, text: str | None = None) -> None:
        self.open_dialog = None
        self._do("answer_dialog", accept, text)

    def travel(self, way: Way) -> bool:
        self._do("travel", way)
        return True

    def resize(self, width: int, height: int) -> tuple[int, int]:
        self._do("resize", width, height)
        return width, height

    def open_tabs(self) -> tuple[OpenTab, ...]:
        return (OpenTab("only", 1, is_current=True),)

    def go_to_tab(self, handle: str) -> None:
        self._do("go_to_tab", handle)

    def keep_to_tab(self) -> None:
        self._do("keep_to_tab")

    def name_tab(self, handle: str, name: str) -> None:
        self._do("name_tab", handle, name)

    def close_tab(self) -> int:
        self._do("close_tab")
        return 1

    frame_depth = 0

    def frame_at(self, number: int) -> Sight | None:
        return None

    def enter_frame(self, sight: Sight) -> None:
        self._do("enter_frame", sight.words)

    def leave_frames(self, levels: int | None = None) -> None:
        self._do("leave_frames", levels)

    def frame_is_loaded(self) -> bool:
        return True

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
        taken = sights if not want.first_only else [one for one in sights if one.candidate == 0]
        winner = next((sight for sight in taken if sight.unmet not in want.needs), None)
        visible = tuple(
            int(locator.value in self.elements and self.elements[locator.value].visible)
            for locator in locators
        )
        return Look(counts, visible, sights, winner)

    def click(self, sight: Sight, how: Press = PLAIN) -> None:
        self._do("click", sight.words, *([] if how == PLAIN else [how]))

    def hover(self, sight: Sight) -> None:
        self._do("hover", sight.words)

    def type(self, sight: Sight, text: str, append: bool, secret: bool) -> None:
        self._do("type", sight.words, text, append, secret)

    def clear(self, sight: Sight) -> None:
        self._do("clear", sight.words)

    def press(self, chord: Sequence[str], sight: Sight | None) -> None:
        self._do("press", tuple(chord))

    def press_pointer(self, sight: Sight) -> None:
        self._do("press_pointer", sight.words)

    def release_pointer(self, sight: Sight) -> None:
        self._do("release_pointer", sight.words)

    def leave(self, sight: Sight) -> bool:
        self._do("leave", sight.words)
        return True

    def scroll(self, sight: Sight | None, x: float, y: float, by: bool) -> tuple[int, int]:
        self._do("scroll", sight and sight.words, x, y, by)
        return round(x), round(y)

    def drag(self, sight: Sight, target: Sight | None, by: tuple[float, float]) -> None:
        self._do("drag", sight.words, target.words if target else by)

    def type_keys(
        self, sight: Sight, parts: Sequence[str | Chord], append: bool, secret: bool
    ) -> None:
        self._do("type_keys", sight.words, tuple(parts), append, secret)

    def key_down(self, key: str) -> None:
        self._do("key_down", key)

    def key_up(self, key: str) -> None:
        self._do("key_up", key)

    def set_value(self, sight: Sight, text: str) -> None:
        self._do("set_value", sight.words, text)

    def field_text(self, sight: Sight) -> str:
        return sight.value or ""

    def set_rich_text(self, sight: Sight, text: str) -> bool:
        self._do("set_rich_text", sight.words, text)
        return True

    def unchoose(self, sight: Sight, by: str, content: str) -> Chosen:
        self._do("unchoose", by, content)
        return Chosen(content)

    def file_field(self, sight: Sight) -> FileField | None:
        return FileField(sight.element, takes_many=True) if sight.type == "file" else None

    def upload(self, field: FileField, paths: Sequence[Path]) -> None:
        self._do("upload", tuple(paths))

    def submit(self, sight: Sight) -> Submitted:
        self._do("submit", sight.words)
        return Submitted()

    def choose(self, sight: Sight, by: str, content: str) -> Chosen:
        self._do("choose", by, content)
        return Chosen(content)

    def run_script(self, text: str, values: Sequence[Any], form: ScriptForm) -> Returned:
        self._do("run_script", text, list(values), form)
        return self.returned

    def cookies(self, name: str) -> tuple[Cookie, ...]:
        return tuple(one for key, one in self.kept_cookies.items() if key == name)

    def stored(self, area: str, key: str) -> Stored:
        return Stored(self.kept.get(key))

    def page_text(self) -> str:
        return self.text

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
