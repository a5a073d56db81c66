"""Texts of Selenium IDE in our writing: variables, escapes, keys and locators."""

import re
from dataclasses import dataclass

from webapp.browser.locators import syntax_error
from webapp.browser.variables import name_error

VARIABLE = re.compile(r"\$\{([^{}]+)\}")
ESCAPE = re.compile(r"\\([nr\\])")
KINDS = {
    "id": "id",
    "name": "name",
    "css": "css",
    "xpath": "xpath",
    "link": "link_text",
    "linktext": "link_text",
    "partiallinktext": "partial_link_text",
}
KEYS = {
    "ENTER": "Enter", "RETURN": "Enter", "TAB": "Tab", "BACKSPACE": "Backspace",
    "BKSP": "Backspace", "BACK_SPACE": "Backspace", "DELETE": "Delete", "DEL": "Delete",
    "ESC": "Escape", "ESCAPE": "Escape", "SPACE": "Space", "UP": "ArrowUp", "ARROW_UP": "ArrowUp",
    "DOWN": "ArrowDown", "ARROW_DOWN": "ArrowDown", "LEFT": "ArrowLeft", "ARROW_LEFT": "ArrowLeft",
    "RIGHT": "ArrowRight", "ARROW_RIGHT": "ArrowRight", "PAGE_UP": "PageUp", "PGUP": "PageUp",
    "PAGE_DOWN": "PageDown", "PGDN": "PageDown", "HOME": "Home", "END": "End", "INSERT": "Insert",
    "INS": "Insert", "SHIFT": "Shift", "CONTROL": "Control", "CTRL": "Control", "ALT": "Alt",
    "META": "Meta", "COMMAND": "Meta", "ADD": "+", "SUBTRACT": "-", "MULTIPLY": "*", "DIVIDE": "/",
    "DECIMAL": ".", "SEMICOLON": ";", "EQUALS": "=", "SEPARATOR": ",",
}  # fmt: skip
KEYS |= {f"F{number}": f"F{number}" for number in range(1, 13)}
KEYS |= {f"NUMPAD{digit}": str(digit) for digit in range(10)}
KEYS |= {f"N{digit}": str(digit) for digit in range(10)}
MODIFIERS = frozenset({"Shift", "Control", "Alt", "Meta"})


class Untranslatable(Exception):
    """A command that cannot be played here; the message says why."""


@dataclass(frozen=True)
class Words:
    """How the texts of one test are written here. `known` are the variables that it ever sets."""

    known: frozenset[str]

    def name(self, name: str) -> str:
        """A variable's name: other tools allow signs that ours have not."""
        bare = name.strip()
        if not name_error(bare):
            return bare
        plain = re.sub(r"[^\w-]", "_", bare)
        return plain if not name_error(plain) else f"v_{plain}"[:64]

    def text(self, text: str) -> str:
        """A target or value: trimmed, escapes undone, `${name}` as `{{ name }}`.

        A name that nothing sets stays as it is written, as Selenium IDE leaves it.
        """
        plain = ESCAPE.sub(lambda one: {"n": "\n", "r": "\r"}.get(one[1], "\\"), text.strip())
        return self._filled(plain.replace("{{", r"\{{"))

    def script(self, script: str) -> str:
        """A script: values arrive as arguments, so that `${name}` may stay where it stands."""
        return self._filled(script.strip().replace("{{", r"\{{"))

    def _filled(self, text: str) -> str:
        def hole(found: re.Match[str]) -> str:
            name = found[1].strip()
            if name == "nbsp":
                return "\u00a0"
            return f"{{{{ {self.name(name)} }}}}" if name in self.known else found[0]

        return VARIABLE.sub(hole, text)

    def keys(self, sequence: str) -> str:
        """A key sequence as `type` reads it with `keys`: `{Enter}` for `${KEY_ENTER}`."""
        written = ""
        last = 0
        held: list[str] = []
        for found in VARIABLE.finditer(sequence):
            written += _held(self._plain(sequence[last : found.start()]), held)
            last = found.end()
            name = found[1].strip()
            if not name.startswith("KEY_"):
                written += self._filled(found[0])
                continue
            key = KEYS.get(name[4:].upper())
            if key is None:
                raise Untranslatable(f"“{name}” is no key that a browser's driver knows.")
            if key in MODIFIERS:
                held.append(key)
            else:
                written += "{" + "+".join([*held, key]) + "}"
        return written + _held(self._plain(sequence[last:]), held)

    def _plain(self, text: str) -> str:
        plain = ESCAPE.sub(lambda one: {"n": "\n", "r": "\r"}.get(one[1], "\\"), text)
        return re.sub(r"([{}\\])", r"\\\1", plain)

    def locator(self, locator: str) -> tuple[str, str]:
        """(kind, value) of a locator; Untranslatable says what is wrong with it."""
        text = self.text(locator)
        by, value = _kind_of(text)
        if wrong := syntax_error(by, value):
            raise Untranslatable(f"The locator “{locator[:80]}” cannot be used: {wrong}")
        return by, value

    def locators(self, main: str, others: tuple[str, ...]) -> list[tuple[str, str]]:
        """The main locator, and those of the alternatives that can be used."""
        if not main.strip() and not others:
            raise Untranslatable("It names no element.")
        found: list[tuple[str, str]] = []
        first: Untranslatable | None = None
        for one in (main, *others):
            if not one.strip():
                continue
            try:
                found.append(self.locator(one))
            except Untranslatable as error:
                first = first or error
        if not found:
            raise first or Untranslatable("It names no element.")
        return list(dict.fromkeys(found))[:20]


def _held(text: str, held: list[str]) -> str:
    """Text behind a modifier: its first letter is pressed with it, as in Control and a."""
    if not held or not text:
        return text
    chord = "{" + "+".join([*held, text[0]]) + "}"
    held.clear()
    return chord + text[1:]


def _kind_of(text: str) -> tuple[str, str]:
    if text.startswith(("//", "(//", "(/")):
        return "xpath", text
    prefix, equals, value = text.partition("=")
    kind = KINDS.get(prefix.strip().lower()) if equals else None
    if kind:
        return kind, value.strip()
    if equals and prefix.strip().lower() == "class" and value.strip():
        return "css", f".{value.strip()}"
    raise Untranslatable(
        f"“{text[:80]}” is no locator that Selenium IDE knows. Locators begin with id=, name=, "
        "css=, xpath=, linkText= or partialLinkText=."
    )


def offset(coordinates: str) -> dict[str, int]:
    """`x,y` as options; Untranslatable when they are no two numbers."""
    written = re.fullmatch(
        r"\s*\(?\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*\)?\s*", coordinates
    )
    if written is None:
        raise Untranslatable(f"“{coordinates[:40]}” is no place such as 10,20.")
    return {"offset_x": round(float(written[1])), "offset_y": round(float(written[2]))}
