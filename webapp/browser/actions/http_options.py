"""What an HTTP step can be told."""

from typing import Annotated, Any, Literal

from pydantic import Field as Option

from webapp.browser.actions.assertions import NegatableOptions
from webapp.browser.actions.fields import checked
from webapp.browser.actions.http_lines import (
    expected_headers_error,
    expected_json_error,
    extractions_error,
    headers_error,
    status_error,
)
from webapp.browser.actions.keeping import VariableName, secret_option


def _area(title: str, description: str, example: str) -> Any:
    extra = {"kind": "textarea", "placeholder": example}
    return Option("", title=title, description=description, json_schema_extra=dict(extra))


class HttpOptions(NegatableOptions):
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] = Option(
        "GET", title="Method"
    )
    headers: Annotated[str, checked(headers_error)] = _area(
        "Headers", "One a line.", "Accept: application/json"
    )
    body: str = _area(
        "Body", "JSON is sent as such, unless a header Content-Type says otherwise.", '{"id": 7}'
    )
    user: str = Option("", title="User", description="With the password: basic authentication.")
    password: str = Option(
        "",
        title="Password",
        description="The name of a variable that a secret step has set.",
        json_schema_extra={"placeholder": "{{ password }}"},
    )
    follow: bool = Option(
        True, title="Follow redirects", description="Each one is checked as the first address is."
    )
    expect_status: Annotated[str, checked(status_error)] = Option(
        "",
        title="Expect status",
        description="200, 2xx, 200-204, several with commas, or any; empty: below 400.",
        json_schema_extra={"placeholder": "200"},
    )
    expect_header: Annotated[str, checked(expected_headers_error)] = _area(
        "Expect headers",
        "One a line; the header contains the text. Without a text it only has to be there.",
        "Content-Type: application/json",
    )
    expect_json: Annotated[str, checked(expected_json_error)] = _area(
        "Expect in JSON",
        "A JSONPath and a value, one a line. Without a value there only has to be one.",
        "$.items[0].name = Tea",
    )
    expect_body: str = _area("Expect in the body", "Compared as the next options say.", "in stock")
    under_ms: int | None = Option(
        None,
        title="Answered within (ms)",
        ge=1,
        le=300_000,
        json_schema_extra={"right": "a whole number of milliseconds from 1 to 300,000"},
    )
    variable: VariableName = Option(
        "",
        title="Store the body as",
        description="A variable; JSON is stored with its parts.",
        json_schema_extra={"placeholder": "answer"},
    )
    extract: Annotated[str, checked(extractions_error)] = _area(
        "Extract",
        "A variable and what it gets, one a line: json with a JSONPath (the list of values where "
        "it finds several), header with a name, pattern with a regular expression (its first "
        "group), or status.",
        "id = json $.id",
    )
    secret: bool = secret_option()
