"""What requests bring: the schemas of bodies and query strings."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from webapp.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from webapp.api.answers import EXAMPLE
from webapp.api.payload import Query, Strict
from webapp.api.sentences import found
from webapp.browser.locators import By
from webapp.browser.steps import LONGEST_NAME, MOST_RETRIES, ON_FAILURE, UID, OnFailure
from webapp.flows import settings
from webapp.runs.queries import GROUPS
from webapp.runs.states import State, Trigger

LARGEST_ID = 2**63 - 1
FAILING = (
    "stop: the run has failed; soft: it goes on, and has failed in the end; degraded: it goes on, "
    "and passes marked degraded; optional: it goes on as if nothing had been."
)
LARGEST_NUMBER = 10_000  # of a step
MOST_ON_A_PAGE = 200

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Email = Annotated[str, Field(min_length=3, max_length=EMAIL_LENGTH, examples=["me@example.org"])]
Password = Annotated[str, Field(min_length=1, max_length=1000)]
FlowName = Annotated[str, Field(min_length=1, max_length=settings.NAME_LENGTH)]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=settings.URL_LENGTH,
        description="Where the flow starts; http or https.",
        examples=["https://www.example.org/"],
    ),
]
Browser = Annotated[str, Field(max_length=40, description="chrome, firefox …")]
Scheduling = Annotated[
    str | None,
    Field(
        max_length=200,
        description="A cron expression of five fields, @hourly …; null: only when asked for.",
        examples=["0 * * * *"],
    ),
]
TimeZone = Annotated[str, Field(max_length=64, examples=["Europe/Berlin"])]
StepTimeout = Annotated[float, Field(ge=settings.STEP_TIMEOUT[0], le=settings.STEP_TIMEOUT[1])]
RunTimeout = Annotated[float, Field(ge=settings.RUN_TIMEOUT[0], le=settings.RUN_TIMEOUT[1])]


class Credentials(Strict):
    email: Email
    password: Password


class Refresh(Strict):
    refresh_token: str = Field(min_length=1, max_length=5000)


class Registration(Strict):
    name: str = Field(min_length=1, max_length=NAME_LENGTH)
    email: Email
    password: Password
    time_zone: TimeZone = "UTC"
    invitation: str | None = Field(
        default=None, max_length=5000, description="Where only invited people may register."
    )


class Confirmation(Strict):
    token: str = Field(min_length=1, max_length=5000)


class Address(Strict):
    email: Email


class Nothing(Strict):
    """An empty object, or no body at all."""


class FlowNew(Strict):
    name: FlowName
    url: Url
    browser: Browser = "chrome"
    scheduling: Scheduling = None
    time_zone: TimeZone = "UTC"
    step_timeout_seconds: StepTimeout = 10.0
    run_timeout_seconds: RunTimeout = 300.0
    active: bool = False


class FlowChange(Strict):
    """What is not given stays as it is."""

    # The defaults are never read: only the fields that were set are looked at.
    name: FlowName = Field(default_factory=str)
    url: Url = Field(default_factory=str)
    browser: Browser = Field(default_factory=str)
    scheduling: Scheduling = Field(default_factory=lambda: None)
    time_zone: TimeZone = Field(default_factory=str)
    step_timeout_seconds: StepTimeout = Field(default_factory=float)
    run_timeout_seconds: RunTimeout = Field(default_factory=float)
    active: bool = Field(default_factory=bool)


class LocatorBody(Strict):
    by: By
    value: str


def _content(value: object) -> object:
    """A text; a number too, for the actions that want one (see step_values)."""
    if value is None or type(value) in {str, int, float}:
        return value
    raise ValueError(f"Expected a text, found {found(value)}.")


Content = Annotated[
    Any,
    AfterValidator(_content),
    WithJsonSchema(
        {
            "type": ["string", "number", "null"],
            "description": "For a secret step, null keeps the value that it has.",
        }
    ),
]


class StepChange(Strict):
    """What is not given stays as it is; `options` replaces all options."""

    number: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)] | None = None
    name: str = Field(default_factory=str, max_length=LONGEST_NAME)
    action: str = Field(default_factory=str, max_length=40)
    locators: list[LocatorBody] = Field(default_factory=list)
    selector_xpath: str | None = Field(
        default=None, description="Short for one XPath locator.", examples=["//button"]
    )
    content: Content = None
    options: dict[str, Any] = Field(default_factory=dict)
    enabled: bool = Field(default_factory=lambda: True)
    secret: bool = Field(default_factory=lambda: False)
    timeout_seconds: StepTimeout | None = None
    on_failure: OnFailure = Field(default_factory=lambda: ON_FAILURE[0], description=FAILING)
    always: bool = Field(default_factory=bool, description="Also after a step that failed.")
    retries: int = Field(
        default_factory=int, ge=0, le=MOST_RETRIES, description="How often it is tried again."
    )
    picture: bool = Field(default_factory=lambda: True, description="false: none is taken.")
    heals: bool | None = Field(
        default=None,
        description="Whether a later locator may find the element; null: as its action has it.",
    )
    parent: str | None = Field(
        default=None, max_length=64, description="The uid of the block that holds it."
    )
    branch: str | None = Field(default=None, max_length=64)
    # What answers carry besides is accepted and not looked at, so that they can be sent back.
    title: str | None = Field(default=None, json_schema_extra={"readOnly": True})
    has_content: bool | None = Field(default=None, json_schema_extra={"readOnly": True})


READ_ONLY = {"title", "has_content"}


class StepNew(StepChange):
    """A whole step; without a number it gets the next one."""

    uid: str | None = Field(default=None, pattern=f"^{UID}$")
    action: str = Field(max_length=40)


def _instant(value: object) -> object:
    """An instant from a query string, where an unescaped “+” arrives as a blank."""
    if not isinstance(value, str):
        return value
    try:
        at = datetime.fromisoformat(value.strip().replace(" ", "+"))
    except ValueError:
        raise ValueError(f"Expected an instant such as {EXAMPLE}, found “{value[:60]}”.") from None
    return at


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"Expected an instant with its zone, such as {EXAMPLE}; found none.")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"Expected an instant such as {EXAMPLE}; this one is too far away.") from (
            None
        )


Moment = Annotated[
    datetime,
    BeforeValidator(_instant),
    AfterValidator(_aware),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Cursor = Annotated[str, Field(max_length=200, description="next_cursor of the page before.")]
Limit = Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE)]


class FlowQuery(Query):
    name: str | None = Field(default=None, max_length=200, description="A part of the name.")
    active: bool | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


def _literal(words: Iterable[str]) -> Any:
    return Literal[tuple(str(word) for word in words)]


class RunQuery(Query):
    model_config = ConfigDict(extra="forbid", validate_by_alias=True)

    flow_id: Id | None = None
    state: _literal([*State, *GROUPS]) | None = None  # type: ignore[valid-type]
    trigger: _literal(Trigger) | None = None  # type: ignore[valid-type]
    queued_from: Moment | None = Field(
        default=None, alias="from", description="Queued at this instant or later."
    )
    queued_to: Moment | None = Field(
        default=None, alias="to", description="Queued before this instant."
    )
    updated_since: Moment | None = Field(
        default=None, description="For synchronisation: changed since, the oldest change first."
    )
    cursor: Cursor | None = None
    limit: Limit = 50
