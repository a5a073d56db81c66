"""What the API answers: one schema for each kind of thing, and how rows become them."""

from datetime import datetime
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field, PlainSerializer, WithJsonSchema

from webapp import clock

EXAMPLE = "2026-11-20T21:30:15.123Z"

Instant = Annotated[
    datetime,
    PlainSerializer(clock.wire, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": [EXAMPLE]}),
]


class Message(BaseModel):
    message: str


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int = Field(description="Seconds until the access token ends.")


class FlowAnswer(BaseModel):
    id: int
    name: str
    url: str
    browser: str
    scheduling: str | None
    scheduling_in_words: str | None
    time_zone: str
    step_timeout_seconds: float
    run_timeout_seconds: float
    active: bool
    next_at: Instant | None = Field(description="When the clock plays it next.")
    version: int = Field(description="Counts the changes of what a run plays; also the ETag.")
    created_at: Instant
    updated_at: Instant


class FlowPage(BaseModel):
    items: list[FlowAnswer]
    next_cursor: str | None = Field(description="null on the last page.")


class LocatorAnswer(BaseModel):
    by: str
    value: str


class StepAnswer(BaseModel):
    uid: str = Field(description="Stays the same however the step is changed or moved.")
    number: int
    name: str
    title: str = Field(description="The name or, without one, the step in words.")
    action: str
    locators: list[LocatorAnswer]
    content: str | None = Field(description="Always null for a secret step.")
    options: dict[str, Any]
    enabled: bool
    secret: bool
    has_content: bool
    timeout_seconds: float | None
    on_failure: str = Field(description="stop, soft, degraded or optional.")
    always: bool = Field(description="Also played when a step before it failed.")
    retries: int
    picture: bool
    heals: bool | None = Field(description="null: as its action has it.")
    parent: str | None = Field(description="The uid of the block that holds it.")
    branch: str | None


class StepList(BaseModel):
    flow_id: int
    version: int
    steps: list[StepAnswer]


class OneStep(StepAnswer):
    version: int


class Match(BaseModel):
    by: str
    value: str
    count: int | None


class StepResultAnswer(BaseModel):
    number: int = Field(
        description="As the editor of its flow shows it; 0 is the opening of the flow's address."
    )
    place: str = Field(description="3.2 is step 2 of the flow that step 3 shares.")
    iteration: int | None = Field(description="The round of the loop around it, from 1.")
    name: str
    action: str
    state: str = Field(
        description="passed, healed, failed, errored, refused, cancelled or skipped."
    )
    on_failure: str = Field(
        description="What its failure does to the run: stop, soft, degraded or optional."
    )
    healed: str | None = Field(
        description="Which candidate found the element, and why those before it did not."
    )
    notes: list[str] = Field(description="Dialogs, new tabs, tries, what it took from the page.")
    duration_ms: int | None
    error: str | None
    screenshot: str | None = Field(description="URL of the picture, for the same credential.")
    screenshot_note: str | None = Field(description="Why there is no picture.")
    ordinal: int = Field(description="When it was played in this run, from 0.")
    position: int = Field(description="Where it is written, shared steps unfolded, from 0.")
    parent: str | None = Field(description="The uid of the block around it.")
    uid: str
    locators: list[LocatorAnswer]
    used_locator: LocatorAnswer | None
    matches: list[Match]
    expected: str | None
    found: str | None
    page_url: str | None
    page_title: str | None
    started_at: Instant | None
    ended_at: Instant | None


class RunSummary(BaseModel):
    id: int
    flow_id: int
    state: str
    verdict: str | None = Field(description="null: not judged.")
    trigger: str
    queued_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    duration_ms: int | None
    failed_step: int | None = Field(description="The number of the step that failed.")
    failed_step_name: str | None
    error: str | None
    version: int = Field(description="The version of the flow that this run plays.")
    is_degraded: bool = Field(
        description="It passed, but with failures that its flow allows as degraded."
    )
    flow_name: str
    attempt: int
    attempt_of: int | None = Field(description="The lost run that this one repeats.")
    scheduled_for: Instant | None
    missed_count: int | None
    missed_until: Instant | None
    updated_at: Instant
    steps_total: int
    steps_done: int
    requested_by: str | None
    browser: str | None
    browser_version: str | None


class RunAnswer(RunSummary):
    steps: list[StepResultAnswer]


class RunPage(BaseModel):
    items: list[RunSummary]
    next_cursor: str | None = Field(description="null on the last page.")
    next_updated_since: Instant = Field(
        description="What to send as updated_since in the next round of synchronisation."
    )


class ReportAnswer(BaseModel):
    run_id: int
    state: str
    progress: float = Field(description="From 0 to 1.")
    error: str | None
    pdf: str | None = Field(description="URL of the document once it is ready.")
    created_at: Instant
    updated_at: Instant


def answer(
    body: BaseModel, status: int = 200, *, location: str | None = None, version: int | None = None
) -> Response:
    response = Response(body.model_dump_json(), status, mimetype="application/json")
    if location is not None:
        response.headers["Location"] = location
    if version is not None:
        response.set_etag(str(version))
    return response
