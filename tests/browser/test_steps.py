"""What a step may be, and the sentence for what it may not."""

from typing import Any

import pytest

from webapp.browser.actions import ACTIONS
from webapp.browser.errors import StepInvalid
from webapp.browser.steps import Step, parse_step

H1 = {"by": "xpath", "value": "//h1"}


def errors(**values: Any) -> list[tuple[str, str]]:
    with pytest.raises(StepInvalid) as refused:
        parse_step({"number": 1} | values)
    return refused.value.errors


def test_the_step_of_the_design_is_read_as_it_is_written() -> None:
    step = parse_step(
        {
            "number": 3,
            "action": "assert_text",
            "locators": [H1, {"by": "css", "value": "h1"}],
            "content": "Welcome",
            "options": {"match": "contains"},
            "name": "Greeting",
            "enabled": True,
        }
    )
    assert (step.number, step.action, len(step.locators)) == (3, "assert_text", 2)
    assert step.options == {"match": "contains", "negate": False}


def test_a_step_survives_being_stored() -> None:
    step = parse_step({"number": 1, "action": "type", "locators": [H1], "content": "x"})
    assert parse_step(step.model_dump(mode="json")) == step
    assert Step.model_validate(step.model_dump()) == step


def test_the_words_of_the_first_payloads_are_understood() -> None:
    step = parse_step(
        {"number": 2, "action": "tapping", "selector_xpath": "//input", "content": "Name"}
    )
    assert (step.action, str(step.locators[0])) == ("type", "//input")


def test_a_step_without_a_uid_gets_one_of_its_own() -> None:
    one, two = (parse_step({"number": 1, "action": "screenshot"}) for _ in range(2))
    assert one.uid != two.uid and len(one.uid) >= 12


def test_an_empty_form_field_means_the_default() -> None:
    step = parse_step(
        {
            "number": 1,
            "action": "open",
            "content": "/",
            "options": {"status": ""},
            "timeout_seconds": "",
        }
    )
    assert (step.options, step.timeout_seconds) == ({"status": None}, None)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"action": "fly"}, "action", "“fly” is not an action. Actions are open, "),
        ({}, "action", "“nothing” is not an action"),
        ({"action": "screenshot", "number": 0}, "number", "“0” is not a whole number from 1"),
        ({"action": "screenshot", "number": True}, "number", "“True” is not a whole number"),
        ({"action": "screenshot", "number": None}, "number", "nothing is not a whole number"),
        ({"action": "screenshot", "colour": 1}, "colour", "A step has no field of this name."),
        ({"action": "screenshot", "enabled": "yes"}, "enabled", "“yes” is not true or false."),
        ({"action": "screenshot", "uid": "X" * 12}, "uid", "is not 12 to 64 of the characters"),
        ({"action": "screenshot", "name": "x" * 201}, "name", "It has 201 characters; at most 200"),
        ({"action": "screenshot", "name": 7}, "name", "“7” is not a text."),
        ({"action": "screenshot", "timeout_seconds": 301}, "timeout_seconds", "“301” is not a num"),
        ({"action": "screenshot", "timeout_seconds": "nan"}, "timeout_seconds", "“nan” is not"),
        ({"action": "screenshot", "content": "x"}, "content", "“Screenshot” takes no content."),
        ({"action": "click"}, "locators", "“Click” needs to know which element: give a locator."),
        ({"action": "open", "content": "/", "locators": [H1]}, "locators", "concerns no element"),
        ({"action": "click", "locators": "//h1"}, "locators", "“//h1” is not a list of locators."),
        ({"action": "click", "locators": ["//h1"]}, "locators", "is not a locator like {"),
        ({"action": "click", "locators": [H1] * 21}, "locators", "There are 21; at most 20 go."),
        (
            {"action": "click", "locators": [{"by": "place", "value": "x"}]},
            "locators",
            "“place” is not one of css, xpath, id,",
        ),
        (
            {"action": "click", "locators": [H1, {"by": "xpath", "value": "//h1["}]},
            "locators",
            "Candidate 2: The XPath ends too early, at position 6",
        ),
        (
            {"action": "click", "locators": [H1], "selector_xpath": "//a"},
            "selector_xpath",
            "Give either",
        ),
        ({"action": "click", "locators": [H1], "secret": True}, "secret", "cannot be secret"),
        ({"action": "type", "locators": [H1]}, "content", "“Type” needs it: text."),
        ({"action": "type", "locators": [H1], "content": ["x"]}, "content", "is not a text."),
        (
            {"action": "type", "locators": [H1], "content": "x" * 1_000_000},
            "content",
            "It has 1,000,000 characters; at most 10,000 go.",
        ),
        (
            {"action": "type", "locators": [H1], "content": "ab\ue007"},
            "content",
            "The character at position 3 is one that drivers take for a key.",
        ),
        ({"action": "type", "locators": [H1], "content": "a\0"}, "content", "null character"),
        (
            {"action": "assert_title", "content": "x", "options": {"match": "contain"}},
            "options.match",
            "“contain” is not one of contains, equals, matches.",
        ),
        (
            {"action": "assert_title", "content": "x", "options": {"colour": 1}},
            "options.colour",
            "“Expect title” has no option of this name. It has match, negate.",
        ),
        ({"action": "wait", "content": "1", "options": []}, "options", "“[]” is not an object"),
        (
            {"action": "assert_attribute", "locators": [H1], "content": "x"},
            "options.attribute",
            "“Expect attribute” cannot do without it.",
        ),
        (
            {"action": "assert_title", "content": "a(b", "options": {"match": "matches"}},
            "content",
            "The regular expression has a mistake at position 2: ",
        ),
        (
            {"action": "assert_title", "content": "x" * 1001, "options": {"match": "matches"}},
            "content",
            "The regular expression has 1,001 characters; at most 1,000 go.",
        ),
        ({"action": "assert_title", "content": " "}, "content", "this would never fail"),
        ({"action": "assert_count", "locators": [H1], "content": "many"}, "content", "“many” is"),
        (
            {
                "action": "assert_count",
                "locators": [H1],
                "content": "0",
                "options": {"operator": ">="},
            },
            "content",
            "There are always 0 or more, so this would never fail.",
        ),
        ({"action": "wait", "content": "soon"}, "content", "“soon” is not a number of seconds"),
        ({"action": "wait", "content": "nan"}, "content", "“nan” is not a number of seconds"),
        ({"action": "press", "content": "Entr"}, "content", "“Entr” is not a key. Keys are"),
        ({"action": "press", "content": "a+b"}, "content", "“a” cannot be held. Control, Shift"),
        (
            {"action": "select", "locators": [H1], "content": "two", "options": {"by": "index"}},
            "content",
            "“two” is not a place in the list.",
        ),
        ({"action": "open", "content": "file:///etc/passwd"}, "content", "begins with “file:”"),
        ({"action": "open", "content": "javascript:alert(1)"}, "content", "“javascript:”"),
        ({"action": "open", "content": "http://"}, "content", "names no host"),
        ({"action": "open", "content": "http://a b/"}, "content", "holds a blank"),
        ({"action": "open", "content": "http://a:99999/"}, "content", "is not an address"),
        (
            {"action": "open", "content": "/", "options": {"status": "fine"}},
            "options.status",
            "“fine” is not “any” or a number like 404.",
        ),
    ],
)
def test_a_mistake_gets_a_sentence_that_names_its_field(
    values: dict[str, Any], field: str, sentence: str
) -> None:
    found = dict(errors(**values))
    assert sentence in found[field], found


