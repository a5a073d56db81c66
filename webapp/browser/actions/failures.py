"""What must not have happened in a run: failed requests, and errors of scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from webapp.browser.actions.fields import Field
from webapp.browser.actions.network import PATTERNS, OfNetwork, requests_words
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.page import Page, Watched
from webapp.browser.seeking import poll
from webapp.browser.traffic import GAPS, is_any, listed, patterns_in, told

if TYPE_CHECKING:
    from webapp.browser.steps import Step


class AssertNoFailedRequests(
    OfNetwork,
    name="assert_no_failed_requests",
    label="Expect no failed request",
    group="Assertions",
    icon="plug-connected-x",
):
    """Since the run began, no request was answered with status 400 or above, or not at all.

    What the page itself gave up, or left behind when it was left, is no failure, and favicons do
    not count. Firefox does not tell of WebSockets, Chromium not of what workers ask.
    """

    content: ClassVar[Field | None] = Field(
        "content",
        "Requests to ignore",
        kind="textarea",
        placeholder="analytics.example",
        help=PATTERNS,
    )

    @classmethod
    def summary(cls, step: Step) -> str:
        return "Expect that no request failed"

    def run(self, step: Step, page: Page) -> Finding:
        traffic = poll(page, page.traffic, lambda _: True)
        asked = traffic.counted(patterns_in(step.content))
        failed = [one for one in asked if one.failure]
        if failed:
            raise StepFailed(
                f"{requests_words(len(failed)).capitalize()} of {len(asked):,} failed: "
                f"{listed(failed, page.secrets)}.",
                "no failed request",
                requests_words(len(failed)),
            )
        pending = [one for one in asked if one.is_open and not one.is_stream]
        notes = [GAPS] if traffic.has_gaps else []
        if pending:
            notes.append(f"Not answered yet: {listed(pending, page.secrets)}")
        found = f"{requests_words(len(asked))}, none failed"
        return Finding(expected="no failed request", found=found, notes=tuple(notes))


class AssertNoScriptErrors(
    Action,
    name="assert_no_script_errors",
    label="Expect no script error",
    group="Assertions",
    icon="bug",
):
    """No script of the page met an error that nobody caught, since the run began.

    Broken promises that nobody listened to count, too; what scripts write to the console does not.
    """

    changes_page: ClassVar[bool] = False
    watches: ClassVar[frozenset[Watched]] = frozenset({"errors"})
    content: ClassVar[Field | None] = Field(
        "content",
        "Errors to ignore",
        kind="textarea",
        placeholder="ResizeObserver loop",
        help="One a line: a part of the error or of its script's address; * stands for anything.",
    )

    @classmethod
    def summary(cls, step: Step) -> str:
        return "Expect that no script met an error"

    def run(self, step: Step, page: Page) -> Finding:
        ignored = patterns_in(step.content)
        errors = [
            one
            for one in poll(page, page.script_errors, lambda _: True)
            if not is_any(ignored, one.text) and not is_any(ignored, one.url)
        ]
        if not errors:
            return Finding(expected="no script error", found="none")
        words = "; ".join(
            dict.fromkeys(one.words(told(one.url, page.secrets)) for one in errors[:5])
        )
        more = f"; and {len(errors) - 5} more" if len(errors) > 5 else ""
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise StepFailed(
            f"The scripts of the page met {count} that nobody caught: {words}{more}.",
            "no script error",
            count,
        )
