"""Whether two ways of writing a colour in CSS mean the same one."""

from selenium.webdriver.support.color import Color


def are_same_colour(one: str, other: str) -> bool:
    """False also when either is no colour at all."""
    first, second = _rgba(one), _rgba(other)
    return first is not None and first == second


def _rgba(text: str) -> str | None:
    try:
        return Color.from_string(text.strip()).rgba
    except (ValueError, KeyError):
        return None
