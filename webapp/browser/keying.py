"""What the keyboard of a real browser does."""

from collections.abc import Sequence

from webapp.browser.devices import Devices, key_down, key_up
from webapp.browser.errors import StepFailed
from webapp.browser.page import Chord, Sight

LONGEST_TYPED = 200
PICKERS = frozenset({"date", "time", "month", "week", "datetime-local", "color", "range"})
ENTER = "\ue006"


class Keying(Devices):
    """Texts, keys and chords, for `SeleniumPage`."""

    def type(self, sight: Sight, text: str, append: bool, secret: bool) -> None:
        if sight.type in PICKERS:
            self.set_value(sight, text)
            return
        self._run("select_text", sight.element, append, secret)
        if _is_slow(text):
            self._run("insert_text", text)
        elif self.held:
            self._strike(text)
        else:
            self._do(lambda: sight.element.send_keys(text))

    def type_keys(
        self, sight: Sight, parts: Sequence[str | Chord], append: bool, secret: bool
    ) -> None:
        """Type texts and keys by turns, each where the focus is by then."""
        self._run("select_text", sight.element, append, secret)
        for part in parts:
            if isinstance(part, tuple):
                self.press(part, None)
            elif _is_slow(part):
                self._run("insert_text", part)
            else:
                self._strike(part)

    def set_value(self, sight: Sight, text: str) -> None:
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
        *modifiers, pressed = chord
        added = [key for key in modifiers if key not in self.held]
        self._keyboard(
            *map(key_down, added), key_down(pressed), key_up(pressed), *map(key_up, reversed(added))
        )

    def key_down(self, key: str) -> None:
        """Press a key, and leave it down for the steps that follow."""
        self._keyboard(key_down(key))
        self.held = (*(one for one in self.held if one != key), key)

    def key_up(self, key: str) -> None:
        self._keyboard(key_up(key))
        self.held = tuple(one for one in self.held if one != key)

    def _strike(self, text: str) -> None:
        keys = [ENTER if one == "\n" else one for one in text]
        self._keyboard(*(stroke for key in keys for stroke in (key_down(key), key_up(key))))


def _is_slow(text: str) -> bool:
    """What drivers type slowly, as keys, or not at all."""
    return len(text) > LONGEST_TYPED or "\t" in text or any(ord(one) > 0xFFFF for one in text)
