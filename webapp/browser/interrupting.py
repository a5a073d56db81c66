"""End a script without end in a Chromium: its driver would wait for it, and the page be lost."""

import contextlib
import json
import threading
from collections.abc import Iterator

import websocket
from selenium.webdriver.remote.webdriver import WebDriver

CONNECT_SECONDS = 1.0
# Who asks for the time of a script gets so much more, to say by itself that it is over.
GRACE_SECONDS = 0.3


@contextlib.contextmanager
def interrupted_after(seconds: float, driver: WebDriver, window: str) -> Iterator[None]:
    """Whatever the page runs is broken off after this time.

    A page that is busy takes no new connection, so there is one from the beginning. A browser that
    cannot be reached by one, as in a Grid, is left to the limits of its driver.
    """
    options = driver.capabilities.get("goog:chromeOptions") or {}
    address = f"ws://{options.get('debuggerAddress', '')}/devtools/page/{window}"
    try:
        connection = websocket.create_connection(
            address, timeout=CONNECT_SECONDS, suppress_origin=True
        )
    except (OSError, ValueError, websocket.WebSocketException):
        yield
        return
    timer = threading.Timer(seconds + GRACE_SECONDS, _interrupt, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close(timeout=0)


def _interrupt(connection: websocket.WebSocket) -> None:
    with contextlib.suppress(OSError, websocket.WebSocketException):
        connection.send(json.dumps({"id": 1, "method": "Runtime.terminateExecution"}))
