"""Short ways to write steps in tests."""

from typing import Any

from webapp.browser.steps import Step, parse_step


def step(
    action: str, target: str | None = None, /, content: str | None = None, **more: Any
) -> Step:
    """A step on an XPath (//…) or a CSS selector; unknown names are options."""
    own = {"number", "name", "enabled", "secret", "timeout_seconds", "locators", "uid", "heals"}
    values: dict[str, Any] = {"number": 1, "action": action, "content": content}
    if target is not None:
        by = "xpath" if target.startswith(("/", "(")) else "css"
        values["locators"] = [{"by": by, "value": target}]
    values |= {name: value for name, value in more.items() if name in own}
    values["options"] = {name: value for name, value in more.items() if name not in own}
    return parse_step(values)
