"""Listen to a Firefox over WebDriver BiDi: its requests, the errors of its pages, its downloads."""

import json
import queue
import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

import websocket

from webapp.browser.console import ScriptError, from_firefox
from webapp.browser.errors import BrowserLost
from webapp.browser.traffic import Request, Traffic

EVENTS = {
    "requests": (
        "network.beforeRequestSent",
        "network.responseStarted",
        "network.responseCompleted",
        "network.fetchError",
    ),
    "errors": ("log.entryAdded", "network.fetchError"),
    "downloads": ("browsingContext.downloadWillBegin",),
}
# As Chromium and `browser.trouble` call them.
ERRORS = {
    "NS_ERROR_UNKNOWN_HOST": "NAME_NOT_RESOLVED",
    "NS_ERROR_CONNECTION_REFUSED": "CONNECTION_REFUSED",
    "NS_ERROR_NET_RESET": "CONNECTION_RESET",
    "NS_ERROR_NET_INTERRUPT": "CONNECTION_CLOSED",
    "NS_ERROR_NET_EMPTY_RESPONSE": "EMPTY_RESPONSE",
    "NS_ERROR_NET_TIMEOUT": "TIMED_OUT",
    "NS_ERROR_REDIRECT_LOOP": "TOO_MANY_REDIRECTS",
    "NS_ERROR_DOM_BAD_URI": "BLOCKED_BY_RESPONSE",
    "NS_ERROR_NET_PARTIAL_TRANSFER": "CONTENT_LENGTH_MISMATCH",
}
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
CLOSE_SECONDS = 5.0
# What a script is told of a request that the browser gave up because its page is being left.
LEFT = "NetworkError when attempting to fetch"
LEFT_WITHIN_MS = 1000


class Bidi:
    """One connection beside the driver's. A thread of it reads; commands wait for their answer."""

    def __init__(self, url: str) -> None:
        try:
            # Firefox refuses whoever names an origin: pages of it shall not connect.
            self._socket = websocket.create_connection(
                url, timeout=CONNECT_SECONDS, suppress_origin=True
            )
        except (OSError, websocket.WebSocketException) as error:
            raise BrowserLost(f"Firefox does not let itself be watched: {error}") from error
        self._socket.settimeout(None)
        self._events: deque[dict[str, Any]] = deque()
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.downloads_begun = 0
        self._commands = 0
        self._subscribed: set[str] = set()
        self._given_up_at: dict[str, float] = {}  # by window: when a request of it was
        self._thread = threading.Thread(target=self._read, name="bidi", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            while text := self._socket.recv():
                told = json.loads(text)
                if "id" in told:
                    self._answers.put(told)
                else:
                    self._events.append(told)
        except (OSError, ValueError, websocket.WebSocketException):
            pass  # the browser ended; whoever asks next hears of it
        finally:
            self._answers.put({"type": "error", "message": "the connection ended"})
            # `close` would leave a socket open that Firefox has ended.
            self._socket.shutdown()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """After the browser has ended: leave neither socket nor thread behind."""
        self._thread.join(CLOSE_SECONDS)

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask Firefox; raises BrowserLost when it does not answer, or refuses."""
        self._commands += 1
        try:
            words = {"id": self._commands, "method": method, "params": params}
            self._socket.send(json.dumps(words))
            while True:
                told = self._answers.get(timeout=ANSWER_SECONDS)
                if told.get("id") in (self._commands, None):
                    break
        except (OSError, queue.Empty, websocket.WebSocketException) as error:
            raise BrowserLost(f"Firefox did not answer {method}: {error!r}") from error
        if told.get("type") != "success":
            raise BrowserLost(f"Firefox refused {method}: {told.get('message', told)}")
        return dict(told["result"])

    def watch(self, what: str) -> None:
        """Be told of requests or errors from now on; each costs the browser something."""
        if what not in self._subscribed:
            self.command("session.subscribe", events=list(EVENTS[what]))
            self._subscribed.add(what)

    def read(self, traffic: Traffic, errors: list[ScriptError]) -> None:
        """Write down all that has happened until now."""
        self.command("session.status")  # what happened before its answer has come before it
        while self._events:
            told = self._events.popleft()
            method, about = str(told.get("method")), dict(told.get("params") or {})
            if method == "log.entryAdded":
                error = from_firefox(about)
                if error and not self._is_of_left_page(error, about):
                    errors.append(error)
            elif method == "browsingContext.downloadWillBegin":
                self.downloads_begun += 1
            else:
                self._request(method, about, traffic)

    def _is_of_left_page(self, error: ScriptError, about: Mapping[str, Any]) -> bool:
        window = str(about.get("source", {}).get("context"))
        given_up = self._given_up_at.get(window, 0.0)
        return LEFT in error.text and abs(about["timestamp"] - given_up) < LEFT_WITHIN_MS

    def _request(self, method: str, about: Mapping[str, Any], traffic: Traffic) -> None:
        asked = about.get("request") or {}
        uid, at = str(asked.get("request")), float(about.get("timestamp", 0)) / 1000
        answer = about.get("response") or {}
        if method == "network.beforeRequestSent":
            if not _is_the_browsers_own(asked):
                traffic.sent(uid, _request_of(about, asked, at))
        elif method == "network.fetchError":
            error = str(about.get("errorText", ""))
            is_left = error == "NS_BINDING_ABORTED"
            if is_left:
                self._given_up_at[str(about.get("context"))] = at * 1000
            traffic.failed(uid, at, ERRORS.get(error, error), is_left)
        else:
            mime = str(answer.get("mimeType", ""))
            kind = "EventSource" if mime.startswith("text/event-stream") else ""
            traffic.answered(uid, int(answer.get("status", 0)), mime, kind)
            if method == "network.responseCompleted":
                traffic.finished(uid, at)


def _is_the_browsers_own(asked: Mapping[str, Any]) -> bool:
    """A favicon, or the question before a request to another origin: no page asked for it."""
    if asked.get("initiatorType") is not None:
        return False
    return asked.get("destination") == "image" or asked.get("method") == "OPTIONS"


def _request_of(about: Mapping[str, Any], asked: Mapping[str, Any], at: float) -> Request:
    kind = str(asked.get("initiatorType") or asked.get("destination") or "")
    for header in asked.get("headers") or ():
        if str(header.get("name")).lower() == "accept":
            accepted = str((header.get("value") or {}).get("value", ""))
            kind = "EventSource" if accepted.startswith("text/event-stream") else kind
    return Request(
        url=str(asked.get("url")),
        method=str(asked.get("method")),
        kind=kind,
        window=str(about.get("context")),
        started=at,
    )
