"""Ask a server over HTTP, beside the browser, and expect something of its answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.http_judging import document_of, expected_of, mistakes
from webapp.browser.actions.http_lines import extractions_of, headers_of, json_value
from webapp.browser.actions.http_options import HttpOptions
from webapp.browser.actions.keeping import keep, shown
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.errors import StepFailed
from webapp.browser.json_paths import NO_VALUE, value_at
from webapp.browser.locators import HOLE
from webapp.browser.matching import first_match, pattern_error
from webapp.browser.page import Page
from webapp.browser.requesting_http import Answer, Request, basic, exchange
from webapp.browser.seeking import Unfit
from webapp.browser.variables import texts_of

if TYPE_CHECKING:
    from webapp.browser.steps import Step

DEFAULTS = {
    "User-Agent": "Lamplighter",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
}


class HttpRequest(
    Action,
    name="http_request",
    label="Request over HTTP",
    group="Outside the page",
    icon="api",
):
    """Ask a server directly, by the same rule for addresses as the browser, but without its
    cookies. The step's time is the limit for the whole answer."""

    visits: ClassVar[bool] = True
    content: ClassVar[Field | None] = Field(
        "content", "Address", required=True, placeholder="https://shop.example.org/api/health"
    )
    changes_page: ClassVar[bool] = False
    touches_page: ClassVar[bool] = False
    secret_options: ClassVar[tuple[str, ...]] = ("password",)
    Options: ClassVar[type[Options]] = HttpOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        try:
            parts = urlsplit(content.strip())
            complete = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        except ValueError:
            complete = False
        if not complete:
            return f"“{content[:60]}” is not a complete address like https://example.org/api."
        if "@" in parts.netloc:
            return "The name and the password do not stand in the address: there are options."
        return ""

    @classmethod
    def read_options(cls, given: object) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        options, mistakes = super().read_options(given)
        expected = "" if mistakes else str(options["expect_body"])
        if expected and options["match"] == "matches" and HOLE not in expected:
            sentence = pattern_error(expected)
            mistakes = [("expect_body", sentence)] if sentence else []
        return options, mistakes

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"{step.options.get('method', 'GET')} {shown(step.content or '')}"

    def run(self, step: Step, page: Page) -> Finding:
        options = HttpOptions.model_validate(step.options)
        answer = exchange(
            _request(step, options), page.patience, page.allow_private, page.own_addresses
        )
        if options.secret:  # before a sentence about the answer could quote it
            _conceal(options, answer, page)
        expected, notes = expected_of(options), _told(step, answer)
        found = f"status {answer.status} after {answer.seconds * 1000:.0f} ms"
        if wrong := list(mistakes(options, answer)):
            said = found if len(wrong) > 1 else wrong[0][1]
            finding = Finding(expected=expected, found=said, notes=notes)
            raise Unfit(" ".join(sentence for sentence, _ in wrong), expected, said, finding)
        try:
            notes += tuple(_kept(options, answer, page))
        except StepFailed as error:
            finding = Finding(notes=notes)
            raise Unfit(error.message, error.expected, error.found, finding) from None
        return Finding(expected=expected, found=found, notes=notes)


def _request(step: Step, options: HttpOptions) -> Request:
    headers = dict(DEFAULTS)
    names = {name.lower(): name for name in headers}
    body = options.body.encode() if options.body else None
    given = headers_of(options.headers)
    if options.user or options.password:
        given.insert(0, ("Authorization", basic(options.user, options.password)))
    if body is not None:
        is_json = not isinstance(json_value(options.body), str)
        kind = "application/json" if is_json else "text/plain; charset=utf-8"
        given.insert(0, ("Content-Type", kind))
    for name, value in given:
        headers.pop(names.get(name.lower(), ""), None)
        names[name.lower()] = name
        headers[name] = value
    url = (step.content or "").strip().partition("#")[0]
    return Request(options.method, url, headers, body, options.follow)


def _told(step: Step, answer: Answer) -> tuple[str, ...]:
    kind = (answer.header("Content-Type") or "no type").partition(";")[0]
    words = f"{answer.status} {answer.reason}".strip()
    said = f"{words}, {len(answer.body):,} bytes of {kind}, after {answer.seconds * 1000:.0f} ms"
    return (*(f"Redirected: {one}" for one in answer.redirects), said)


def _kept(options: HttpOptions, answer: Answer, page: Page) -> Iterator[str]:
    """Set the variables; a note for each."""
    if options.variable:
        document = document_of(answer)
        value = answer.text if document is NO_VALUE else document
        yield keep(page, options.variable, value, secret=options.secret)
    for one in extractions_of(options.extract):
        value = _extracted(one.source, one.at, answer)
        if value is None:
            raise StepFailed(
                f"There is nothing for “{one.name}”: the answer has no {one.source} {one.at}.",
                f"{one.source} {one.at}",
                "none",
            )
        yield keep(page, one.name, None if value is NO_VALUE else value, secret=options.secret)


def _conceal(options: HttpOptions, answer: Answer, page: Page) -> None:
    values = [_extracted(one.source, one.at, answer) for one in extractions_of(options.extract)]
    if options.variable:
        document = document_of(answer)
        values.append(answer.text if document is NO_VALUE else document)
    for value in values:
        if value is not None and value is not NO_VALUE:
            page.secrets.add(*texts_of(value))


def _extracted(source: str, at: str, answer: Answer) -> Any:
    """What the answer has there; None for nothing, NO_VALUE for JSON's null."""
    if source == "status":
        return answer.status
    if source == "header":
        return answer.header(at)
    if source == "pattern":
        return first_match(at, answer.text)
    document = document_of(answer)
    found = NO_VALUE if document is NO_VALUE else value_at(at, document)
    if found is NO_VALUE:
        return None
    return NO_VALUE if found is None else found
