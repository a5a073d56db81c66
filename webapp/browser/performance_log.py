"""Read the performance log of a Chromium, in which its driver keeps what DevTools would show."""

import json
import re
from collections.abc import Iterable
from typing import Any

from webapp.browser.traffic import Request, Traffic
from webapp.browser.trouble import net_error

# Most entries are about headers, data and frames; these are looked for before anything is read.
METHOD = re.compile(
    r'"method":"(?:Network\.(?:requestWillBeSent|responseReceived|loadingFinished|loadingFailed'
    r"|webSocketCreated|webSocketHandshakeResponseReceived|webSocketFrameError|webSocketClosed)"
    r'|Page\.frameNavigated)"'
)
METHOD_IS_WITHIN = 120


def read(entries: Iterable[str], traffic: Traffic) -> None:
    """Write what the entries tell into `traffic`; what cannot be read is not ours to judge."""
    for entry in entries:
        if not METHOD.search(entry, 0, METHOD_IS_WITHIN):
            continue
        try:
            told = json.loads(entry)
            method, about = str(told["message"]["method"]), dict(told["message"]["params"])
            _note(method, about, str(told.get("webview", "")), traffic)
        except (ValueError, KeyError, TypeError):
            continue


def _note(method: str, about: dict[str, Any], window: str, traffic: Traffic) -> None:
    if method == "Page.frameNavigated":
        if "parentId" not in about["frame"]:
            traffic.left(window, str(about["frame"]["loaderId"]))
        return
    uid = str(about["requestId"])
    if method == "Network.requestWillBeSent":
        _sent(uid, about, window, traffic)
    elif method == "Network.responseReceived":
        answer = about["response"]
        traffic.answered(uid, int(answer.get("status", 0)), str(answer.get("mimeType", "")))
    elif method == "Network.loadingFinished":
        traffic.finished(uid, float(about["timestamp"]))
    elif method == "Network.loadingFailed":
        error = net_error(about.get("errorText", "")) or str(about.get("errorText", "FAILED"))
        is_left = bool(about.get("canceled")) or error == "ABORTED"
        traffic.failed(uid, float(about["timestamp"]), error, is_left)
    else:
        _web_socket(method, uid, about, window, traffic)


def _sent(uid: str, about: dict[str, Any], window: str, traffic: Traffic) -> None:
    asked, at = about["request"], float(about["timestamp"])
    kind = str(about.get("type", ""))
    if redirect := about.get("redirectResponse"):
        traffic.answered(uid, int(redirect.get("status", 0)))
        traffic.finished(uid, at)
    if kind == "Preflight" or _is_favicon(about):
        return
    loader = str(about.get("loaderId", ""))
    request = Request(
        url=str(asked["url"]),
        method=str(asked["method"]),
        kind=kind,
        window=window,
        loader=loader,
        started=at,
    )
    is_document = kind == "Document" and uid == loader and about.get("frameId") == window
    traffic.sent(uid, request, is_document)


def _is_favicon(about: dict[str, Any]) -> bool:
    """No page asked for it: prefetches are of the same type, but begun by the page."""
    return about.get("type") == "Other" and about.get("initiator", {}).get("type") == "other"


def _web_socket(
    method: str, uid: str, about: dict[str, Any], window: str, traffic: Traffic
) -> None:
    if method == "Network.webSocketCreated":
        traffic.sent(uid, Request(str(about["url"]), "GET", "WebSocket", window))
    elif method == "Network.webSocketHandshakeResponseReceived":
        traffic.answered(uid, int(about["response"].get("status", 0)))
    elif method == "Network.webSocketFrameError":
        text = str(about.get("errorMessage", ""))
        traffic.failed(uid, 0.0, net_error(text) or "CONNECTION_FAILED")
    elif method == "Network.webSocketClosed":
        traffic.finished(uid, 0.0)
