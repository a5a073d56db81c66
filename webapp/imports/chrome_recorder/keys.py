"""Key names of the Recorder as our keys, and runs of key events as chords."""

import re

PLAIN = {
    " ": "Space", "\r": "Enter", "\n": "Enter", "Space": "Space", "Enter": "Enter",
    "NumpadEnter": "Enter", "Semicolon": ";", "Equal": "=", "NumpadEqual": "=", "Comma": ",",
    "Minus": "-", "Period": ".", "Slash": "/", "Backquote": "`", "BracketLeft": "[",
    "Backslash": "\\", "BracketRight": "]", "Quote": "'", "NumpadMultiply": "*", "NumpadAdd": "+",
    "NumpadSubtract": "-", "NumpadDivide": "/", "NumpadDecimal": ".",
}  # fmt: skip
SAME = frozenset(
    {
        "Backspace", "Tab", "Escape", "PageUp", "PageDown", "End", "Home", "ArrowLeft", "ArrowUp",
        "ArrowRight", "ArrowDown", "Insert", "Delete", "Shift", "Control", "Alt", "Meta",
        *(f"F{number}" for number in range(1, 13)),
    }
)  # fmt: skip
MODIFIERS = frozenset({"Shift", "Control", "Alt", "Meta"})


def key_of(name: str) -> str | None:
    """Our name of a key; None for keys that no driver knows (media keys, F13 and above)."""
    if name in PLAIN:
        return PLAIN[name]
    if name in SAME:
        return name
    if sided := re.fullmatch(r"(Shift|Control|Alt|Meta)(Left|Right)", name):
        return sided[1]
    if name == "AltGraph":
        return "Alt"
    if coded := re.fullmatch(r"Key([A-Z])|Digit(\d)|Numpad(\d)", name):
        return (coded[1] or coded[2] or coded[3]).lower()
    return name if len(name) == 1 and name.isprintable() else None


def chord_of(events: list[tuple[str, str]]) -> str | None:
    """`Control+a` for keys that go down one after the other and come up again; None if they do not.

    Events are ("down" or "up", key). Only the last that went down may be no modifier.
    """
    held: list[str] = []
    up: set[str] = set()
    for kind, key in events:
        if kind == "down":
            if up:
                return None
            held.append(key)
        elif key in held:
            up.add(key)
        else:
            return None
    if set(held) != up or not held or any(key not in MODIFIERS for key in held[:-1]):
        return None
    return "+".join(held)
