"""A web server of our own, in threads of this process, and a browser that looks at it."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from selenium.webdriver.common.by import By
from werkzeug.serving import make_server

from tests.e2e.person import Person, person_at
from tests.factories import PASSWORD
from webapp.live.hub import current_hub


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    current_hub().cut_all()
    server.server_close()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Person]:
    with person_at("") as person:
        yield person


@pytest.fixture
def person(chrome: Person, site: str, alice: object) -> Person:
    """Alice, logged in."""
    driver = chrome.driver
    driver.get(f"{site}/login")
    driver.delete_all_cookies()
    driver.get(f"{site}/login")
    driver.find_element(By.NAME, "email").send_keys("alice@example.org")
    driver.find_element(By.NAME, "password").send_keys(PASSWORD)
    driver.find_element(By.NAME, "password").submit()
    chrome.home = site
    return chrome
