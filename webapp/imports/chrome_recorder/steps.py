"""What each type of recorded step becomes."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from webapp.imports.chrome_recorder.building import OURS, Building, Kept
from webapp.imports.chrome_recorder.keys import key_of
from webapp.imports.reading import At

Translate = Callable[[Building, At], None]
BUTTONS = {"primary": "left", "auxiliary": "middle", "secondary": "right"}
SLEEP = re.compile(
    r"\s*new Promise\(\s*\(?\s*(?P<done>\w+)\s*\)?\s*=>\s*\{?\s*(?:window\.)?setTimeout\(\s*"
    r"(?:\(\)\s*=>\s*\{?\s*(?P=done)\([^()]*\);?\s*\}?|(?P=done))\s*,\s*(?P<ms>\d+)\s*\);?\s*\}?\s*\)\s*;?\s*"
)
OPERATORS = (">=", "==", "<=")


def set_viewport(b: Building, step: At) -> None:
    width, height = (round(step[name].number(0) or 0) for name in ("width", "height"))
    if width < 100 or height < 100:
        raise Kept(f"A window of {width} × {height} cannot be made.")
    told = {
        "isMobile": "a phone",
        "hasTouch": "touch",
    }
    missing = [words for name, words in told.items() if step[name].flag()]
    if (step["deviceScaleFactor"].number(1) or 1) != 1:
        missing.append(f"the pixel ratio {step['deviceScaleFactor'].number(1):g}")
    if missing:
        b.approximate(f"The window has this size; {', '.join(missing)} cannot be set yet.")
    b.step("resize", content=f"{width}x{height}")


def emulate_network(b: Building, step: At) -> None:
    raise Kept("A slower network cannot be set yet.")


def navigate(b: Building, step: At) -> None:
    url = step["url"].text()
    b.step("open", content=b.relative(url), options={"status": "any"})
    b.frame = ()  # a new page leaves all frames


def click(b: Building, step: At) -> None:
    _click(b, step, "click")


def double_click(b: Building, step: At) -> None:
    _click(b, step, "double_click")


def _click(b: Building, step: At, action: str) -> None:
    options: dict[str, Any] = {}
    button = step["button"].text("primary")
    if button not in BUTTONS:
        raise Kept(f"The mouse button “{button}” cannot be pressed here.")
    if action == "click" and button != "primary":
        options["button"] = BUTTONS[button]
    elif button != "primary":
        b.approximate("It is done with the left button.")
    held = step["duration"].number(None)
    if held and held > 0 and action == "click":
        options["hold_ms"] = min(round(held), 10_000)
    if step["deviceType"].text("mouse") != "mouse":
        b.approximate(f"It is done with the mouse, not by {step['deviceType'].text()}.")
    b.remark_offset(step)
    b.on_element(step, action, options=options)


def hover(b: Building, step: At) -> None:
    b.on_element(step, "hover")


def change(b: Building, step: At) -> None:
    value = step["value"].text()
    if "fakepath" in value.lower():
        name = value.replace("\\", "/").rpartition("/")[2]
        b.approximate(f"Add the file “{name}” to the flow: a recording does not hold it.")
        b.on_element(step, "upload", content=name)
    elif value:
        b.on_element(step, "change", content=b.plain(value))
    else:
        b.on_element(step, "clear")


def key(b: Building, step: At) -> None:
    """Only keys that are no part of a chord come here; chords are found before."""
    name = step["key"].text()
    found = key_of(name)
    if found is None:
        raise Kept(f"No driver can press the key “{name[:40]}”.")
    b.step("key_down" if step["type"].text() == "keyDown" else "key_up", content=found)


def scroll(b: Building, step: At) -> None:
    options = {"x": round(step["x"].number(0) or 0), "y": round(step["y"].number(0) or 0)}
    if step.has("selectors") and step["selectors"].value:
        b.on_element(step, "scroll", options=options)
    else:
        b.step("scroll", options=options)


def close(b: Building, step: At) -> None:
    b.step("close_tab")
    b.target = "main"


def custom(b: Building, step: At) -> None:
    name = step["name"].text()
    if name.startswith(f"{OURS}:") and isinstance(step["parameters"].value, dict):
        b.our_own(step["parameters"].value)
        return
    raise Kept(f"“{name[:80]}” is a step of another program; the Recorder does nothing for it.")


def wait_for_expression(b: Building, step: At) -> None:
    expression = step["expression"].text()
    if asleep := SLEEP.fullmatch(expression):
        seconds = int(asleep["ms"]) / 1000
        b.approximate("It only waits; wait for something that shows on the page instead.")
        b.step("wait", content=f"{min(seconds, 300):g}")
        return
    b.step("assert_script", content=b.plain(expression))


def wait_for_element(b: Building, step: At) -> None:
    """As the Recorder plays it: `>=` unless an operator is given, and `visible: false` inverts."""
    operator = step["operator"].text(">=")
    if operator not in OPERATORS:
        raise Kept(f"“{operator[:20]}” is none of {', '.join(OPERATORS)}.")
    count = round(step["count"].number(1) or 0)
    more = [*_properties(step["properties"]), *_attributes(step["attributes"])]
    is_inverted = step["visible"].value is False
    if is_inverted and more:
        raise Kept("The opposite of several conditions at once cannot be asked yet.")
    _count(b, step, operator, count, is_inverted)
    if more and count > 1:
        b.approximate("Attributes and properties are asked of the first of the elements only.")
    for action, name, value in more:
        options = {"attribute" if action == "assert_attribute" else "property": name}
        b.on_element(
            step, action, True, content=b.plain(value), options={**options, "match": "equals"}
        )


def _count(b: Building, step: At, operator: str, count: int, is_inverted: bool) -> None:
    if operator == ">=" and count <= 1:
        if count <= 0:
            b.approximate("At least none is always there; it asks for any number.")
        b.on_element(step, "assert_missing" if is_inverted else "assert_exists", True)
        return
    if is_inverted:
        operator, count = {
            ">=": ("<=", count - 1), "<=": (">=", count + 1), "==": ("!=", count),
        }[operator]  # fmt: skip
    b.on_element(
        step, "assert_count", True, content=str(max(count, 0)), options={"operator": operator}
    )


def _attributes(given: At) -> list[tuple[str, str, str]]:
    if given.value is None:
        return []
    if not isinstance(given.value, dict):
        raise given.wrong("an object of texts")
    return [
        ("assert_attribute", str(name), At(value, f"{given.place}.{name}").text())
        for name, value in given.value.items()
    ]


def _properties(given: At) -> list[tuple[str, str, str]]:
    if given.value is None:
        return []
    if not isinstance(given.value, dict):
        raise given.wrong("an object")
    return [
        ("assert_property", str(name), value if isinstance(value, str) else json.dumps(value))
        for name, value in given.value.items()
    ]


def marker(b: Building, step: At) -> None:
    raise Kept("A mark for Lighthouse's measurements, which are not taken here.")


STEPS: dict[str, Translate] = {
    "setViewport": set_viewport,
    "emulateNetworkConditions": emulate_network,
    "navigate": navigate,
    "click": click,
    "doubleClick": double_click,
    "hover": hover,
    "change": change,
    "keyDown": key,
    "keyUp": key,
    "scroll": scroll,
    "close": close,
    "customStep": custom,
    "waitForElement": wait_for_element,
    "waitForExpression": wait_for_expression,
    "startTimespan": marker,
    "endTimespan": marker,
    "snapshot": marker,
}


def path_of(url: str) -> str:
    """The part of an address that stays the same from visit to visit."""
    return urlsplit(url).path or "/"
