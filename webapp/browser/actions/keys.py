"""The names of keys, as people write them, and the characters by which drivers know them."""

from selenium.webdriver.common.keys import Keys

NAMES: dict[str, str] = {
    "enter": Keys.ENTER,
    "return": Keys.ENTER,
    "tab": Keys.TAB,
    "escape": Keys.ESCAPE,
    "esc": Keys.ESCAPE,
    "backspace": Keys.BACKSPACE,
    "delete": Keys.DELETE,
    "insert": Keys.INSERT,
    "space": Keys.SPACE,
    "arrowup": Keys.ARROW_UP,
    "arrowdown": Keys.ARROW_DOWN,
    "arrowleft": Keys.ARROW_LEFT,
    "arrowright": Keys.ARROW_RIGHT,
    "up": Keys.ARROW_UP,
    "down": Keys.ARROW_DOWN,
    "left": Keys.ARROW_LEFT,
    "right": Keys.ARROW_RIGHT,
    "home": Keys.HOME,
    "end": Keys.END,
    "pageup": Keys.PAGE_UP,
    "pagedown": Keys.PAGE_DOWN,
    "plus": "+",
    **{f"f{number}": getattr(Keys, f"F{number}") for number in range(1, 13)},
}
MODIFIERS: dict[str, str] = {
    "control": Keys.CONTROL,
    "ctrl": Keys.CONTROL,
    "shift": Keys.SHIFT,
    "alt": Keys.ALT,
    "meta": Keys.META,
    "cmd": Keys.META,
    "command": Keys.META,
}


class UnknownKey(ValueError):
    """A key that has no name here; the message is a sentence."""


def chord(text: str) -> list[str]:
    """The keys of “Control+Shift+a”: those that are held, and last the one that is pressed."""
    words = text.strip().split("+")
    if text.strip().endswith("+"):  # the key "+" itself, alone or in a chord
        words = [*words[:-2], "plus"]
    *held, pressed = (word.strip() for word in words)
    keys = [_modifier(word) for word in held]
    if pressed.lower() in MODIFIERS and not held:
        return [MODIFIERS[pressed.lower()]]
    return [*keys, _key(pressed)]


def _modifier(word: str) -> str:
    if word.lower() not in MODIFIERS:
        raise UnknownKey(f"“{word[:40]}” cannot be held. Control, Shift, Alt and Meta can.")
    return MODIFIERS[word.lower()]


def _key(word: str) -> str:
    if len(word) == 1:
        return word
    if word.lower() not in NAMES:
        raise UnknownKey(
            f"“{word[:40]}” is not a key. Keys are single characters and Enter, Tab, Escape, "
            "Backspace, Delete, Insert, Space, ArrowUp, ArrowDown, ArrowLeft, ArrowRight, Home, "
            "End, PageUp, PageDown, F1 to F12; chords are written like Control+a."
        )
    return NAMES[word.lower()]
