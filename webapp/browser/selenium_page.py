"""The page of a real browser, driven by Selenium."""

import contextlib
import math
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver

from webapp.browser import trouble
from webapp.browser.calls import (
    DialogOpen,
    DidNotLoad,
    DriverSilent,
    PageCrashed,
    Unresponsive,
    WindowClosed,
    call,
)
from webapp.browser.concealing import Concealing
from webapp.browser.errors import BrowserLost, StepFailed
from webapp.browser.locators import Locator
from webapp.browser.matching import LONGEST_TEXT
from webapp.browser.page import Chosen, Look, Moved, PageState, PictureRefused, Sight, Want
from webapp.browser.secrets import Secrets
from webapp.browser.stopping import Patience, Stop

T = TypeVar("T")
SCRIPTS = Path(__file__).parent / "scripts"
# After the document is there, wait this long for its pictures and styles before going on.
LOAD_SECONDS = 5.0
LONGEST_TYPED = 200
PICKERS = frozenset({"date", "time", "month", "week", "datetime-local", "color", "range"})
MOST_NOTES = 20
STATE_FACTS = ("url", "title", "ready", "content_type", "origin", "status", "is_blank")
# Some calls have no limit in the driver: a click into a script without end never comes back.
CALL_MARGIN_SECONDS = 5.0


@cache
def script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


