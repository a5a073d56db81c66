"""Links that leave the house: built on BASE_URL alone, never on what a request says its host is."""

from typing import Any

from flask import current_app

from webapp.config import Config


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a page as people reach it; works in workers, where there is no request."""
    config: Config = current_app.config["LAMPLIGHTER"]
    pages = current_app.url_map.bind("unused.invalid")
    return config.base_url + pages.build(endpoint, values)
