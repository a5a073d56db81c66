"""The sentence for a locator that cannot be read, with the place of the mistake."""

import pytest
from pydantic import ValidationError

from webapp.browser.locators import KINDS, Locator, syntax_error


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
        ("css", "a" * 200, "a" * 119 + "…"),
    ],
)
def test_a_locator_is_named_shortly(by: str, value: str, words: str) -> None:
    assert str(Locator.model_validate({"by": by, "value": value})) == words
