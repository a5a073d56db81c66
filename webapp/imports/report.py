"""The import report: what became of every step, what looks secret, what checks nothing."""

from collections import Counter
from typing import Any

from webapp.browser.errors import StepInvalid
from webapp.browser.secrets import Secrets
from webapp.browser.steps import parse_step
from webapp.flows.suspicion import secret_values
from webapp.imports.draft import Draft, Recording, StepValues

LABELS = {
    "selenium-ide": "Selenium IDE",
    "chrome-recorder": "Chrome Recorder",
    "lamplighter": "Lamplighter YAML",
}


def report_of(recording: Recording) -> dict[str, Any]:
    """The report as pages, the API and the command line show it; no suspected secret is in it."""
    return {
        "format": recording.format,
        "tool": LABELS[recording.format],
        "version": recording.version,
        "notes": recording.notes,
        "groups": [
            {"name": one.name, "flows": one.flows, "persist_session": one.persist_session}
            for one in recording.groups
        ],
        "flows": [_flow(draft, recording) for draft in recording.drafts],
    }


def _flow(draft: Draft, recording: Recording) -> dict[str, Any]:
    suspected = {finding.uid for finding in draft.secrets}
    values = [
        value for one in recording.drafts for step in one.steps for value, _ in secret_values(step)
    ]
    mask = Secrets(values).mask
    titles = {step["uid"]: mask(_title(step, step["uid"] in suspected)) for step in draft.steps}
    for uid, index in draft.shares.items():
        titles[uid] = f"Play the steps of “{recording.drafts[index].name}”"
    fates = Counter(item.fate for item in draft.items)
    return {
        "name": draft.name,
        "url": draft.url,
        "steps": len(draft.steps),
        "exact": fates["exact"],
        "approximated": fates["approximated"],
        "off": fates["off"],
        "checks_nothing": draft.checks_nothing,
        "notes": [mask(note) for note in draft.notes],
        "items": [
            {
                "place": item.place,
                "original": mask(item.original),
                "fate": item.fate,
                "why": mask(item.why),
                "became": [titles[uid] for uid in item.uids if uid in titles],
            }
            for item in draft.items
        ],
        "secrets": [
            {"uid": one.uid, "title": titles[one.uid], "why": mask(one.why)}
            for one in draft.secrets
            if one.uid in titles
        ],
        "scripts": [titles[uid] for uid in draft.scripts],
        "suggestions": [
            {
                "id": one.step["uid"],
                "after": titles.get(one.after, ""),
                "title": mask(_title(one.step)),
                "why": one.why,
                "preselected": one.preselected,
            }
            for one in draft.suggestions
        ],
    }


def _title(values: StepValues, is_secret: bool = False) -> str:
    try:
        step = parse_step({"number": 1, **values}, content_known=bool(values.get("secret")))
    except StepInvalid:
        return str(values.get("name") or values["action"])
    return step.model_copy(update={"secret": step.secret or is_secret}).title


def counted(report: dict[str, Any]) -> dict[str, int]:
    """How many commands of the whole file were imported exactly, approximated, or switched off."""
    return {
        fate: sum(flow[fate] for flow in report["flows"])
        for fate in ("exact", "approximated", "off")
    }
