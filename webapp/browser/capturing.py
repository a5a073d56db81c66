"""Take a picture over a DevTools connection of our own, which can be given up.

A page that is being replaced can lose the question of the driver for a picture. The driver then
waits for ever, and takes no other call: the run would end, though nothing is wrong with the site.
"""

import base64
import contextlib
import json
import time
from collections.abc import Iterator

import websocket
from selenium.webdriver.remote.webdriver import WebDriver

CONNECT_SECONDS = 1.0
# A picture takes some 40 ms; one that takes so long does not come.
CAPTURE_SECONDS = 2.0


class OutOfReach(Exception):
    """The browser takes no connection of ours, as in a Grid: its driver has to be asked."""


def capture(driver: WebDriver, window: str) -> bytes | None:
    """What the visitor sees in this window, as PNG; None when no picture came in time."""
    with _connected(driver, window) as connection:
        try:
            connection.send(json.dumps({"id": 1, "method": "Page.captureScreenshot"}))
            return _answer(connection, time.monotonic() + CAPTURE_SECONDS)
        except (OSError, ValueError, websocket.WebSocketException):
            return None


@contextlib.contextmanager
def _connected(driver: WebDriver, window: str) -> Iterator[websocket.WebSocket]:
    options = driver.capabilities.get("goog:chromeOptions") or {}
    address = f"ws://{options.get('debuggerAddress', '')}/devtools/page/{window}"
    try:
        connection = websocket.create_connection(
            address, timeout=CONNECT_SECONDS, suppress_origin=True
        )
    except (OSError, ValueError, websocket.WebSocketException) as error:
        raise OutOfReach from error
    try:
        yield connection
    finally:
        connection.close(timeout=0)


def _answer(connection: websocket.WebSocket, until: float) -> bytes | None:
    while (left := until - time.monotonic()) > 0:
        connection.settimeout(left)
        said = json.loads(connection.recv())
        if said.get("id") == 1:
            data = said.get("result", {}).get("data")
            return base64.b64decode(data) if data else None
    return None
