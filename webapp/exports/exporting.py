"""Write a flow in one of the formats that it can leave in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.exports.recorder import write_recorder
from webapp.exports.selenium_script import write_script
from webapp.flows.editing import current_version
from webapp.flows.models import Flow
from webapp.imports.draft import StepValues
from webapp.imports.yaml_flow import write_yaml


@dataclass(frozen=True)
class Format:
    """One way out. `write` takes settings, schedule and steps; secrets have no content."""

    label: str
    ending: str
    media_type: str
    write: Callable[[dict[str, Any], dict[str, Any], list[StepValues]], str]


FORMATS = {
    "yaml": Format("Lamplighter YAML", "yaml", "application/yaml", write_yaml),
    "recorder": Format("Chrome Recorder JSON", "json", "application/json", write_recorder),
    "selenium": Format("Selenium script in Python", "py", "text/x-python", write_script),
}


class FormatUnknown(ValueError):
    """The message names the formats that there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name[:40]}” is no format; there are {', '.join(FORMATS)}.")


@dataclass(frozen=True)
class Exported:
    file_name: str
    media_type: str
    text: str


def export_flow(flow: Flow, format_name: str) -> Exported:
    """The newest version of a flow in a format; raises FormatUnknown. Values of secrets stay."""
    chosen = FORMATS.get(format_name)
    if chosen is None:
        raise FormatUnknown(format_name)
    body = current_version(flow).body
    schedule = {"cron": flow.cron, "time_zone": flow.time_zone}
    steps = [
        {name: value for name, value in values.items() if name != "sealed"}
        for values in body["steps"]
    ]
    plain = re.sub(r"[^\w.-]+", "-", flow.name.lower(), flags=re.ASCII).strip("-.") or "flow"
    file_name = f"{plain[:80]}.{chosen.ending}"
    return Exported(file_name, chosen.media_type, chosen.write(body, schedule, steps))
