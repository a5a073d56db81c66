"""Short ways to write steps in tests."""

from typing import Any

from webapp.browser.steps import Step, parse_step


def step(
    action: str, target: str | None = None, /, content: str | None = None, **more: Any
) -> Step:
    """A step on an XPath (//…) or a CSS selector; unknown names are options,
    and so is what `options` holds, for names that steps have, too."""
    own = {*Step.model_fields, "locators"}
    values: dict[str, Any] = {"number": 1, "action": action, "content": content}
    if target is not None:
        by = "xpath" if target.startswith(("/", "(")) else "css"
        values["locators"] = [{"by": by, "value": target}]
    values |= {name: value for name, value in more.items() if name in own}
    options = {name: value for name, value in more.items() if name not in own}
    values["options"] = {**more.get("options", {}), **options}
    return parse_step(values)


def tree(*written: Step | tuple[Step, Any]) -> tuple[Step, ...]:
    """Steps as they are written, numbered; a pair is a block with what it holds."""
    found: list[Step] = []

    def add(items: Any, parent: str | None) -> None:
        for item in items:
            held, children = item if isinstance(item, tuple) else (item, ())
            update = {"number": len(found) + 1, "parent": parent}
            found.append(held.model_copy(update=update))
            add(children, held.uid)

    add(written, None)
    return tuple(found)
