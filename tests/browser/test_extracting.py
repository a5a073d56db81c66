"""Taking something from the page into a variable."""

from typing import Any

import pytest

from tests.browser.building import step
from tests.browser.fakes import START, FakePage
from tests.browser.playing import given, page_with
from webapp.browser.errors import StepInvalid
from webapp.browser.page import Cookie, Facts, Property, Sight

FIELD = Sight(candidate=0, words="<input>", tag="input", text="", value="12,50 €")


@pytest.mark.parametrize(
    "options, sight, value",
    [
        ({"source": "value"}, FIELD, "12,50 €"),
        ({"source": "value", "pattern": r"(\d+),(\d+)"}, FIELD, "12"),
        ({"source": "text"}, Sight(0, "<p>", text="Order 77 done"), "Order 77 done"),
        ({"source": "text", "pattern": r"\d+"}, Sight(0, "<p>", text="Order 77 done"), "77"),
        ({"source": "attribute", "name": "href"}, Sight(0, "<a>", attribute="/cart"), "/cart"),
        (
            {"source": "property", "name": "checked"},
            Sight(0, "<input>", facts=Facts(property=Property(True))),
            True,
        ),
        ({"source": "count"}, FIELD, 1),
    ],
)
def test_extracting_from_an_element(options: dict[str, Any], sight: Sight, value: Any) -> None:
    page = FakePage(f=sight)
    seen = given(page, step("extract", "f", options={"variable": "got", **options}))
    assert (seen.state, page.variables.get("got")) == ("passed", value)
    assert seen.notes[-1].startswith("got = ")
    assert seen.screenshot == b"PNG"


@pytest.mark.parametrize(
    "options, value",
    [
        ({"source": "url"}, START),
        ({"source": "url", "pattern": "//([^/]+)"}, "shop.example"),
        ({"source": "title"}, "Shop"),
        ({"source": "text", "pattern": r"id (\w+)"}, "a7"),
        ({"source": "cookie", "name": "lang"}, "de"),
    ],
)
def test_extracting_from_the_page(options: dict[str, Any], value: str) -> None:
    page = page_with()
    page.page_text = lambda: "Your id a7"  # type: ignore[method-assign]
    page.cookies = lambda name: (Cookie("de"),) if name == "lang" else ()  # type: ignore[method-assign]
    given(page, step("extract", options={"variable": "got", **options}))
    assert page.variables.get("got") == value


def test_no_element_counts_as_0_at_once() -> None:
    page = page_with()
    seen = given(page, step("extract", "gone", variable="n", source="count", timeout_seconds=30))
    assert (seen.notes[-1], page.variables.get("n")) == ("n = 0", 0)
    assert seen.duration_ms < 5000


@pytest.mark.parametrize(
    "options, target, words",
    [
        ({}, "gone", "there was no such element"),
        ({"source": "value"}, "b", "<button> is no field, so it has no value"),
        ({"source": "attribute", "name": "href"}, "b", "<button> has no such attribute"),
        ({"source": "text", "pattern": "x+"}, "b", "the pattern “x+” finds nothing in “(empty)”"),
        ({"source": "cookie", "name": "lang"}, None, "the page has no cookie lang"),
    ],
)
def test_what_cannot_be_taken_is_said(
    options: dict[str, Any], target: str | None, words: str
) -> None:
    page = page_with()
    page.cookies = lambda name: ()  # type: ignore[method-assign]
    seen = given(
        page, step("extract", target, options={"variable": "got", **options}, timeout_seconds=0.1)
    )
    assert seen.state == "failed"
    assert words in seen.error and "waited 0.1 s" in seen.error
    assert "got" not in page.variables


@pytest.mark.parametrize("source", ["value", "attribute", "property", "count"])
def test_extracting_of_an_element_needs_one(source: str) -> None:
    with pytest.raises(StepInvalid, match="give a locator"):
        step("extract", options={"variable": "v", "source": source, "name": "x"})


@pytest.mark.parametrize("source", ["attribute", "property", "cookie"])
def test_extracting_by_name_needs_it(source: str) -> None:
    with pytest.raises(StepInvalid, match=f"Which {source}"):
        step("extract", "b", variable="v", source=source)
