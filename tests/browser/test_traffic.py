"""What a browser tells of its requests becomes the same traffic, whichever browser it is."""

import json
from typing import Any

import pytest

from webapp.browser import performance_log
from webapp.browser.errors import StepFailed
from webapp.browser.secrets import Secrets
from webapp.browser.traffic import Request, Traffic, is_any, listed, matches, patterns_in, told

URL = "https://shop.example/api/Orders?id=7"


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("/api/orders", True),
        ("shop.example*id=7", True),
        ("https://*.example/*?id", True),
        ("id=7$", True),
        ("orders$", False),
        ("*", True),
        ("api*api", False),
        ("/api/*id=7$", True),
        ("7*7$", False),
        ("", True),
        ("$", True),
    ],
)
def test_a_pattern_is_a_part_of_the_address(pattern: str, holds: bool) -> None:
    assert matches(pattern, URL) is holds


def test_patterns_stand_one_a_line() -> None:
    assert patterns_in(" a \n\n b*c\n") == ("a", "b*c")
    assert patterns_in(None) == ()
    assert is_any(("x", "shop"), URL) and not is_any((), URL)


def test_an_address_is_told_without_password_and_secrets() -> None:
    secrets = Secrets(["Hunter2 Moon"])
    assert told("https://ann:pw@shop/?a=Hunter2%20Moon&b", secrets) == "https://shop/?a=••••&b"
    long = told("https://shop/" + "x" * 140 + "Hunter2+Moon", secrets)
    assert len(long) <= 160 and "Hunter" not in long and long.endswith("••••")


def test_a_request_says_what_became_of_it() -> None:
    traffic = Traffic()
    for uid in "abcd":
        traffic.sent(uid, Request(f"https://shop/{uid}", "GET", started=1.0))
    traffic.sent("e", Request("data:text/plain,x", "GET"))
    traffic.answered("a", 503)
    traffic.finished("a", 1.25)
    traffic.failed("b", 2.0, "CONNECTION_RESET")
    traffic.failed("c", 2.0, "ABORTED", is_left=True)
    traffic.finished("unknown", 1.0)
    a, b, c, d = traffic.counted()
    assert (a.failure, b.failure, c.failure, d.failure) == (
        "status 503", "CONNECTION_RESET", "", "",
    )  # fmt: skip
    assert (a.milliseconds, b.milliseconds, c.milliseconds, d.milliseconds) == (
        250,
        None,
        None,
        None,
    )
    assert [one.result for one in (a, b, c, d)] == [
        "status 503", "CONNECTION_RESET", "given up", "no answer yet",
    ]  # fmt: skip
    assert d.is_open and not c.is_open
    assert traffic.counted(["/a", "/b"]) == [c, d]
    assert listed([a, b, c], Secrets(), most=2) == (
        "GET https://shop/a (status 503); GET https://shop/b (CONNECTION_RESET); and 1 more"
    )


def test_what_is_too_much_to_be_watched_is_not_taken_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("webapp.browser.traffic.MOST_REQUESTS", 2)
    traffic = Traffic()
    for number in range(3):
        traffic.sent(str(number), Request("https://shop/", "GET"))
    with pytest.raises(StepFailed, match="more than 2 requests"):
        traffic.counted()


def entry(method: str, webview: str = "main", **params: Any) -> str:
    message = {"message": {"method": method, "params": params}, "webview": webview}
    return json.dumps(message, separators=(",", ":"))


def sent(uid: str, url: str, kind: str = "Fetch", loader: str = "L", **more: Any) -> str:
    about: dict[str, Any] = {"requestId": uid, "loaderId": loader, "type": kind}
    about |= {"timestamp": 5.0, "frameId": "main", "request": {"url": url, "method": "GET"}}
    return entry("Network.requestWillBeSent", **(about | more))


def read(*entries: str) -> Traffic:
    traffic = Traffic()
    performance_log.read(entries, traffic)
    return traffic


def test_the_performance_log_is_read() -> None:
    traffic = read(
        sent("1", "https://shop/a"),
        entry("Network.responseReceivedExtraInfo", requestId="1", statusCode=999),
        entry("Network.responseReceived", requestId="1", response={"status": 201}),
        entry("Network.loadingFinished", requestId="1", timestamp=5.5),
        sent("2", "https://shop/b"),
        entry(
            "Network.loadingFailed", requestId="2", timestamp=6, errorText="net::ERR_ABORTED",
            canceled=True,
        ),
        sent("3", "https://shop/options", kind="Preflight"),
        sent("8", "https://shop/favicon.ico", kind="Other", initiator={"type": "other"}),
        sent("4", "https://shop/go"),
        sent("4", "https://shop/gone", redirectResponse={"status": 302}, timestamp=5.1),
        "not json", '{"message": 7}', entry("Network.loadingFinished"),
        sent("5", "blob:https://shop/1"),
    )  # fmt: skip
    found = [(one.url, one.status, one.is_open, one.is_left) for one in traffic.counted()]
    assert found == [
        ("https://shop/a", 201, False, False),
        ("https://shop/b", 0, False, True),
        ("https://shop/go", 302, False, False),
        ("https://shop/gone", 0, True, False),
    ]
    assert traffic.counted()[0].milliseconds == 500


def test_nobody_waits_for_what_another_document_asked() -> None:
    traffic = read(
        sent("1", "https://shop/old"),
        sent("2", "https://shop/new", loader="N"),
        sent("3", "https://shop/elsewhere", loader="X", webview="popup"),
        entry("Page.frameNavigated", frame={"id": "inner", "parentId": "main", "loaderId": "I"}),
    )
    assert [one.is_open for one in traffic.counted()] == [True, True, True]
    performance_log.read([entry("Page.frameNavigated", frame={"loaderId": "N"})], traffic)
    assert [one.is_open for one in traffic.counted()] == [False, True, True]


def test_a_web_socket_is_a_stream_until_it_closes() -> None:
    traffic = read(
        entry("Network.webSocketCreated", requestId="1", url="wss://shop/s"),
        entry(
            "Network.webSocketHandshakeResponseReceived", requestId="1", response={"status": 101}
        ),
        entry("Network.webSocketCreated", requestId="2", url="wss://shop/t"),
        entry(
            "Network.webSocketFrameError", requestId="2",
            errorMessage="Error in connection establishment: net::ERR_CONNECTION_REFUSED",
        ),
    )  # fmt: skip
    good, bad = traffic.counted()
    assert good.is_stream and good.is_open and good.status == 101
    assert bad.failure == "CONNECTION_REFUSED"


def test_the_last_document_of_a_window_is_told_once() -> None:
    traffic = read(
        sent("1", "http://a/", "Document", "1"),
        sent("2", "http://b/", "Document", "2"),
        sent("3", "http://frame/", "Document", "3", frameId="inner"),
        entry(
            "Network.responseReceived", requestId="2", response={"status": 200, "mimeType": "x/y"}
        ),
        entry("Network.loadingFailed", requestId="2", timestamp=1, errorText="net::ERR_ABORTED"),
    )
    last = traffic.take_document("main")
    assert last is not None
    assert (last.url, last.error, last.status, last.mime) == ("http://b/", "ABORTED", 200, "x/y")
    assert traffic.take_document("main") is None
    assert traffic.take_document("other") is None
