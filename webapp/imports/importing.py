"""From a file to flows: read it, keep what it would make until its owner has seen the report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import CursorResult, delete, select

from webapp import clock
from webapp.accounts.models import Project, User
from webapp.browser.steps import parse_step
from webapp.config import Config
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import kept_values
from webapp.flows.models import Flow
from webapp.flows.settings import SettingsInvalid, parse_settings
from webapp.imports.concealing import chosen_values, concealed
from webapp.imports.draft import Draft, Recording, StepValues
from webapp.imports.models import Import
from webapp.imports.recordings import read_recording
from webapp.imports.report import report_of
from webapp.imports.settling import settle
from webapp.vault import seal, unseal

# An import that nobody decides holds what may be secret: it goes after a day.
KEPT = timedelta(days=1)


class Decided(Exception):
    """The import was made into flows, or dropped, already."""


@dataclass(frozen=True)
class Choices:
    """What the owner chose in the report. None means: as it was preselected.

    `urls` and `names` are by the place of the flow in the file; `left_out` are such places.
    """

    secrets: frozenset[str] | None = None
    suggestions: frozenset[str] | None = None
    urls: Mapping[int, str] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


def receive(project: Project, by: User | None, file_name: str, content: bytes) -> Import:
    """Read a file and keep what it would make; raises Unreadable. Does not commit."""
    config: Config = current_app.config["LAMPLIGHTER"]
    recording = settle(read_recording(content), config.allow_scripts)
    row = Import(
        project_id=project.id,
        created_by_id=None if by is None else by.id,
        file_name=" ".join(file_name.split())[:200] or "recording",
        format=recording.format,
        sealed=seal(json.dumps(recording.as_json())),
        report=report_of(recording),
        groups=[vars(group) for group in recording.groups],
    )
    db.session.add(row)
    db.session.flush()
    return row


def recording_of(row: Import) -> Recording:
    """What the import would make; raises Decided."""
    if row.state != "open" or row.sealed is None:
        raise Decided
    return Recording.from_json(json.loads(unseal(row.sealed)))


def make_flows(row: Import, by: User | None, choices: Choices) -> list[Flow]:
    """Make the flows of an import; raises Decided and SettingsInvalid. Does not commit.

    Tests that run each other become shared steps, so those that are run are made first.
    """
    recording = recording_of(row)
    project = db.session.get_one(Project, row.project_id)
    _check_settings(recording, choices)
    made: dict[int, Flow] = {}
    values = [
        value
        for draft in recording.drafts
        for value in chosen_values(draft, _secrets_of(draft, choices))
    ]

    def make(index: int) -> None:
        if index in made or index in choices.left_out:
            return
        draft = recording.drafts[index]
        for inner in draft.shares.values():
            make(inner)
        steps = _chosen(draft, choices, values)
        made[index] = _make(project, by, draft, steps, choices, index, made)

    for index in range(len(recording.drafts)):
        make(index)
    row.state, row.sealed = "done", None
    row.flow_ids = [made[index].id for index in sorted(made)]
    return [made[index] for index in sorted(made)]


def drop(row: Import) -> None:
    """Forget what the import would have made. Does not commit."""
    row.state, row.sealed = "dropped", None


def forget_old() -> int:
    """Delete imports that nobody has decided for a day, and commit; the number of them."""
    old = delete(Import).where(Import.state == "open", Import.created_at < clock.now() - KEPT)
    done = db.session.execute(old)
    assert isinstance(done, CursorResult)
    db.session.commit()
    return int(done.rowcount)


def _check_settings(recording: Recording, choices: Choices) -> None:
    errors: dict[str, str] = {}
    for index, draft in enumerate(recording.drafts):
        if index in choices.left_out:
            continue
        try:
            parse_settings(_settings(draft, choices, index))
        except SettingsInvalid as error:
            errors |= {f"{name}-{index}": words for name, words in error.errors.items()}
    if errors:
        raise SettingsInvalid(errors)


def _settings(draft: Draft, choices: Choices, index: int) -> dict[str, Any]:
    return {
        "name": choices.names.get(index, draft.name),
        "url": choices.urls.get(index, draft.url),
        "browser": draft.browser,
        "cron": draft.cron,
        "time_zone": draft.time_zone,
        "step_timeout_seconds": draft.step_timeout_seconds,
        "run_timeout_seconds": draft.run_timeout_seconds,
    }


def _make(
    project: Project,
    by: User | None,
    draft: Draft,
    chosen: Sequence[StepValues],
    choices: Choices,
    index: int,
    made: Mapping[int, Flow],
) -> Flow:
    steps = []
    for number, values in enumerate(chosen, 1):
        step = {**values, "number": number}
        if step["uid"] in draft.shares:
            step = _sharing(step, made.get(draft.shares[step["uid"]]))
        elif step["action"] == "shared":
            step = _known(step, project)
        parsed = parse_step(step, content_known=bool(step.get("secret")))
        steps.append(kept_values(parsed))
    return editing.create_flow(
        project, by, steps=steps, **parse_settings(_settings(draft, choices, index))
    )


def _sharing(step: StepValues, flow: Flow | None) -> StepValues:
    if flow is None:  # left out by its owner
        return {**step, "action": "note", "content": "run", "options": {}, "enabled": False}
    return {**step, "options": {"flow": flow.id}}


def _known(step: StepValues, project: Project) -> StepValues:
    """A shared step of a file names a flow by its id, which means nothing in another project."""
    flow_id = int((step.get("options") or {}).get("flow") or 0)
    there = select(Flow.id).where(Flow.id == flow_id, Flow.project_id == project.id)
    if db.session.scalar(there) is not None:
        return step
    words = f"Play the steps of flow {flow_id}, which is not in this project"
    return {**step, "action": "note", "content": words, "options": {}, "enabled": False}


def _secrets_of(draft: Draft, choices: Choices) -> frozenset[str]:
    if choices.secrets is not None:
        return choices.secrets
    return frozenset(finding.uid for finding in draft.secrets)


def _chosen(draft: Draft, choices: Choices, values: Sequence[str]) -> list[StepValues]:
    """The steps with the suggestions that were chosen, and with secrets kept as such."""
    wanted = [
        one
        for one in draft.suggestions
        if (
            one.preselected
            if choices.suggestions is None
            else one.step["uid"] in choices.suggestions
        )
    ]
    steps: list[StepValues] = []
    for step in concealed(draft, _secrets_of(draft, choices), values):
        steps.append(step)
        parent = {"parent": step["parent"]} if step.get("parent") else {}
        steps += [{**one.step, **parent} for one in wanted if one.after == step["uid"]]
    return steps
