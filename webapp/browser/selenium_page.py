"""The page of a real browser, driven by Selenium."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder

from webapp.browser.arriving import Arriving
from webapp.browser.auditing import Auditing
from webapp.browser.calls import DidNotLoad
from webapp.browser.concealing import Concealing
from webapp.browser.downloading import Downloading
from webapp.browser.errors import StepFailed
from webapp.browser.locators import Locator
from webapp.browser.matching import LONGEST_TEXT
from webapp.browser.page import Chosen, Look, PictureRefused, Sight, Want

LONGEST_TYPED = 200
PICKERS = frozenset({"date", "time", "month", "week", "datetime-local", "color", "range"})


class SeleniumPage(Arriving, Downloading, Auditing):
    """Implements `webapp.browser.page.Page`."""

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
        seen = self._facts("look", [locator.model_dump() for locator in locators], asked)
        sights = tuple(_sight(facts) for facts in seen["sights"])
        winner = seen["winner"]
        return Look(
            counts=tuple(seen["counts"]),
            visible_counts=tuple(seen["visible"]),
            sights=sights,
            winner=None if winner is None else sights[winner],
            problems=tuple(seen["problems"]),
        )

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
