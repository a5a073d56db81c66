"""The sentence for a locator that cannot be read, with the place of the mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from webapp.browser.locators import (
    KINDS,
    Locator,
    chain_value,
    parts_of,
    role_of,
    role_value,
    syntax_error,
)


@pytest.mark.parametrize(
    ("by", "value", "sentence"),
    [
        ("xpath", "//h1[", "ends too early, at position 6: something is missing (a “]”"),
        ("xpath", "//é[@x", "ends too early, at position 7"),
        ("xpath", "//h1]", "a mistake at position 5, at “]”."),
        ("xpath", "//a[@b='c]", "a quotation mark at position 8 that is never closed."),
        ("xpath", "//a[ends-with(@b,'c')]", "calls ends-with() at position 5, which is unknown: "),
        ("xpath", "//svg:g", "uses the prefix “svg:” at position 3, which no page declares."),
        ("xpath", "//a[$x]", "uses the variable $x at position 5"),
        ("css", "div >", "ends too early, at position 6"),
        ("css", "a,,b", "a mistake at position 3"),
        ("css", "div[", "a mistake at position 4: the name of an attribute is expected"),
        ("css", "#1a", "one that begins with a digit is written [id='1a']"),
        (
            "css",
            "a:contains('x')",
            "“:contains()” is jQuery's, not CSS: a text is found by an XPath",
        ),
        ("css", "a:visible", "“:visible” is jQuery's, not CSS"),
        ("css", "a::part(x)", "“::” names a part that is no element"),
        ("css", "a:before", "“:before” names a part that is no element"),
        ("css", ":not(" * 700 + "a", "it is nested too deeply"),
        ("css", "\n\n  a b,", "ends too early"),
        ("id", " ", "The id locator is empty."),
        ("xpath", "x" * 4001, "The XPath locator has 4,001 characters; at most 4,000 go."),
        ("name", "a\0", "a null character at position 2"),
        ("place", "x", f"“place” is not one of {', '.join(KINDS)}."),
    ],
)
def test_a_mistake_is_told_with_its_place(by: str, value: str, sentence: str) -> None:
    assert sentence in (syntax_error(by, value) or "")


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("css", "div:has(> a):is(.x, #y):not(.a, .b)"),
        ("css", "li:nth-child(2n+1 of .x)"),
        ("css", ".md\\:w-1\\/2"),
        ("xpath", "//a[text()='x(' and not(b)] | (//c)[1]"),
        ("id", "any thing: at all"),
        ("link_text", "“Log in”"),
    ],
)
def test_what_is_right_passes(by: str, value: str) -> None:
    assert syntax_error(by, value) is None


def test_a_locator_cannot_be_changed() -> None:
    locator = Locator(by="id", value="a")
    with pytest.raises(ValidationError):
        locator.value = "b"  # type: ignore[misc]
    assert {locator: 1}[Locator(by="id", value=" a ")] == 1


@pytest.mark.parametrize(
    ("by", "value", "words"),
    [
        ("xpath", "//h1", "//h1"),
        ("css", "h1", "h1"),
        ("id", "main", "id “main”"),
        ("link_text", "Log in", "link “Log in”"),
        # Never cut: half a secret in it would not be masked.
        ("css", "a" * 200, "a" * 200),
    ],
)
def test_a_locator_is_named_as_it_is(by: str, value: str, words: str) -> None:
    assert str(Locator.model_validate({"by": by, "value": value})) == words


@given(st.text("abcz"), st.none() | st.text())
def test_a_role_is_read_as_it_was_written(role: str, name: str | None) -> None:
    expected = (role, name) if role or name else None
    assert role_of(role_value(role, name)) == expected


LINKS = st.tuples(
    st.sampled_from([kind for kind in KINDS if kind != "chain"]),
    st.lists(st.sampled_from(["a", ">", ">>>", " >>> ", "\\", "=", "css=", '"', " ", "[x]"])).map(
        lambda words: "".join(words).strip()
    ),
)


@given(st.lists(LINKS, min_size=1, max_size=5))
def test_a_chain_is_read_as_it_was_written(parts: list[tuple[str, str]]) -> None:
    assert parts_of(chain_value(parts)) == parts


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("#a", [("css", "#a")]),
        ("#a >>> .b", [("css", "#a"), ("css", ".b")]),
        ("id=a  >>>  role=a[name=\"B >> n\"]", [("id", "a"), ("role", "a[name=\"B >> n\"]")]),
        ("a[b=c] >>> unknown=d", [("css", "a[b=c]"), ("css", "unknown=d")]),
        ("text=a \\>>> b", [("text", "a >>> b")]),
    ],
)  # fmt: skip
def test_the_links_of_a_chain(value: str, parts: list[tuple[str, str]]) -> None:
    assert parts_of(value) == parts


@pytest.mark.parametrize(
    ("by", "value", "sentence"),
    [
        ("role", "Button", '“Button” is not a role with a name, like button[name="Log in"].'),
        ("role", "button[name=x]", "is not a role with a name"),
        ("role", '[name=""]', "is not a role with a name"),
        ("pierce", "div[", "a mistake at position 4"),
        ("chain", "#a >>> chain=#b", "Link 2 of the chain is a chain itself; write its links"),
        ("chain", "#a >>> xpath=//b[", "Link 2 of the chain: The XPath ends too early"),
        ("chain", "a >>> " * 10 + "a", "The chain has 11 links; at most 10 go."),
    ],
)
def test_a_mistake_in_a_role_or_a_chain(by: str, value: str, sentence: str) -> None:
    assert sentence in (syntax_error(by, value) or "")


def test_a_locator_with_a_variable_is_checked_when_it_is_filled() -> None:
    assert syntax_error("css", "div[ {{ name }}") is None
