"""The names of keys, as people write them, and the characters by which drivers know them."""

import re

from selenium.webdriver.common.keys import Keys

NAMES: dict[str, str] = {
    "enter": Keys.RETURN,  # the big one; the driver's ENTER is that of the number pad
    "return": Keys.RETURN,
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
    "cancel": Keys.CANCEL,
    "help": Keys.HELP,
    "clear": Keys.CLEAR,
    "pause": Keys.PAUSE,
    **{f"f{number}": getattr(Keys, f"F{number}") for number in range(1, 13)},
    **{f"numpad{number}": getattr(Keys, f"NUMPAD{number}") for number in range(10)},
    "numpadenter": Keys.ENTER,
    "numpadmultiply": Keys.MULTIPLY,
    "numpadadd": Keys.ADD,
    "numpadsubtract": Keys.SUBTRACT,
    "numpaddivide": Keys.DIVIDE,
    "numpaddecimal": Keys.DECIMAL,
    "numpadseparator": Keys.SEPARATOR,
    "numpadequal": Keys.EQUALS,
    # Keys by where they are on an American keyboard.
    **{f"key{letter}": letter for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{f"digit{number}": str(number) for number in range(10)},
    "semicolon": ";",
    "equal": "=",
    "comma": ",",
    "minus": "-",
    "period": ".",
    "slash": "/",
    "backquote": "`",
    "bracketleft": "[",
    "backslash": "\\",
    "bracketright": "]",
    "quote": "'",
}
MODIFIERS: dict[str, str] = {
    "control": Keys.CONTROL,
    "ctrl": Keys.CONTROL,
    "controlleft": Keys.CONTROL,
    "controlright": Keys.RIGHT_CONTROL,
    "shift": Keys.SHIFT,
    "shiftleft": Keys.SHIFT,
    "shiftright": Keys.RIGHT_SHIFT,
    "alt": Keys.ALT,
    "altleft": Keys.ALT,
    "altright": Keys.RIGHT_ALT,
    "option": Keys.ALT,
    "meta": Keys.META,
    "metaleft": Keys.META,
    "metaright": Keys.RIGHT_META,
    "cmd": Keys.META,
    "command": Keys.META,
}
# In a text with keys: a key in braces, or a brace that is meant as such.
KEY_IN_TEXT = re.compile(r"\\([{}\\])|\{([^{}]+)\}")


class UnknownKey(ValueError):
    """A key that has no name here; the message is a sentence."""


def chord(text: str) -> list[str]:
    """The keys of “Control+Shift+a”: those that are held, and last the one that is pressed."""
    if text == " ":
        return [" "]
    words = text.strip().split("+")
    if text.strip().endswith("+"):  # the key "+" itself, alone or in a chord
        words = [*words[:-2], "plus"]
    *held, pressed = (word.strip() for word in words)
    keys = [_modifier(word) for word in held]
    if pressed.lower() in MODIFIERS and not held:
        return [MODIFIERS[pressed.lower()]]
    return [*keys, _key(pressed)]


def single(text: str) -> str:
    """One key, which may be one that others are held with."""
    keys = chord(text)
    if len(keys) > 1:
        raise UnknownKey(f"“{text[:40]}” is a chord, not one key. Use a step for each of its keys.")
    return keys[0]


def modifiers(text: str) -> tuple[str, ...]:
    """The keys of “Control+Shift”, which are held while something else is done."""
    return tuple(_modifier(word.strip()) for word in text.split("+") if word.strip())


def parts(text: str) -> list[str | tuple[str, ...]]:
    r"""A text with keys, like `shoes{Enter}`, as texts and chords. A brace itself is `\{`."""
    found: list[str | tuple[str, ...]] = []
    plain, end = "", 0
    for part in KEY_IN_TEXT.finditer(text):
        plain += text[end : part.start()] + (part[1] or "")
        end = part.end()
        if part[2] is None:
            continue
        if plain:
            found.append(plain)
        found.append(tuple(_chord_in_text(part[2])))
        plain = ""
    plain += text[end:]
    return [*found, plain] if plain else found


def _chord_in_text(name: str) -> list[str]:
    try:
        return chord(name)
    except UnknownKey as error:
        raise UnknownKey(rf"{error} A brace that is no key is written \{{.") from None


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
