"""Variables: what sets them, what reads them, and what is said when one is missing."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.building import step, tree
from tests.browser.fakes import START, FakePage
from tests.browser.playing import BUTTON, given, page_with, played
from webapp.browser.actions import ACTIONS
from webapp.browser.errors import StepFailed, StepInvalid
from webapp.browser.page import Cookie, Sight
from webapp.browser.player import Plan, play
from webapp.browser.secrets import Secrets
from webapp.browser.steps import parse_step
from webapp.browser.stopping import Stop
from webapp.browser.variables import MOST_VARIABLES, Variables

FIELD = Sight(candidate=0, words="<input>", tag="input", text="", value="12,50 €")


def test_a_text_is_stored_and_read() -> None:
    page = page_with()
    seen = played(
        step("set_variable", content="tea", variable="what"),
        step("set_variable", content="{{what}} & {{ what }}", variable="both"),
        step("note", content=r"{{ both }} \{{ both }}"),
        page=page,
    )
    assert seen[0].notes == ("what = tea",)
    assert seen[2].notes == ("tea & tea {{ both }}",)
    assert {one.screenshot_note for one in seen} == {"not taken: this step does not touch the page"}
    assert page.done == [("visit", START), ("picture",)]


def test_an_empty_text_is_a_value() -> None:
    page = page_with()
    assert given(page, step("set_variable", content="", variable="x")).notes == ("x = (empty)",)
    assert page.variables.get("x") == ""


def test_json_is_stored_with_its_parts() -> None:
    page = page_with()
    content = '{"lines": [{"price": 12.50}], "paid": true, "none": null}'
    said = given(
        page,
        step("set_variable", content=content, variable="order", type="json"),
        step("note", content="{{ order.lines.0.price }} {{ order.paid }} {{ order.none }}."),
    )
    assert said.notes == ("12.5 true .",)


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({"content": "x"}, "“Set variable” cannot do without it"),
        ({"content": "x", "options": {"variable": "1st"}}, "“1st” is not the name of a variable"),
        ({"content": "{", "options": {"variable": "a", "type": "json"}}, "line 1, column 2"),
        ({"content": "", "options": {"variable": "a", "type": "json"}}, "JSON, like 12.5"),
        ({"content": "x", "options": {"variable": "a", "type": "xml"}}, "not one of text, json"),
    ],
)
def test_what_cannot_be_set_is_refused(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StepInvalid, match=re.escape(sentence)):
        parse_step({"number": 1, "action": "set_variable"} | values)


def test_json_with_a_variable_in_it_is_read_when_it_is_filled_in() -> None:
    page = page_with()
    number = step("set_variable", content="7", variable="n")
    good = step("set_variable", content='{"n": {{ n }}}', variable="j", type="json")
    assert given(page, number, good).state == "passed"
    assert page.variables.get("j") == {"n": 7}
    bad = step("set_variable", content='{"n": {{ n }}', variable="j", type="json")
    assert "With its variables filled in" in (given(page, number, bad).error or "")


def test_a_run_has_bounds() -> None:
    variables = Variables(Secrets())
    with pytest.raises(StepFailed, match="200,001 characters; at most 200,000"):
        variables.set("long", "x" * 200_001)
    for number in range(MOST_VARIABLES):
        variables.set(f"v{number}", number)
    variables.set("v1", "again")
    with pytest.raises(StepFailed, match="“more” is one more"):
        variables.set("more", 1)


def with_hole(values: dict[str, Any]) -> Callable[[], Any]:
    return lambda: parse_step({"number": 4, "timeout_seconds": 0.1} | values)


HOLE = "{{ nobody }}"
CSS = {"by": "css", "value": "b"}
BY = [
    {"by": by, "value": f"x {HOLE}"}
    for by in ("css", "xpath", "id", "name", "test_id", "role", "label", "text", "placeholder",
               "link_text", "partial_link_text", "pierce", "chain")
]  # fmt: skip
OPTIONS = [
    ("assert_attribute", {"attribute": HOLE}, "x"),
    ("extract", {"variable": HOLE}, None),
    ("extract", {"variable": "a", "pattern": HOLE}, None),
    ("extract", {"variable": "a", "source": "attribute", "name": HOLE}, None),
    ("set_variable", {"variable": HOLE}, "x"),
    ("assert_variable", {"variable": HOLE}, "x"),
    ("generate", {"variable": "a", "offset": HOLE}, None),
    ("generate", {"variable": "a", "format": HOLE}, None),
    ("generate", {"variable": "a", "zone": HOLE}, None),
    ("generate", {"variable": "a", "domain": HOLE}, None),
    ("http_request", {"headers": f"X: {HOLE}"}, "https://a.example"),
    ("http_request", {"body": HOLE}, "https://a.example"),
    ("http_request", {"expect_json": HOLE}, "https://a.example"),
    ("http_request", {"expect_body": HOLE}, "https://a.example"),
    ("http_request", {"expect_status": HOLE}, "https://a.example"),
    ("http_request", {"expect_header": HOLE}, "https://a.example"),
    ("http_request", {"extract": HOLE}, "https://a.example"),
    ("http_request", {"user": HOLE}, "https://a.example"),
    ("http_request", {"password": HOLE}, "https://a.example"),
    ("if", {"test": "variable", "variable": HOLE}, "x"),
    ("for_each", {"variable": HOLE}, "[1]"),
]


@pytest.mark.parametrize(
    "values",
    [
        *({"action": "click", "locators": [CSS, by]} for by in BY),
        *({"action": "click", "locators": [by]} for by in BY),
        *(
            {"action": name, "options": options, "content": content}
            | ({"locators": [CSS]} if ACTIONS[name].locators != "none" else {})
            for name, options, content in OPTIONS
        ),
        *(
            {"action": name, "content": HOLE, "options": options}
            | ({"locators": [CSS]} if ACTIONS[name].locators == "required" else {})
            for name, options in [
                ("open", {}),
                ("type", {}),
                ("press", {}),
                ("select", {}),
                ("wait", {}),
                ("assert_text", {}),
                ("assert_title", {}),
                ("assert_count", {}),
                ("note", {}),
                ("set_variable", {"variable": "a"}),
                ("assert_variable", {"variable": "a"}),
                ("http_request", {}),
                ("totp", {"variable": "a"}),
                ("if", {"test": "title"}),
                ("while", {"test": "url"}),
                ("repeat", {}),
                ("for_each", {"variable": "a"}),
            ]
        ),
    ],
    ids=lambda values: f"{values['action']} {values.get('locators', '')} {values.get('options')}",
)
def test_a_missing_variable_is_named_with_its_step(values: dict[str, Any]) -> None:
    page = page_with()
    page.variables.set("a", 1)
    given_step = with_hole(values)()
    events = [*play(Plan(START, (given_step,)), page, Stop())]
    outcome = events[-1]
    assert outcome.state == "failed"  # type: ignore[union-attr]
    assert outcome.error == (  # type: ignore[union-attr]
        "Step 4 reads the variable “nobody”, but no step before it has set it. Variables set so "
        "far: none."
    )


def test_a_missing_part_is_named_with_its_path() -> None:
    said = given(
        page_with(),
        step("set_variable", content='{"a": [1]}', variable="order", type="json"),
        step("note", content="{{ order.a.1 }}"),
    )
    assert said.error is not None
    assert "“order.a.1”" in said.error and "so far: order." in said.error


@pytest.mark.parametrize(
    "value, kind, options, content, holds",
    [
        ("12.50 EUR", "text", {}, "12.50", True),
        ("12.50", "text", {"match": "equals"}, "12.5", False),
        ("12.50", "json", {"match": "equals"}, "12.5", True),
        ("a  b", "text", {"match": "equals"}, "a b", True),
        ("a  b", "text", {"match": "equals", "loosely": True}, "a b", False),
        ("order 77", "text", {"match": "matches"}, r"\d+$", True),
        ("tea", "text", {"negate": True}, "milk", True),
        ("tea", "text", {"match": "equals", "negate": True, "loosely": True}, "tea", False),
        ("true", "json", {"match": "equals", "loosely": True}, "true", True),
        ("null", "json", {"match": "equals", "loosely": True}, "null", True),
        ("[1, null, [2]]", "json", {"match": "equals", "loosely": True}, "1,,2", True),
        ("{}", "json", {"match": "equals", "loosely": True}, "[object Object]", True),
        ("1.0", "json", {"match": "equals", "loosely": True}, "1", True),
        ("", "text", {"match": "equals"}, "", True),
        ("x", "text", {"match": "equals"}, "", False),
    ],
)
def test_a_variable_is_compared(
    value: str, kind: str, options: dict[str, Any], content: str, holds: bool
) -> None:
    seen = given(
        page_with(),
        step("set_variable", content=value, variable="v", type=kind),
        step("assert_variable", content=content, variable="v", **options),
    )
    assert seen.state == ("passed" if holds else "failed")
    assert seen.expected.startswith("v ")
    if not holds:
        assert seen.error.startswith("Expected v ") and "but it was “" in seen.error


def test_a_comparison_that_never_fails_is_refused() -> None:
    for content in (None, "", "  "):
        with pytest.raises(StepInvalid, match="never fail"):
            step("assert_variable", content=content, variable="v")


def test_comparing_a_variable_that_is_not_there_fails() -> None:
    seen = given(page_with(), step("assert_variable", content="x", variable="v"))
    assert "Step 1 reads the variable “v”" in (seen.error or "")


def everything(page: FakePage, *steps: Any) -> str:
    events = play(Plan(START, tree(*steps), step_timeout_seconds=0.1), page, Stop())
    return repr([*events])


def test_a_secret_variable_is_told_nowhere() -> None:
    page = FakePage(f=BUTTON)
    page.told = ["The page showed a dialog: “hunter22”"]
    page.on["click"] = lambda: _fail()
    said = everything(
        page,
        step("set_variable", content="hunter22", variable="pw", secret=True),
        step("note", content="It is {{ pw }}"),
        step("note", content="again", name="Log in with hunter22"),
        step("assert_variable", variable="pw", content="HUNTER22 no", on_failure="soft"),
        step("assert_variable", variable="pw", content="{{ pw }}"),
        step("extract", "[title='{{ pw }}']", variable="x", on_failure="soft"),
        step("click", "f", on_failure="soft"),
    )
    assert "hunter22" not in said.lower()
    assert "pw = ••••" in said and "It is ••••" in said
    assert "hunter22" in page.secrets.values


def _fail() -> None:
    raise StepFailed("Found “hunter22”", "hunter22", "hunter%3222 hunter22")


def test_each_part_of_a_secret_is_secret() -> None:
    page = page_with()
    content = '{"user": "alice7", "keys": ["k-1234", 987654]}'
    said = everything(
        page,
        step("set_variable", content=content, variable="all", type="json", secret=True),
        step("note", content="{{ all.user }} {{ all.keys.0 }} {{ all.keys.1 }} {{ all.keys }}"),
    )
    assert not re.search("alice7|k-1234|987654", said)


@pytest.mark.parametrize("pattern", ["", r"token (\w+)", "nothing here"])
def test_what_is_extracted_as_secret_is_told_nowhere(pattern: str) -> None:
    page = FakePage(f=Sight(0, "<p>", text="token abcdef99"))
    said = everything(
        page,
        step(
            "extract",
            "f",
            variable="t",
            options={"secret": True},
            pattern=pattern,
            on_failure="soft",
        ),
        step("note", content="{{ t }}", on_failure="soft"),
    )
    assert "abcdef99" not in said


def test_a_cookie_that_scripts_must_not_read_is_secret() -> None:
    page = page_with()
    page.cookies = lambda name: (Cookie("sess-1234", http_only=True),)  # type: ignore[method-assign]
    said = everything(
        page, step("extract", variable="s", source="cookie", options={"name": "session"})
    )
    assert "sess-1234" not in said and "s = ••••" in said


def test_a_password_in_an_option_stands_in_a_variable() -> None:
    with pytest.raises(StepInvalid, match="It would be kept readable"):
        step("http_request", content="https://a.example", user="u", password="hunter22")
    kept = step("http_request", content="https://a.example", user="u", password="{{ pw }}")
    assert kept.options["password"] == "{{ pw }}"
