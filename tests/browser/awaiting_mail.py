"""Play a mail step on a page without a browser, whose site sends mails when it is opened."""

from collections.abc import Callable
from typing import Any

from tests.browser.building import step
from tests.browser.fakes import FakePage
from tests.browser.playing import given
from tests.imap import PASSWORD, USER
from webapp.browser.player import Outcome

SECRET = step("set_variable", content=PASSWORD, variable="pw", secret=True)


def wait(port: int, /, **options: Any) -> Any:
    seconds = options.pop("timeout_seconds", 5)
    told = {"host": "127.0.0.1", "port": port, "security": "plain", "user": USER} | options
    told.setdefault("password", "{{ pw }}")
    return step("wait_for_mail", options=told, timeout_seconds=seconds)


def page_that(*deliver: Callable[[], None]) -> FakePage:
    """A page whose site sends mails when it is opened."""
    page = FakePage()
    page.on["visit"] = lambda: [one() for one in deliver]
    return page


def awaited(page: FakePage, port: int, /, **options: Any) -> Outcome:
    plan = {"allow_private": True}
    plan |= {one: options.pop(one) for one in ("allow_private", "own_addresses") if one in options}
    found: Outcome = given(page, SECRET, wait(port, **options), **plan)
    return found
