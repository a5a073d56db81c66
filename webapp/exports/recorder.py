"""A flow as a recording of Chrome's Recorder: played there as far as it can, kept here as it is.

Each recorded step carries our own step beside what the Recorder understands, so that nothing is
lost on the way back: the Recorder ignores fields that it does not know, and custom steps.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from webapp.browser.locators import HOLE, parts_of, role_of
from webapp.imports.chrome_recorder.building import OURS
from webapp.imports.draft import StepValues

Recorded = dict[str, Any]
NATIVE_LIMIT_MS = 30_000
# A key of ours that the Recorder calls otherwise.
KEYS = {"Space": " "}


def write_recorder(
    settings: dict[str, Any], schedule: dict[str, Any], steps: list[StepValues]
) -> str:
    """The recording as JSON; `schedule` has no place in one."""
    recorded: list[Recorded] = []
    for step in steps:
        recorded += _recorded(step, settings["url"])
    document = {
        "title": settings["name"],
        "timeout": min(round(settings["step_timeout_seconds"] * 1000), NATIVE_LIMIT_MS),
        "steps": [{"type": "navigate", "url": settings["url"], OURS: {}}, *recorded],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _recorded(step: StepValues, url: str) -> list[Recorded]:
    ours = {name: value for name, value in step.items() if value not in (None, "", [], {})}
    translate = NATIVE.get(step["action"])
    native = None
    if translate and step["enabled"] and not step.get("parent") and not _is_private(step):
        native = translate(step, url)
    if native is None:
        return [{"type": "customStep", "name": f"{OURS}:{step['action']}", "parameters": ours}]
    first, *more = native
    if step.get("timeout_seconds"):
        first["timeout"] = min(round(step["timeout_seconds"] * 1000), NATIVE_LIMIT_MS)
    return [{**first, OURS: ours}, *({**one, OURS: {}} for one in more)]


def _is_private(step: StepValues) -> bool:
    """Whether it needs what only a run of ours has: a secret value, or a variable."""
    return bool(step.get("secret")) or HOLE in json.dumps([step.get("content"), step["locators"]])


def _selectors(step: StepValues) -> list[list[str]]:
    return [selector for one in step["locators"] if (selector := _selector(one))]


def _selector(locator: dict[str, str]) -> list[str]:
    """One alternative; empty where the Recorder has nothing of the kind."""
    by, value = locator["by"], locator["value"]
    if by == "chain":
        parts = [_selector({"by": kind, "value": part}) for kind, part in parts_of(value)]
        return [part for one in parts for part in one] if all(parts) else []
    quoted = json.dumps(value)
    written = {
        "css": value,
        "xpath": f"xpath/{value}",
        "pierce": f"pierce/{value}",
        "text": f"text/{value}",
        "link_text": f"text/{value}",
        "partial_link_text": f"text/{value}",
        "id": f"[id={quoted}]",
        "name": f"[name={quoted}]",
        "test_id": f"[data-testid={quoted}]",
        "placeholder": f"[placeholder={quoted}]",
        "label": f"aria/{value}",
    }.get(by)
    if by == "role" and (role := role_of(value)):
        named, kind = role[1] or "", role[0]
        written = f"aria/{named}" + (f'[role="{kind}"]' if kind else "")
    return [written] if written else []


def _on_element(kind: str, **more: Any) -> Callable[[StepValues, str], list[Recorded] | None]:
    def translate(step: StepValues, url: str) -> list[Recorded] | None:
        selectors = _selectors(step)
        return [{"type": kind, "selectors": selectors, **more}] if selectors else None

    return translate


def _open(step: StepValues, url: str) -> list[Recorded] | None:
    return [{"type": "navigate", "url": urljoin(url, step["content"])}]


def _click(step: StepValues, url: str) -> list[Recorded] | None:
    options, selectors = step["options"], _selectors(step)
    if not selectors or options.get("modifiers") or options.get("clicks", 1) not in (1, None):
        return None
    buttons = {"left": "primary", "middle": "auxiliary", "right": "secondary"}
    clicked: Recorded = {"type": "click", "selectors": selectors, "offsetX": 1, "offsetY": 1}
    if options.get("offset_x") is not None:
        clicked |= {"offsetX": options["offset_x"], "offsetY": options["offset_y"]}
    if options.get("button", "left") != "left":
        clicked["button"] = buttons[options["button"]]
    if options.get("hold_ms"):
        clicked["duration"] = options["hold_ms"]
    return [clicked]


def _change(step: StepValues, url: str) -> list[Recorded] | None:
    options, selectors = step["options"], _selectors(step)
    if not selectors or options.get("append") or options.get("keys"):
        return None
    return [{"type": "change", "selectors": selectors, "value": step["content"] or ""}]


def _press(step: StepValues, url: str) -> list[Recorded] | None:
    if step["locators"]:
        return None
    keys = [KEYS.get(key, key) for key in _chord(step["content"])]
    down = [{"type": "keyDown", "key": key} for key in keys]
    return [*down, *({"type": "keyUp", "key": key} for key in reversed(keys))]


def _chord(written: str) -> list[str]:
    return [*written[:-2].split("+"), "+"] if written.endswith("++") else written.split("+")


def _key(kind: str) -> Callable[[StepValues, str], list[Recorded] | None]:
    return lambda step, url: [{"type": kind, "key": KEYS.get(step["content"], step["content"])}]


def _resize(step: StepValues, url: str) -> list[Recorded] | None:
    width, _, height = step["content"].partition("x")
    if not (width.isdigit() and height.isdigit()):
        return None
    flags = {"deviceScaleFactor": 1, "isMobile": False, "hasTouch": False, "isLandscape": False}
    return [{"type": "setViewport", "width": int(width), "height": int(height), **flags}]


def _scroll(step: StepValues, url: str) -> list[Recorded] | None:
    options = step["options"]
    if options.get("by"):
        return None
    place = {"x": options.get("x") or 0, "y": options.get("y") or 0}
    selectors = {"selectors": _selectors(step)} if step["locators"] else {}
    return [{"type": "scroll", **place, **selectors}]


def _count(step: StepValues, url: str) -> list[Recorded] | None:
    operator, selectors = step["options"].get("operator", "=="), _selectors(step)
    content = str(step["content"])
    if not selectors or operator not in (">=", "==", "<=") or not content.isdigit():
        return None
    asked = {"operator": operator, "count": int(content)}
    return [{"type": "waitForElement", "selectors": selectors, **asked}]


def _attribute(step: StepValues, url: str) -> list[Recorded] | None:
    options, selectors = step["options"], _selectors(step)
    if not selectors or options.get("match") != "equals" or options.get("negate"):
        return None
    asked = {"attributes": {options["attribute"]: step["content"] or ""}}
    return [{"type": "waitForElement", "selectors": selectors, **asked}]


def _expression(step: StepValues, url: str) -> list[Recorded] | None:
    return [{"type": "waitForExpression", "expression": step["content"]}]


def _wait(step: StepValues, url: str) -> list[Recorded] | None:
    milliseconds = round(float(step["content"]) * 1000)
    expression = f"new Promise(done => setTimeout(() => done(true), {milliseconds}))"
    return [{"type": "waitForExpression", "expression": expression}]


NATIVE: dict[str, Callable[[StepValues, str], list[Recorded] | None]] = {
    "open": _open,
    "click": _click,
    "double_click": _on_element("doubleClick", offsetX=1, offsetY=1),
    "hover": _on_element("hover"),
    "type": _change,
    "change": _change,
    "press": _press,
    "key_down": _key("keyDown"),
    "key_up": _key("keyUp"),
    "resize": _resize,
    "scroll": _scroll,
    "close_tab": lambda step, url: [{"type": "close"}],
    "assert_exists": _on_element("waitForElement"),
    "assert_missing": _on_element("waitForElement", visible=False),
    "assert_count": _count,
    "assert_attribute": _attribute,
    "assert_script": _expression,
    "wait_for_script": _expression,
    "wait": _wait,
}
