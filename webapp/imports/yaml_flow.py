"""Flows in our own YAML: written and read without loss, but for the values of secrets."""

import re
from typing import Any

import yaml

from webapp.browser.steps import new_uid
from webapp.imports.draft import Draft, Item, Recording, StepValues, Unreadable, find_secrets, short
from webapp.imports.reading import At, whole

VERSION = 1
MOST_STEPS = 5_000
LARGEST = 1_000_000  # characters: YAML is slow to read
# What a step has unless it says otherwise: it is left out of the file.
DEFAULTS: StepValues = {
    "name": "",
    "locators": [],
    "content": None,
    "options": {},
    "enabled": True,
    "secret": False,
    "timeout_seconds": None,
    "on_failure": "stop",
    "always": False,
    "retries": 0,
    "picture": True,
    "heals": None,
}
SETTINGS = ("name", "url", "browser", "step_timeout_seconds", "run_timeout_seconds")
HEAD = re.compile(r"^lamplighter\s*:", re.MULTILINE)


class _Writer(yaml.SafeDumper):
    """Long texts as they are, one line a line."""


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_block = "\n" in text and not re.search(r"[ \t]\n|\r|\A\s|\u2028|\u2029|\x85", text)
    style = "|" if is_block else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


class _Reader(yaml.SafeLoader):
    """Plain data only, no aliases: they can make a small file very large."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise Unreadable(f"Line {event.start_mark.line + 1}: aliases (*name) are not read.")
        return super().compose_node(parent, index)


# Dates and the like stay the texts that people wrote.
_Reader.yaml_implicit_resolvers = {
    sign: [(tag, known) for tag, known in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def is_ours(text: str) -> bool:
    return HEAD.search(text) is not None


def write_yaml(settings: dict[str, Any], schedule: dict[str, Any], steps: list[StepValues]) -> str:
    """A flow as YAML. `steps` are flat, in their order; the values of secrets are left out."""
    document = {
        "lamplighter": VERSION,
        **{name: settings[name] for name in SETTINGS},
        "schedule": schedule,
        "steps": _nested(steps),
    }
    written: str = yaml.dump(
        document, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100
    )
    return written


def _nested(steps: list[StepValues]) -> list[StepValues]:
    inside: dict[str | None, list[StepValues]] = {}
    for step in steps:
        inside.setdefault(step.get("parent"), []).append(step)

    def written(step: StepValues) -> StepValues:
        short: StepValues = {"uid": step["uid"], "action": step["action"]}
        for name, usual in DEFAULTS.items():
            value = step.get(name, usual)
            if value != usual and not (name == "content" and step.get("secret")):
                short[name] = value
        if "locators" in short:
            short["locators"] = [{one["by"]: one["value"]} for one in short["locators"]]
        if held := inside.get(step["uid"]):
            short["steps"] = [written(one) for one in held]
        return short

    return [written(step) for step in inside.get(None, [])]


def read_yaml(text: str) -> Recording:
    """The flow in a YAML document of ours; raises Unreadable with line or field."""
    if len(text) > LARGEST:
        raise Unreadable(
            f"The file has {len(text):,} characters; a flow in YAML has {LARGEST:,} at the most."
        )
    try:
        loader = _Reader(text)
        try:
            value = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Unreadable(f"The file is no YAML: {where}{problem}.") from error
    except RecursionError as error:
        raise Unreadable("The file nests deeper than any flow does.") from error
    return _recording(At(whole(value)).object())


def _recording(file: At) -> Recording:
    version = file["lamplighter"].value
    if version != VERSION:
        raise file["lamplighter"].wrong(f"the version {VERSION}")
    for name in file.value:
        if name not in ("lamplighter", "schedule", "steps", *SETTINGS):
            raise Unreadable(f"{name}: a flow has no field of this name.")
    draft = Draft(short(file["name"].text("")) or "Imported flow", file["url"].text(""))
    draft.browser = file["browser"].text("chrome")
    draft.step_timeout_seconds = file["step_timeout_seconds"].number(10) or 10.0
    draft.run_timeout_seconds = file["run_timeout_seconds"].number(300) or 300.0
    if file.has("schedule"):
        schedule = file["schedule"].object()
        draft.cron = schedule["cron"].text("") or None
        draft.time_zone = schedule["time_zone"].text("UTC")
    if file.has("steps"):
        _add(draft, file["steps"], None)
    find_secrets(draft)
    return Recording("lamplighter", str(VERSION), [draft])


def _add(draft: Draft, steps: At, parent: str | None) -> None:
    for step in steps.list():
        step.object()
        if len(draft.steps) >= MOST_STEPS:
            raise Unreadable(f"{step.place}: a file can hold {MOST_STEPS:,} steps at the most.")
        action = step["action"].text()
        values = {
            name: value for name, value in step.value.items() if name not in ("action", "steps")
        }
        if step.has("locators"):
            values["locators"] = [_locator(one) for one in step["locators"].list()]
        if parent:
            values["parent"] = parent
        uid = step["uid"].text("") or new_uid()
        made = draft.add(action, **{**values, "uid": uid})
        draft.items.append(Item(step.place, action, "exact", "", (uid,)))
        if made.get("secret"):
            draft.notes.append(f"{step.place}: enter its secret value anew; files never hold it.")
        if step.has("steps"):
            _add(draft, step["steps"], uid)


def _locator(one: At) -> dict[str, str]:
    one.object()
    if set(one.value) == {"by", "value"}:
        return {"by": one["by"].text(), "value": one["value"].text()}
    if len(one.value) != 1:
        raise one.wrong('a locator such as {css: "#buy"}')
    ((by, value),) = one.value.items()
    return {"by": str(by), "value": At(value, f"{one.place}.{by}").text()}
