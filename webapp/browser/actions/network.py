"""What a page asks of the network, and the errors of its scripts."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page, Watched
from webapp.browser.seeking import waited
from webapp.browser.traffic import GAPS, STREAMS, Request, listed, matches, patterns_in, told

if TYPE_CHECKING:
    from webapp.browser.steps import Step

QUIET_SECONDS = 0.5
LONGEST_QUIET = 60.0
POLL_SECONDS = 0.1
MOST_REQUESTS = 1_000_000
METHODS = Literal["any", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
STATUS = re.compile(r"[1-5](?:[0-9][0-9]|xx)")
PATTERN = "A part of the address; * stands for anything, $ at the end for its end."
PATTERNS = f"One a line. {PATTERN}"
OPERATORS: dict[str, tuple[str, Callable[[int, int], bool]]] = {
    "==": ("exactly", lambda count, wanted: count == wanted),
    ">=": ("at least", lambda count, wanted: count >= wanted),
    "<=": ("at most", lambda count, wanted: count <= wanted),
}


def _checked_status(given: str | None) -> str | None:
    if given is None or "{{" in given or STATUS.fullmatch(given.lower()):
        return given and given.lower()
    raise ValueError(f"“{given[:20]}” is not a status like 200, or a class of them like 2xx.")


Status = Annotated[
    str | None,
    BeforeValidator(lambda given: str(given) if isinstance(given, int) else given),
    AfterValidator(_checked_status),
]


class QuietOptions(Options):
    ignore: str = Option(
        "",
        title="Requests to ignore",
        description=PATTERNS,
        json_schema_extra={"kind": "textarea", "placeholder": "analytics.example"},
    )


class RequestOptions(Options):
    method: METHODS = Option("any", title="Method")
    status: Status = Option(
        None,
        title="Status",
        description="A number, or a class like 2xx. Empty: any, also without an answer yet.",
        json_schema_extra={"placeholder": "200"},
    )
    operator: Literal["==", ">=", "<="] = Option(">=", title="How to compare the number")
    count: int = Option(
        1,
        title="Number of requests",
        ge=0,
        le=MOST_REQUESTS,
        json_schema_extra={"right": f"a whole number from 0 to {MOST_REQUESTS:,}"},
    )


class OfNetwork(Action):
    changes_page: ClassVar[bool] = False
    watches: ClassVar[frozenset[Watched]] = frozenset({"requests"})


class WaitForNetwork(
    OfNetwork,
    name="wait_for_network",
    label="Wait for network",
    group="Waiting",
    icon="access-point",
):
    """Wait until the page asks the network for nothing, and has not for some time.

    Streams that stay open by nature (WebSocket, EventSource) do not count; the run names them.
    """

    content: ClassVar[Field | None] = Field(
        "content",
        "Seconds of quiet",
        kind="number",
        placeholder=str(QUIET_SECONDS),
        help=f"Empty: {QUIET_SECONDS:g}.",
    )
    Options: ClassVar[type[Options]] = QuietOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if number_in(content, LONGEST_QUIET) is None:
            return f"“{content[:60]}” is not a number of seconds up to {LONGEST_QUIET:g}."
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait until the network is quiet for {step.content or f'{QUIET_SECONDS:g}'} s"

    def run(self, step: Step, page: Page) -> Finding:
        quiet = number_in(step.content or "", LONGEST_QUIET) or QUIET_SECONDS
        if quiet >= page.patience.seconds:
            raise StepFailed(
                f"The step waits for {quiet:g} s of quiet, but it has only {waited(page)} of time. "
                "Give it more, or ask for less.",
                f"less than {waited(page)}",
                f"{quiet:g} s",
            )
        ignored = patterns_in(step.options.get("ignore"))
        began, count, since = time.monotonic(), -1, time.monotonic()
        while True:
            asked = page.traffic().counted(ignored)
            pending = [one for one in asked if one.is_open and not one.is_stream]
            if pending or len(asked) != count:
                count, since = len(asked), time.monotonic()
            elif time.monotonic() - since >= quiet:
                return Finding(
                    expected=f"{quiet:g} s of quiet",
                    found=f"quiet after {since - began:.1f} s",
                    notes=_streams(asked, page),
                )
            if page.patience.is_over:
                page.patience.check()
                raise self._failed(page, quiet, pending, asked)
            page.patience.pause(POLL_SECONDS)

    def _failed(
        self, page: Page, quiet: float, pending: list[Request], asked: list[Request]
    ) -> StepFailed:
        now = time.monotonic()
        if pending:
            words = "; ".join(
                f"{one.method} {told(one.url, page.secrets)} (for {now - one.seen:.1f} s)"
                for one in pending[:5]
            )
            more = f"; and {len(pending) - 5} more" if len(pending) > 5 else ""
            found = f"still waiting for {words}{more}"
        else:
            found = f"new requests again and again, the last one {listed(asked[-1:], page.secrets)}"
        streams = " ".join(f"{one}." for one in _streams(asked, page))
        return StepFailed(
            f"The network was not quiet for {quiet:g} s within {waited(page)}: {found}. What never "
            f"ends can be ignored by its address. {streams}".strip(),
            f"{quiet:g} s of quiet",
            found,
        )


def _streams(asked: Iterable[Request], page: Page) -> tuple[str, ...]:
    """The streams that are open, as a note."""
    found = [one for one in asked if one.is_open and one.is_stream]
    if not found:
        return ()
    words = ", ".join(f"{STREAMS[one.kind]} {told(one.url, page.secrets)}" for one in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return (f"Open streams, which do not count: {words}{more}",)


class AssertRequest(
    OfNetwork,
    name="assert_request",
    label="Expect request",
    group="Assertions",
    icon="arrows-exchange",
):
    """The page made a request to an address, since the run began; redirects count each."""

    content: ClassVar[Field | None] = Field(
        "content", "Address", required=True, placeholder="/api/orders", help=PATTERN
    )
    Options: ClassVar[type[Options]] = RequestOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if not content.strip():
            return "Every address holds a blank or nothing, so this would count every request."
        if options.get("operator") == ">=" and options.get("count") == 0:
            return "There are always 0 or more, so this would never fail."
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect {_wanted(step)}"

    def run(self, step: Step, page: Page) -> Finding:
        wanted, operator = int(step.options["count"]), str(step.options["operator"])
        holds = OPERATORS[operator][1]
        found = poll_traffic(
            page,
            lambda: self._found(step, page),
            lambda seen: holds(len(seen), wanted) or (operator != ">=" and len(seen) > wanted),
        )
        expected, count = _wanted(step), f"{len(found)} of them"
        if holds(len(found), wanted):
            notes = (GAPS,) if page.traffic().has_gaps else ()
            return Finding(
                expected=expected, found=listed(found, page.secrets) or "none", notes=notes
            )
        raise StepFailed(
            f"Expected {expected} but there were {len(found) or 'none'}."
            f"{self._instead(step, page, found)}",
            expected,
            count,
        )

    def _found(self, step: Step, page: Page) -> list[Request]:
        return [one for one in self._to_address(step, page) if _is_wanted(step, one)]

    def _to_address(self, step: Step, page: Page) -> list[Request]:
        pattern = (step.content or "").strip()
        return [one for one in page.traffic().counted() if matches(pattern, one.url)]

    def _instead(self, step: Step, page: Page, found: list[Request]) -> str:
        gaps = f" {GAPS}." if page.traffic().has_gaps else ""
        if found:
            return f" These were: {listed(found, page.secrets)}."
        others = self._to_address(step, page)
        if others:
            return f" To this address there were: {listed(others, page.secrets)}.{gaps}"
        asked = requests_words(len(page.traffic().counted()))
        return f" The run made {asked} to other addresses.{gaps}"


def _is_wanted(step: Step, request: Request) -> bool:
    method, status = step.options.get("method", "any"), step.options.get("status")
    if method not in ("any", request.method):
        return False
    if not status:
        return True
    return str(status) == str(request.status) or str(status) == f"{request.status // 100}xx"


def _wanted(step: Step) -> str:
    """As in “at least 1 request POST to “/api/orders” with status 2xx”."""
    options = step.options
    method = options.get("method", "any")
    words = OPERATORS[str(options.get("operator", ">="))][0]
    kind = "" if method == "any" else f"{method} "
    status = f" with status {options['status']}" if options.get("status") else ""
    count = int(options.get("count", 1))
    plural = "request" if count == 1 else "requests"
    return f"{words} {count} {kind}{plural} to “{(step.content or '').strip()}”{status}"


def requests_words(count: int) -> str:
    return "1 request" if count == 1 else f"{count:,} requests"


def poll_traffic(
    page: Page, ask: Callable[[], list[Request]], is_done: Callable[[list[Request]], bool]
) -> list[Request]:
    """Ask until it is done or the step's time is over; logs are read less often than pages."""
    while True:
        found = ask()
        if is_done(found):
            return found
        if page.patience.is_over:
            page.patience.check()
            return found
        page.patience.pause(POLL_SECONDS)


def number_in(text: str, most: float) -> float | None:
    """A number above 0; None when the text is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 < number <= most else None