class SeleniumPage:
    """Implements `webapp.browser.page.Page`."""

    def __init__(self, driver: WebDriver, is_chromium: bool) -> None:
        self.patience = Patience(10, Stop())
        self.secrets = Secrets()
        self.base_url = ""
        self.allow_private = False
        self._driver = driver
        self._is_chromium = is_chromium
        self._timeouts: dict[str, int] = {}
        self._notes: list[str] = []
        self._arrivals: list[str] = []
        self._asked_for = ""
        self._no_picture = ""
        self._picture_of: Any = None
        self._is_deaf = False
        self._client = cast(RemoteConnection, driver.command_executor).client_config
        self._window = str(driver.current_window_handle)
        if is_chromium:
            self._on_every_document("on_every_document")

    def _on_every_document(self, name: str) -> None:
        params = {"source": script(name)}
        command = {"cmd": "Page.addScriptToEvaluateOnNewDocument", "params": params}
        self._driver.execute("executeCdpCommand", command)

    def begin(self, patience: Patience) -> None:
        self.patience = patience
        self._picture_of = None
        self._set_timeouts(patience.seconds)

    def _set_timeouts(self, seconds: float) -> None:
        timeouts = {"pageLoad": int(seconds * 1000), "script": int(max(seconds, 1) * 1000)}
        if timeouts != self._timeouts:
            self._ask(lambda: self._driver.execute("setTimeouts", dict(timeouts)))
            self._timeouts = timeouts

    # --- asking the driver

    def _ask(self, what: Callable[[], T]) -> T:
        """Call the driver; dialogs that stand in the way are answered, noted, and asked again."""
        while True:
            try:
                return self._call(what)
            except DialogOpen as dialog:
                self._note_dialog(dialog)
                if self.patience.is_over:
                    raise StepFailed(
                        f"The page goes on showing dialogs, the last one with “{dialog}”.",
                        "a page without a dialog",
                        f"a dialog with “{dialog}”",
                    ) from None
            except (PageCrashed, Unresponsive) as error:
                crashed = isinstance(error, PageCrashed)
                self._no_picture = "the page crashed" if crashed else "the page does not answer"
                raise
            except WindowClosed:
                self._use_another_window()
                raise

    def _call(self, what: Callable[[], T]) -> T:
        if self._is_deaf:
            self.patience.stop.check()
            raise Unresponsive.of(self.patience)
        self._client.timeout = math.ceil(self.patience.left + CALL_MARGIN_SECONDS)
        try:
            return call(what, self.patience)
        except DriverSilent:
            # The driver takes no second call while the first one hangs: this browser is lost, but
            # the step is not, since we know that its page is what hangs.
            self._is_deaf = True
            raise

    def _run(self, name: str, *words: Any) -> Any:
        return self._ask(lambda: self._driver.execute_script(script(name), *words))

    def _note(self, text: str) -> None:
        if len(self._notes) < MOST_NOTES and text not in self._notes:
            self._notes.append(text)

    def _note_dialog(self, dialog: DialogOpen) -> None:
        words = f": “{dialog}”" if str(dialog) else " (its text is not known)"
        self._note(f"The page showed a dialog, answered with OK{words}")

    def _use_another_window(self) -> None:
        """After a page closed its window, go on in one that is left, if any is."""
        handles = self._call(lambda: self._driver.window_handles)
        if not handles:
            raise BrowserLost("The page closed the last window of the browser.")
        self._call(lambda: self._driver.switch_to.window(handles[0]))
        self._window = str(handles[0])

    # --- going somewhere

    def visit(self, url: str) -> None:
        before = self.state()
        self._no_picture = ""
        self._asked_for = url
        error = self._get(url)
        after = self._document()
        if error or after.is_error:
            raise self._did_not_load(url, error, after)
        if after.origin == before.origin and not _is_same_document(before.url, url):
            self._fail_without_document(url)
        self._await_load()

    def _get(self, url: str) -> str:
        """Navigate; the browser's name for what went wrong, empty if nothing did."""
        try:
            self._call(lambda: self._driver.get(url))
        except DialogOpen as dialog:
            self._note_dialog(dialog)
        except Unresponsive:
            raise self._too_late(url) from None
        except DidNotLoad as error:
            return error.name
        return ""

    def _too_late(self, url: str) -> StepFailed:
        seconds = f"{self.patience.seconds:g} s"
        if not self._is_chromium:
            return StepFailed(
                f"No page came from {url} within {seconds}: its server did not answer, or sent "
                "something that is no page.",
                "a page",
                "no page",
            )
        arrival = self._arrival()
        if arrival.status:
            return StepFailed(
                f"{url} began to answer (status {arrival.status}), but its page was not complete "
                f"within {seconds}.",
                "a complete page",
                "a page that is still loading",
            )
        self._no_picture = "the page did not come"
        return StepFailed(f"{url} did not answer within {seconds}.", "an answer", "no answer")

    def _document(self) -> PageState:
        while True:
            try:
                return self.state()
            except Moved:
                self.patience.pause(0.02)

    def _did_not_load(self, url: str, error: str, after: PageState) -> StepFailed:
        arrival = self._arrival()
        error = error or arrival.error or after.error
        if arrival.status >= 400:
            words = f"it answered with status {arrival.status}, and without a page"
        else:
            words = trouble.sentence(arrival.url or url, error)
        return StepFailed(f"{url} could not be opened: {words}.", "a page", words)

    def _fail_without_document(self, url: str) -> None:
        found, words = trouble.what_instead(self._arrival())
        raise StepFailed(f"{url} is no web page: {words}.", "a web page (HTML)", found)

    def _await_load(self) -> None:
        ends = time.monotonic() + min(LOAD_SECONDS, self.patience.left)
        while self._document().ready != "complete" and time.monotonic() < ends:
            self.patience.pause(0.03)

    def _arrival(self) -> trouble.Arrival:
        """What became of the last document; nothing is known of it in other browsers."""
        if not self._is_chromium:
            return trouble.Arrival(url=self._asked_for)
        entries = self._call(
            lambda: self._driver.execute("getLog", {"type": "performance"})["value"]
        )
        messages = [entry["message"] for entry in entries]
        arrival = trouble.last_arrival(messages, self._window)
        return arrival if arrival.url else trouble.Arrival(url=self._asked_for)

    def trouble(self) -> str | None:
        try:
            state = self.state()
        except (StepFailed, Moved):
            return None  # the step that failed says more
        if not state.is_error:
            return None
        arrival = self._arrival()
        url = arrival.url if self._is_chromium else state.url
        words = trouble.sentence(url or state.url, arrival.error or state.error)
        return f"The page {url or state.url} did not load: {words}."

    # --- looking

    def state(self, blank: bool = False) -> PageState:
        seen = self._run("state", blank)
        # A page that extends Object.prototype adds its own to every answer.
        state = PageState(**{name: seen[name] for name in STATE_FACTS})
        if not trouble.is_error_page(seen["document_url"]):
            return state
        address = str(self._ask(lambda: self._driver.current_url))
        return PageState(
            url=trouble.wanted_address(address),
            origin=state.origin,
            is_error=True,
            error=trouble.net_error(seen["document_url"]),
        )

    def look(self, locators: Sequence[Locator], want: Want) -> Look:
        asked = {
            "needs": list(want.needs),
            "text": want.text,
            "attribute": want.attribute,
            "all_visible": want.all_visible,
            "opacity": want.opacity,
            "scroll": want.scroll,
            "longest": LONGEST_TEXT,
        }
        seen = self._run("look", [locator.model_dump() for locator in locators], asked)
        sights = tuple(_sight(facts) for facts in seen["sights"])
        winner = seen["winner"]
        return Look(
            counts=tuple(seen["counts"]),
            visible_counts=tuple(seen["visible"]),
            sights=sights,
            winner=None if winner is None else sights[winner],
            problems=tuple(seen["problems"]),
        )

    # --- acting

    def _do(self, what: Callable[[], Any]) -> None:
        """Act once. What was done led to an error page: that is found by who looks at the page."""
        with contextlib.suppress(DidNotLoad):
            self._ask(what)

    def click(self, sight: Sight) -> None:
        if not sight.hit_label:
            self._do(sight.element.click)
            return
        # The driver would refuse: a styled checkbox lies under its own label.
        self._pointer(sight, click=True)

    def hover(self, sight: Sight) -> None:
        self._pointer(sight, click=False)

    def _pointer(self, sight: Sight, click: bool) -> None:
        builder = ActionBuilder(self._driver, duration=0)
        x, y = sight.point
        builder.pointer_action.move_to_location(int(x), int(y))  # type: ignore[no-untyped-call]
        if click:
            builder.pointer_action.click()
        self._do(builder.perform)

    def type(self, sight: Sight, text: str, append: bool, secret: bool) -> None:
        if sight.type in PICKERS:
            self._set_value(sight, text)
            return
        self._run("select_text", sight.element, append, secret)
        if len(text) > LONGEST_TYPED or "\t" in text or any(ord(one) > 0xFFFF for one in text):
            # Drivers type these slowly, as keys, or not at all.
            self._run("insert_text", text)
        else:
            self._do(lambda: sight.element.send_keys(text))

    def _set_value(self, sight: Sight, text: str) -> None:
        kept = self._run("set_value", sight.element, text)
        if kept != text and sight.type != "range":
            raise StepFailed(
                f"The field {sight.words} does not accept “{text}”. Fields of type {sight.type} "
                "take their value as HTML writes it, like 2027-01-31, 14:30 or #ff8800.",
                f"the value “{text}”",
                f"the value “{kept}”",
            )

    def clear(self, sight: Sight) -> None:
        if sight.type in PICKERS:
            self._run("set_value", sight.element, "")
            return
        if self._run("select_text", sight.element, False, False)["length"]:
            self._run("erase")

    def press(self, chord: Sequence[str], sight: Sight | None) -> None:
        if sight is not None:
            self._ask(lambda: self._driver.execute_script("arguments[0].focus()", sight.element))
        chain = ActionChains(self._driver, duration=0)
        *held, pressed = chord
        for key in held:
            chain.key_down(key)
        chain.key_down(pressed).key_up(pressed)
        for key in reversed(held):
            chain.key_up(key)
        self._do(chain.perform)

    def choose(self, sight: Sight, by: str, content: str) -> Chosen:
        answer = self._run("choose", sight.element, by, content)
        return Chosen(answer["label"], answer["problem"], tuple(answer["choices"]))

    # --- telling

    def notes(self) -> list[str]:
        notes, self._notes = self._notes, []
        return notes

    def focus_picture(self, sight: Sight) -> None:
        self._picture_of = sight.element

    def picture(self) -> bytes:
        if self._no_picture:
            raise PictureRefused(f"not taken: {self._no_picture}")
        with Concealing(self.secrets, self._driver, self._ask) as concealing:
            picture = self._ask(self._capture)
            if concealing.finds_more():
                raise PictureRefused("not taken: the page shows a secret value")
            return picture

    def _capture(self) -> bytes:
        if self._picture_of is not None:
            return bytes(self._picture_of.screenshot_as_png)
        return self._driver.get_screenshot_as_png()


def _sight(facts: dict[str, Any]) -> Sight:
    point = facts.get("point") or (0, 0)
    return Sight(
        candidate=facts["candidate"],
        words=facts["words"],
        tag=facts["tag"],
        type=facts["type"],
        unmet=facts["unmet"],
        why=facts["why"],
        visible=facts["visible"],
        enabled=facts["enabled"],
        hit_label=bool(facts.get("hit_label")),
        point=(float(point[0]), float(point[1])),
        text=facts.get("text") or "",
        value=facts.get("value"),
        attribute=facts.get("attribute"),
        checked=facts.get("checked"),
        element=facts["element"],
    )


def _is_same_document(before: str, url: str) -> bool:
    """Going to another #fragment of the same address loads no new document."""
    return "#" in url and before.partition("#")[0] == url.partition("#")[0]
