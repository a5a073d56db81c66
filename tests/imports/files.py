"""Small files of other tools, made where a test needs them."""

import json
from typing import Any

from webapp.imports.draft import Draft, Item, Recording
from webapp.imports.recordings import read_recording


def side(*commands: Any, version: str = "3.0", **project: Any) -> bytes:
    """A project with one test. A command is a name, (name, target, value), or its whole object."""
    tests = [{"id": "t1", "name": "Test", "commands": [as_command(one) for one in commands]}]
    whole = {"name": "Shop", "version": version, "url": "https://shop.example", "tests": tests}
    return json.dumps({**whole, **project}).encode()


def as_command(one: Any) -> Any:
    if isinstance(one, str):
        return {"command": one, "target": "", "value": ""}
    if isinstance(one, tuple):
        return dict(zip(("command", "target", "value"), one, strict=False))
    return one


def recording(*steps: Any, **flow: Any) -> bytes:
    return json.dumps({"title": "Recorded", "steps": list(steps), **flow}).encode()


def read(content: bytes) -> Recording:
    return read_recording(content)


def only_draft(content: bytes) -> Draft:
    (draft,) = read_recording(content).drafts
    return draft


def plain(draft: Draft) -> list[dict[str, Any]]:
    """The steps without what is drawn by lot or follows from their place."""
    return [
        {name: value for name, value in step.items() if name not in ("uid", "number", "parent")}
        for step in draft.steps
    ]


def only_step(content: bytes) -> dict[str, Any]:
    (step,) = plain(only_draft(content))
    return step


def item(draft: Draft, place: int = 0) -> Item:
    return draft.items[place]
