"""How durable a locator is: the order of the kinds, what lowers them, the reason that is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.browser.durability import is_made, rank, score
from webapp.browser.locators import KINDS, Locator, chain_value


def points(by: str, value: str) -> int:
    return score(Locator.model_validate({"by": by, "value": value})).points


def test_the_kinds_stand_in_the_order_of_the_formats() -> None:
    ordered = [
        ("test_id", "buy"),
        ("css", "[data-testid=buy]"),
        ("xpath", "//*[@data-testid='buy']"),
        ("id", "buy"),
        ("role", 'button[name="Buy"]'),
        ("name", "quantity"),
        ("label", "Quantity"),
        ("link_text", "Basket"),
        ("placeholder", "how many"),
        ("text", "Your basket"),
        ("css", ".basket .total"),
        ("xpath", "//button[@type='submit']"),
        ("xpath", "//button[contains(., 'Buy')]"),
        ("css", "div:nth-child(2)"),
        ("xpath", "//div[2]/div[3]/span"),
        ("xpath", "/html/body/div[2]/button"),
    ]
    locators = [Locator.model_validate({"by": by, "value": value}) for by, value in ordered]
    assert rank(locators[::-1]) == locators


@pytest.mark.parametrize(
    ("by", "worse", "better"),
    [
        ("id", "ember1234", "buy"),
        ("id", "input-9f86d081", "input-mail"),
        ("css", ".css-1q2w3e", ".basket"),
        ("css", "li:nth-child(3)", "li.total"),
        ("css", "main > div > div > p > span > a", "main > a"),
        ("xpath", "//ul/li[3]", "//ul/li[@data-line='total']"),
        ("xpath", "/html/body/p", "//p"),
        ("role", "button", 'button[name="Buy"]'),
        ("text", "Order 4711", "Your order"),
        ("chain", "#shop >>> div", "#shop >>> #buy"),
    ],
)
def test_what_lowers_it(by: str, worse: str, better: str) -> None:
    assert points(by, worse) < points(by, better)


@pytest.mark.parametrize(
    ("by", "value", "word", "reason"),
    [
        ("test_id", "buy", "durable", "It holds on to an attribute that was made for tests."),
        (
            "id",
            "ember1234",
            "fragile",
            "The id “ember1234” looks generated, so the next build may change it.",
        ),
        (
            "xpath",
            "/html/body/p[2]",
            "fragile",
            "It walks from the top of the page: anything that is put in between breaks it.",
        ),
        (
            "css",
            "p:nth-of-type(2)",
            "fragile",
            "It counts elements: with one more before it, it finds another.",
        ),
        ("text", "Welcome", "fair", "It changes with the text."),
        (
            "chain",
            "#shop >>> div",
            "fragile",
            "Its weakest link is “div”: it holds on to the tags of the page alone, which fit many "
            "elements.",
        ),
    ],
)
def test_the_reason_is_told(by: str, value: str, word: str, reason: str) -> None:
    found = score(Locator.model_validate({"by": by, "value": value}))
    assert (found.word, found.reason) == (word, reason)


@pytest.mark.parametrize(
    "name",
    [
        "ember1234", ":r1:", ":rb:", "css-1q2w3e", "sc-bdVaJa", "jsx-2840912", "input-9f86d081",
        "makeStyles-root-12", "mui-7", "radix-:r3:", "a1b2c3", "yui_3_17_2_1_1500000",
        "550e8400-e29b-41d4-a716-446655440000", "kWqXZb", "field_8371",
    ],
)  # fmt: skip
def test_what_programs_make(name: str) -> None:
    assert is_made(name)


@pytest.mark.parametrize(
    "name",
    [
        "buy", "login-form", "step2", "h1", "addToCartButton", "navbar-toggler", "MuiButton-root",
        "md:w-1/2", "col-12", "q", "user_email", "iPhone", "page-404", "newsletterSignUpForm",
    ],
)  # fmt: skip
def test_what_people_write(name: str) -> None:
    assert not is_made(name)


@given(st.sampled_from(KINDS), st.text(min_size=1))
def test_any_value_is_judged(by: str, value: str) -> None:
    found = score(Locator.model_validate({"by": by, "value": value}))
    assert 0 <= found.points <= 100
    assert found.reason.endswith(".")


def test_a_chain_is_no_better_than_its_weakest_link() -> None:
    links = [("id", "shop"), ("css", "p:nth-child(2)"), ("test_id", "buy")]
    assert points("chain", chain_value(links)) < min(points(*link) for link in links)
