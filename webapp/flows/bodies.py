"""What a version of a flow holds, and how secrets are sealed in it."""

from dataclasses import dataclass
from typing import Any

from webapp.browser.steps import Step, parse_step
from webapp.flows.models import Flow, FlowVersion
from webapp.letters import without_hidden
from webapp.vault import seal, unseal

# A step as it is kept: the wire form of DESIGN §4, where the content of a secret step is null and
# `sealed` holds its encrypted value.
StepValues = dict[str, Any]


@dataclass(frozen=True)
class Body:
    """What a run plays, with its secrets open; never goes to a page, an answer or a log."""

    name: str
    url: str
    browser: str
    step_timeout_seconds: float
    run_timeout_seconds: float
    steps: tuple[Step, ...]


def open_body(version: FlowVersion) -> Body:
    """The version, ready to be played; raises vault.SecretLost when a secret cannot be opened."""
    body = version.body
    return Body(
        name=body["name"],
        url=body["url"],
        browser=body["browser"],
        step_timeout_seconds=body["step_timeout_seconds"],
        run_timeout_seconds=body["run_timeout_seconds"],
        steps=tuple(parse_step(_opened(values)) for values in body["steps"]),
    )


def closed_steps(version: FlowVersion) -> list[Step]:
    """The steps as pages and answers show them: the content of secret steps is None."""
    return [_closed(values) for values in version.body["steps"]]


def body_of(flow: Flow, steps: list[StepValues]) -> dict[str, Any]:
    return {
        "name": flow.name,
        "url": flow.url,
        "browser": flow.browser,
        "step_timeout_seconds": flow.step_timeout_seconds,
        "run_timeout_seconds": flow.run_timeout_seconds,
        "steps": steps,
    }


def kept_values(step: Step, sealed_before: str | None = None) -> StepValues:
    """A step as a version keeps it. A secret step without content keeps the value it had."""
    values = step.model_dump(mode="json")
    sealed = None
    if step.secret:
        sealed = sealed_before if step.content is None else seal(step.content)
        values["content"] = None
    return {**values, "sealed": sealed}


def _opened(values: StepValues) -> StepValues:
    plain = _readable(values)
    if values.get("sealed"):
        plain["content"] = unseal(values["sealed"])
    return plain


def _closed(values: StepValues) -> Step:
    return parse_step(_readable(values), content_known=bool(values.get("sealed")))


def _readable(values: StepValues) -> StepValues:
    """What parse_step reads; a version is never changed, and an old one may hold an odd name."""
    plain = {key: value for key, value in values.items() if key != "sealed"}
    return {**plain, "name": without_hidden(values.get("name") or "")}
