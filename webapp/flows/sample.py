"""The sample flow, a purchase in the demo shop: plain data in the form steps have on the wire."""

from typing import Any


def sample_flow(demo_url: str, token: str) -> dict[str, Any]:
    """A flow that is green as long as nobody throws a switch of the shop `token`."""
    shop = f"{demo_url.rstrip('/')}/{token}"
    return {
        "name": "Buy a lantern at Wick & Wax",
        "url": f"{shop}/",
        "browser": "chrome",
        "scheduling": "*/5 * * * *",
        "steps": [{"number": n, **step} for n, step in enumerate(_steps(shop), start=1)],
    }


def _steps(shop: str) -> list[dict[str, Any]]:
    return [
        _step("Open the log-in page", "open", content=f"{shop}/login"),
        _step("Type the user name", "type", ("id", "username"), content="ada"),
        _step(
            "Type the password",
            "type",
            ("css", "input[type=password]"),
            ("id", "password"),
            content="wick-and-wax",
            secret=True,
        ),
        _step("Log in", "click", ("id", "log-in"), ("xpath", "//main//button[.='Log in']")),
        _step("Search for a lantern", "type", ("name", "q"), ("css", "#q"), content="lantern"),
        _step("Send the search", "press", ("name", "q"), ("css", "#q"), content="Enter"),
        _step(
            "Open the Harbour lantern",
            "click",
            ("xpath", "//ul[@id='products']//a[contains(., 'Harbour lantern')]"),
            ("css", "#products a[href$='/harbour-lantern']"),
        ),
        _step(
            "Put it into the basket",
            "click",
            ("id", "add-to-basket"),
            ("xpath", "//button[normalize-space()='Add to basket']"),
        ),
        _step(
            "The lantern is in the basket",
            "assert_text",
            ("id", "basket"),
            content="Harbour lantern",
        ),
        _step("Go to checkout", "click", ("id", "to-checkout"), ("link_text", "Go to checkout")),
        _step(
            "The total is right",
            "assert_text",
            ("id", "total"),
            ("css", "dd.total"),
            content="€43.80",
            options={"match": "equals"},
        ),
        _step(
            "Place the order",
            "click",
            ("id", "place-order"),
            ("xpath", "//button[normalize-space()='Place the order']"),
        ),
        _step("The shop says thank you", "assert_text", ("css", "h1"), content="Thank you"),
        _step(
            "There is an order number",
            "assert_text",
            ("id", "order-number"),
            content=r"WW-\d{6}",
            options={"match": "matches"},
        ),
    ]


def _step(name: str, action: str, *locators: tuple[str, str], **more: Any) -> dict[str, Any]:
    found_by = [{"by": by, "value": value} for by, value in locators]
    return {"name": name, "action": action, "locators": found_by, **more}
