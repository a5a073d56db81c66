"""How fast a page and its requests are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.network import PATTERN, OfNetwork, number_in, poll_traffic
from webapp.browser.actions.registry import Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page, PageTimes
from webapp.browser.seeking import poll, waited
from webapp.browser.traffic import Request, listed, matches, told

if TYPE_CHECKING:
    from webapp.browser.steps import Step

LONGEST_BUDGET_MS = 3_600_000


class TimeOptions(Options):
    of: Literal["page", "request"] = Option("page", title="Of")
    url: str = Option(
        "",
        title="Requests to this address",
        max_length=2000,
        description=f"{PATTERN} The slowest of them counts.",
        json_schema_extra={
            "placeholder": "/api/search",
            "right": "a text, at most 2,000 characters",
        },
    )
    until: Literal["response", "ready", "load"] = Option(
        "load",
        title="Of a page, the time until",
        description="response: its document had come; ready: it was built; load: its pictures, "
        "styles and scripts had come, too.",
    )


class AssertResponseTime(
    OfNetwork,
    name="assert_response_time",
    label="Expect response time",
    group="Assertions",
    icon="gauge",
):
    """The page, or a request since the run began, was answered within a number of milliseconds."""

    content: ClassVar[Field | None] = Field(
        "content", "At most, in ms", kind="number", required=True, placeholder="2000"
    )
    Options: ClassVar[type[Options]] = TimeOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if not number_in(content, LONGEST_BUDGET_MS):
            return f"“{content[:60]}” is not a number of milliseconds, from 1 to an hour."
        if options.get("of") == "request" and not str(options.get("url") or "").strip():
            return "Say which requests are meant: a part of their address."
        return ""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect {_timed(step)} within {step.content} ms"

    def run(self, step: Step, page: Page) -> Finding:
        budget = number_in(step.content or "", LONGEST_BUDGET_MS) or 0
        of_request = step.options.get("of") == "request"
        time_of = self._of_request if of_request else self._of_page
        took = time_of(step, page)
        expected, found = f"at most {budget:g} ms", f"{took:,.0f} ms"
        if took <= budget:
            return Finding(expected=expected, found=found)
        raise StepFailed(
            f"Expected {_timed(step)} within {budget:g} ms, but it took {found}"
            f"{self._slowest(step, page) if of_request else ''}.",
            expected,
            found,
        )

    def _of_page(self, step: Step, page: Page) -> float:
        until = str(step.options.get("until", "load"))
        times = poll(page, page.page_times, lambda seen: _time(seen, until) is not None)
        took = _time(times, until)
        if took is None:
            raise StepFailed(
                f"Expected {_timed(step)} within {step.content} ms, but it was still loading after "
                f"{waited(page)}, or it is no page that came from a server.",
                f"at most {step.content} ms",
                "a page that is still loading",
            )
        return took

    def _of_request(self, step: Step, page: Page) -> float:
        """The time of the slowest one; none of them may be open, or be without an answer."""
        found = poll_traffic(
            page,
            lambda: self._timed(step, page),
            lambda seen: bool(seen) and not any(one.is_open for one in seen),
        )
        times = [one.milliseconds for one in found]
        if found and None not in times:
            return max(one for one in times if one is not None)
        url = str(step.options.get("url"))
        expected = f"at most {step.content} ms"
        if not found:
            message = f"Expected {_timed(step)}, but no request went there within {waited(page)}."
            raise StepFailed(message, expected, "no such request")
        bad = [one for one in found if one.milliseconds is None]
        raise StepFailed(
            f"Of the requests to “{url}” {len(bad)} had no answer that could be timed: "
            f"{listed(bad, page.secrets)}.",
            expected,
            listed(bad, page.secrets),
        )

    def _timed(self, step: Step, page: Page) -> list[Request]:
        pattern = str(step.options.get("url", "")).strip()
        return [
            one
            for one in page.traffic().counted()
            if matches(pattern, one.url) and not one.is_left and not one.is_stream
        ]

    def _slowest(self, step: Step, page: Page) -> str:
        found = self._timed(step, page)
        slowest = max(found, key=lambda one: one.milliseconds or 0.0)
        of = f", the slowest of {len(found)}" if len(found) > 1 else ""
        return f": {slowest.method} {told(slowest.url, page.secrets)}{of}"


def _time(times: PageTimes, until: str) -> float | None:
    return {"response": times.response, "ready": times.ready, "load": times.load}[until]


def _timed(step: Step) -> str:
    if step.options.get("of") == "request":
        return f"the requests to “{str(step.options.get('url', '')).strip()}” to be answered"
    until = str(step.options.get("until", "load"))
    return {
        "response": "the document of the page to come",
        "ready": "the page to be built",
        "load": "the page to be loaded",
    }[until]
