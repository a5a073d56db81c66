"""The page docs/actions.md, written from the registry of actions."""

from webapp.browser.actions import ACTIONS, Action
from webapp.browser.actions.fields import Field
from webapp.browser.actions.registry import GROUPS

HEAD = """# Actions

*Written by `python -m webapp.browser.documentation > docs/actions.md`; a test holds it current.*

A step is one action:
`{"number": 1, "action": "click", "locators": [{"by": "css", "value": "#buy"}]}`.
Every step waits for its element, or for its assertion to hold, up to `timeout_seconds` (the flow's,
10 unless it says otherwise). Candidates are tried in their order, and the first whose first match
can be used counts.
"""
TARGETS = {"required": "needed", "optional": "possible", "none": "none"}


def actions_page() -> str:
    used = {action.group for action in ACTIONS.values()}
    groups = [_group(group) for group in GROUPS if group in used]
    return "\n".join([HEAD, *groups])


def _group(group: str) -> str:
    actions = [action for action in ACTIONS.values() if action.group == group]
    return "\n".join([f"## {group}\n", *(_action(action) for action in actions)])


def _action(action: type[Action]) -> str:
    lines = [f"### `{action.name}`: {action.label}\n", f"{action.help}\n"]
    if action.aliases:
        lines.append(f"- also read as: {', '.join(f'`{alias}`' for alias in action.aliases)}")
    lines.append(f"- locators: {TARGETS[action.locators]}")
    if action.content:
        secret = "; may be secret" if action.can_be_secret else ""
        lines.append(f"- `content`: {_field(action.content)}{secret}")
    lines += [f"- `options.{option.name}`: {_field(option)}" for option in action.options]
    return "\n".join(lines) + "\n"


def _field(field: Field) -> str:
    words = [field.label.lower()]
    if field.choices:
        words.append(" or ".join(f"`{choice}`" for choice in field.choices))
    if field.default not in (None, ""):
        default = str(field.default).lower() if field.kind == "checkbox" else field.default
        words.append(f"`{default}` unless said otherwise")
    if field.placeholder:
        words.append(f"for example `{field.placeholder}`")
    sentence = f". {field.help.rstrip('.')}" if field.help else ""
    return "; ".join(words) + sentence


if __name__ == "__main__":
    print(actions_page(), end="")
