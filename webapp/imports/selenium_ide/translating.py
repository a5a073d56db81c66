"""How a command is translated, and the shapes that many of them share."""

from collections.abc import Callable
from typing import Any

from webapp.imports.selenium_ide.building import Building
from webapp.imports.selenium_ide.words import Untranslatable, offset

Translate = Callable[[Building], None]


def on_element(action: str, heals: bool | None = None, **values: Any) -> Translate:
    """A command about one element that has a step of the same meaning."""

    def translate(b: Building) -> None:
        b.on_element(action, heals, **values)

    return translate


def at_place(action: str) -> Translate:
    """The same, at a place of the element: from its top left, as it is documented and recorded."""

    def translate(b: Building) -> None:
        place = offset(b.command.value) if b.command.value.strip() else {}
        if place:
            b.approximate(
                "The place counts from the element's top left corner, as it was recorded; the "
                "driver of Selenium IDE counts from its middle."
            )
        b.on_element(action, options=dict(place))

    return translate


def without_element(action: str) -> Translate:
    def translate(b: Building) -> None:
        b.step(action)

    return translate


def impossible(why: str) -> Translate:
    def translate(b: Building) -> None:
        raise Untranslatable(why)

    return translate
