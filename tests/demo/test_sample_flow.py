"""The sample flow fits the shop: everything it looks for is there, in the order it looks."""

import pytest
from lxml import html

from tests.demo.conftest import SHOP
from webapp.cron import check
from webapp.demo.shop import PASSWORD, USER
from webapp.flows.sample import sample_flow

FLOW = sample_flow("http://127.0.0.1:8001/", SHOP[1:])
STEPS = {step["name"]: step for step in FLOW["steps"]}


def find(page, locator):
    tree = html.fromstring(page)
    by, value = locator["by"], locator["value"]
    if by == "css":
        return tree.cssselect(value)
    attribute = {"id": "@id", "name": "@name", "link_text": "normalize-space()"}.get(by)
    return tree.xpath(f"//*[{attribute}='{value}']" if attribute else value)


def test_it_is_plain_data_in_the_form_of_the_wire():
    assert FLOW["url"] == "http://127.0.0.1:8001/shop-of-alice/"
    assert FLOW["browser"] == "chrome"
    check(FLOW["scheduling"])
    assert [step["number"] for step in FLOW["steps"]] == list(range(1, len(STEPS) + 1))
    assert len(STEPS) == len(FLOW["steps"])


def test_only_the_password_is_secret_and_it_opens_the_shop():
    secrets = [step for step in FLOW["steps"] if step.get("secret")]
    assert [step["content"] for step in secrets] == [PASSWORD]
    assert STEPS["Type the user name"]["content"] == USER


PAGES = [
    ("/login", ["Type the user name", "Type the password", "Log in"]),
    ("/", ["Search for a lantern", "Send the search"]),
    ("/search?q=lantern", ["Open the Harbour lantern"]),
    ("/products/harbour-lantern", ["Put it into the basket"]),
    ("/basket", ["The lantern is in the basket", "Go to checkout"]),
    ("/checkout", ["The total is right", "Place the order"]),
    ("/thank-you", ["The shop says thank you", "There is an order number"]),
]


def found(page, names):
    return {
        (name, locator["value"]): len(find(page, locator))
        for name in names
        for locator in STEPS[name]["locators"]
    }


@pytest.mark.parametrize(("path", "names"), PAGES, ids=[path for path, _ in PAGES])
def test_every_locator_finds_exactly_one_element_on_its_page(buyer, path, names):
    if path == "/thank-you":
        buyer.post(f"{SHOP}/checkout")
    assert set(found(buyer.get(SHOP + path).text, names).values()) == {1}


def test_every_step_that_looks_for_something_is_on_one_of_those_pages():
    looked_for = [name for _, names in PAGES for name in names]
    assert looked_for == [name for name, step in STEPS.items() if step["locators"]]


def test_the_total_it_expects_is_the_total_of_the_shop(buyer):
    page = buyer.get(f"{SHOP}/checkout").text
    [total] = find(page, STEPS["The total is right"]["locators"][0])
    assert total.text == STEPS["The total is right"]["content"]
