"""The HTTP step: what it sends, expects and stores, against a server that answers as told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.api_server import ORDER, Answer, ApiServer
from tests.browser.asking_api import ask
from tests.browser.building import step
from tests.browser.fakes import FakePage
from webapp.browser.errors import StepInvalid


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer() as server:
        yield server


def test_a_request_is_sent_as_it_is_written(api: ApiServer) -> None:
    seen = ask(
        f"{api.url}/echo?q=a b&x=%20#top",
        method="POST",
        headers="X-One: 1\nuser-agent: Mine\n\nX-Empty:",
        body='{"a": 1}',
    )
    (asked,) = api.asked
    assert (seen.state, asked.method, asked.path) == ("passed", "POST", "/echo?q=a%20b&x=%20")
    assert asked.body == '{"a": 1}'
    sent = {name.lower(): value for name, value in asked.headers.items()}
    assert sent["host"] == f"127.0.0.1:{api.port}"
    assert (sent["x-one"], sent["user-agent"], sent["x-empty"]) == ("1", "Mine", "")
    assert sent["content-type"] == "application/json"
    assert seen.notes[-1].startswith("200 OK, ")
    assert seen.screenshot_note == "not taken: this step does not touch the page"


@pytest.mark.parametrize(
    "headers, body, kind",
    [
        ("", "plain", "text/plain; charset=utf-8"),
        ("Content-Type: text/csv", "a,b", "text/csv"),
        ("", "", None),
    ],
)
def test_a_body_has_its_type(api: ApiServer, headers: str, body: str, kind: str | None) -> None:
    ask(f"{api.url}/echo", method="PUT", headers=headers, body=body)
    assert api.asked[0].headers.get("Content-Type") == kind


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_is_sent(api: ApiServer, method: str) -> None:
    assert ask(f"{api.url}/order", method=method).state == "passed"
    assert api.asked[0].method == method


def test_variables_are_filled_in_everywhere(api: ApiServer) -> None:
    page = FakePage()
    name = step("set_variable", content="tea", variable="what")
    seen = ask(
        f"{api.url}/echo?q={{{{ what }}}}", name, page=page, method="POST",
        body='{"n": "{{ what }}"}', headers="X-What: {{ what }}",
        expect_json='$.body = {"n": "{{ what }}"}', expect_body="{{ what }}",
        extract="got_{{ what }} = json $.headers['X-What']",
    )  # fmt: skip
    assert (seen.state, seen.error) == ("passed", None)
    assert page.variables.get("got_tea") == "tea"


def test_a_name_and_a_password_are_sent_and_told_nowhere(api: ApiServer) -> None:
    secret = step("set_variable", content="hunter22", variable="pw", secret=True)
    api.answers["/who"] = lambda asked: Answer(401, b"hunter22 is wrong")
    seen = ask(f"{api.url}/who", secret, user="alice", password="{{ pw }}", expect_body="x")
    assert api.asked[0].headers["Authorization"] == "Basic YWxpY2U6aHVudGVyMjI="
    assert "hunter22" not in repr(seen) and "YWxpY2U6aHVudGVyMjI" not in repr(seen)
    assert "•••• is wrong" in (seen.error or "")


@pytest.mark.parametrize(
    "path, options",
    [
        ("/order", {}),
        ("/order", {"expect_status": "200"}),
        ("/order", {"expect_status": "201, 2xx"}),
        ("/order", {"expect_status": "200-204"}),
        ("/gone", {"expect_status": "404"}),
        ("/gone", {"expect_status": "any"}),
        ("/order", {"expect_header": "content-type: json\nContent-Length"}),
        ("/order", {"expect_json": '$.id = 7\n$.items[0].name = Tea\nitems[1].name = "Milk"'}),
        ("/order", {"expect_json": "$.paid = true\n$.note = null\n$.note"}),
        (
            "/order",
            {"expect_json": '$.items[?@.price > 2].name=Tea\n$.items[*].name = ["Tea", "Milk"]'},
        ),
        ("/text", {"expect_body": "Code 4711"}),
        ("/text", {"expect_body": r"\d{4}", "match": "matches"}),
        ("/text", {"expect_body": "sold out", "negate": True}),
        ("/latin", {"expect_body": "café", "match": "equals"}),
        ("/text", {"under_ms": 60_000}),
    ],
)
def test_what_holds_passes(api: ApiServer, path: str, options: dict[str, Any]) -> None:
    seen = ask(api.url + path, **options)
    assert (seen.state, seen.error) == ("passed", None)
    assert seen.expected and seen.found and seen.found.startswith("status ")


@pytest.mark.parametrize(
    "path, options, sentence",
    [
        ("/gone", {}, "Expected the status below 400 but it was 404 Not Found."),
        ("/order", {"expect_status": "201, 3xx"}, "the status 201, 3xx but it was 200 OK."),
        ("/order", {"expect_header": "X-No"}, "Expected a header X-No but there was none."),
        (
            "/order",
            {"expect_header": "Content-Type: xml"},
            "Expected the header Content-Type to contain “xml” but it was “application/json”.",
        ),
        ("/order", {"expect_json": "$.id = 8"}, "Expected $.id in the JSON to be 8 but it was 7."),
        ("/order", {"expect_json": "$.paid = 1"}, "$.paid in the JSON to be 1 but it was true."),
        ("/order", {"expect_json": "$.no"}, "a value at $.no in the JSON but there was none."),
        ("/text", {"expect_json": "$.id = 7"}, "the body to be JSON but it was “Code 4711"),
        ("/text", {"expect_body": "sold"}, "Expected the body to contain “sold” but it was “Code"),
        ("/slow", {"under_ms": 1, "timeout_seconds": 30}, "an answer within 1 ms but it took"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_said(
    api: ApiServer, path: str, options: dict[str, Any], sentence: str
) -> None:
    api.answers["/slow"] = Answer(200, b"slowly", chunk_seconds=0.01)
    seen = ask(api.url + path, **options)
    assert seen.state == "failed"
    assert sentence in (seen.error or "")
    assert any("bytes of" in note for note in seen.notes)


def test_every_expectation_that_does_not_hold_is_said(api: ApiServer) -> None:
    seen = ask(f"{api.url}/gone", expect_json="$.id", expect_body="x", expect_header="X-No")
    assert (seen.error or "").count("Expected") == 4


def test_parts_of_an_answer_are_stored(api: ApiServer) -> None:
    page = FakePage()
    seen = ask(
        f"{api.url}/order", page=page, variable="order",
        extract="first = json $.items[0].name\nkind = header content-type\n"
        "price = pattern price\": ([\\d.]+)\nstate = status\nnote = json note",
    )  # fmt: skip
    assert seen.notes[1:] == (
        "order = " + json.dumps(ORDER),
        "first = Tea",
        "kind = application/json",
        "price = 2.5",
        "state = 200",
        "note = (empty)",
    )
    assert page.variables.get("order.items.1.name") == "Milk"
    assert page.variables.get("note") is None
    ask(f"{api.url}/text", page=page, variable="words")
    assert page.variables.get("words") == "Code 4711 is yours"


@pytest.mark.parametrize(
    "line, words",
    [
        ("a = json $.nothing", "“a”: the answer has no json $.nothing"),
        ("a = header X-No", "no header X-No"),
        ("a = pattern nothing (here)", "no pattern nothing (here)"),
    ],
)
def test_what_is_not_there_cannot_be_stored(api: ApiServer, line: str, words: str) -> None:
    seen = ask(f"{api.url}/order", extract=line)
    assert seen.state == "failed" and words in (seen.error or "")
    assert "bytes of" in seen.notes[0]


def test_what_is_stored_as_secret_is_told_nowhere(api: ApiServer) -> None:
    api.answers["/token"] = Answer(200, b'{"token": "abcdef99", "more": ["zyxwv88"]}')
    page = FakePage()
    for options in (
        {"extract": "t = json $.token\nu = json $.more"},
        {"variable": "all"},
        {"extract": "t = json $.token", "expect_body": "not in it"},
        {"variable": "all", "expect_json": "$.token = 7\n$.more = 8"},
    ):
        said = repr(ask(f"{api.url}/token", page=page, secret=True, **options))
        assert "abcdef99" not in said
        assert "zyxwv88" not in said or "u = " not in said


@pytest.mark.parametrize(
    "url, options, sentence",
    [
        ("/api", {}, "is not a complete address"),
        ("ftp://a.example", {}, "is not a complete address"),
        ("https://u:p@a.example", {}, "do not stand in the address"),
        (None, {}, "needs it: address"),
        ("https://a.example", {"method": "BREW"}, "not one of GET"),
        ("https://a.example", {"headers": "no colon here"}, "is not a line like Accept"),
        ("https://a.example", {"headers": "Host: b"}, "set by the connection itself"),
        ("https://a.example", {"headers": "X: ☃"}, "signs that a header cannot carry"),
        ("https://a.example", {"headers": "\n".join(["X: 1"] * 51)}, "51 lines; at most 50"),
        ("https://a.example", {"expect_status": "2000"}, "is not a status like 200"),
        ("https://a.example", {"expect_json": "$.a[ = 1"}, "is not a JSONPath"),
        ("https://a.example", {"expect_json": "$..a..b..c"}, "more often than is bearable"),
        ("https://a.example", {"expect_json": "$.a[?match(@.b, 'x')]"}, "is not a JSONPath"),
        ("https://a.example", {"expect_body": "(", "match": "matches"}, "has a mistake"),
        ("https://a.example", {"extract": "a $.b"}, "is not a line like id = json"),
        ("https://a.example", {"extract": "1a = status"}, "not the name of a variable"),
        ("https://a.example", {"extract": "a = json"}, "nothing that says what to take"),
        ("https://a.example", {"extract": "a = pattern ("}, "has a mistake"),
        ("https://a.example", {"under_ms": 0}, "from 1 to 300,000"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    url: str | None, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StepInvalid, match=sentence):
        step("http_request", content=url, options=options)
