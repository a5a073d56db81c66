"""Play an HTTP step on a page without a browser."""

from typing import Any

from tests.browser.building import step
from tests.browser.fakes import FakePage
from tests.browser.playing import given
from webapp.browser.player import Outcome


def ask(url: str, *before: Any, page: FakePage | None = None, **options: Any) -> Outcome:
    plan = {"allow_private": True, "step_timeout_seconds": 5.0}
    plan |= {
        name: options.pop(name) for name in ("allow_private", "own_addresses") if name in options
    }
    own = {name: options.pop(name) for name in ("timeout_seconds",) if name in options}
    asked = step("http_request", content=url, options=options, **own)
    found: Outcome = given(page or FakePage(), *before, asked, **plan)
    return found