@pytest.mark.parametrize("values", [None, [], "click", 7])
def test_what_is_no_object_is_no_step(values: object) -> None:
    with pytest.raises(StepInvalid, match="A step is an object with fields"):
        parse_step(values)


def test_all_mistakes_are_told_at_once() -> None:
    found = errors(action="type", number=-1, locators=[{"by": "css", "value": "a["}], enabled=2)
    assert [field for field, _ in found] == ["number", "enabled", "locators", "content"]


def test_a_stored_secret_may_stay_away() -> None:
    values = {"number": 1, "action": "type", "locators": [H1], "secret": True}
    assert parse_step(values, content_known=True).content is None
    assert errors(**values) == [("content", "“Type” needs it: text.")]


def test_an_empty_text_may_be_expected_exactly() -> None:
    step = parse_step(
        {
            "number": 1,
            "action": "assert_value",
            "locators": [H1],
            "content": "",
            "options": {"match": "equals"},
        }
    )
    assert step.content == ""


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"action": "click", "locators": [H1]}, "Click //h1"),
        ({"action": "type", "locators": [H1], "content": "Bob"}, "Type “Bob” into //h1"),
        (
            {"action": "type", "locators": [H1], "content": "pass", "secret": True},
            "Type a secret into //h1",
        ),
        ({"action": "wait", "content": 2}, "Wait 2 s"),
        ({"action": "press", "content": "Enter"}, "Press “Enter”"),
        ({"action": "select", "locators": [H1], "content": "B"}, "Choose “B” in //h1"),
        (
            {"action": "assert_title", "content": "x", "options": {"negate": True}},
            "Expect the title of the page not to contain “x”",
        ),
        (
            {
                "action": "assert_count",
                "locators": [H1],
                "content": 3,
                "options": {"operator": ">="},
            },
            "Expect at least 3 of //h1",
        ),
        (
            {"action": "wait_for", "locators": [{"by": "id", "value": "a"}]},
            "Wait until id “a” is visible",
        ),
        ({"action": "click", "locators": [H1], "name": "Buy"}, "Buy"),
    ],
)
def test_a_step_says_what_it_does(values: dict[str, Any], title: str) -> None:
    assert parse_step({"number": 1} | values).title == title


def test_the_actions_are_those_of_the_design() -> None:
    pointer = ["click", "hover", "check", "uncheck", "scroll_to"]
    keyboard = ["type", "clear", "press", "select"]
    about_text = ["assert_text", "assert_value", "assert_attribute", "assert_title", "assert_url"]
    about_elements = ["assert_visible", "assert_hidden", "assert_count"]
    waiting = ["wait_for", "wait"]
    assert ACTIONS.keys() >= {
        "open", *pointer, *keyboard, *waiting, *about_text, *about_elements, "screenshot",
    }  # fmt: skip
