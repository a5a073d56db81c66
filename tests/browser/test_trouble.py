"""What browsers call it when a page does not come, in plain words."""

import json

import pytest

from webapp.browser.trouble import Arrival, last_arrival, net_error, sentence, wanted_address


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("unknown error: net::ERR_NAME_NOT_RESOLVED (Session", "NAME_NOT_RESOLVED"),
        ("Reached error page: about:neterror?e=dnsNotFound&u=http%3A//x/", "NAME_NOT_RESOLVED"),
        ("about:certerror?e=nssBadCert&u=x", "CERT_AUTHORITY_INVALID"),
        ("about:neterror?e=newKind", "newKind"),
        ("something else", ""),
    ],
)
def test_the_browsers_name_is_found(text: str, name: str) -> None:
    assert net_error(text) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CERT_DATE_INVALID", "the TLS certificate of a.example has expired or is not valid yet"),
        ("CERT_COMMON_NAME_INVALID", "the TLS certificate is for another host than a.example"),
        ("TIMED_OUT", "a.example did not answer in time"),
        ("ADDRESS_UNREACHABLE", "a.example cannot be reached from here"),
        ("BRAND_NEW", "the browser could not load it"),
    ],
)
def test_the_sentence_names_the_kind_and_the_host(name: str, words: str) -> None:
    assert sentence("https://user:word@a.example/x", name) == f"{words} ({name})"


def entry(method: str, **about: object) -> str:
    return json.dumps({"message": {"method": method, "params": about}})


def asked(url: str, request: str = "1", frame: str = "main") -> str:
    return entry(
        "Network.requestWillBeSent", requestId=request, loaderId=request, type="Document",
        frameId=frame, request={"url": url},
    )  # fmt: skip


def test_the_last_document_of_the_main_frame_counts() -> None:
    log = [
        asked("http://a/"),
        asked("http://b/", "2"),
        asked("http://frame/", "3", frame="inner"),
        entry(
            "Network.responseReceived", requestId="2", response={"status": 200, "mimeType": "x/y"}
        ),
        entry("Network.loadingFailed", requestId="2", errorText="net::ERR_ABORTED"),
        entry("Network.loadingFailed", requestId="3", errorText="net::ERR_FAILED"),
        "not json",
        '{"message": 7}',
    ]
    assert last_arrival(log, "main") == Arrival("http://b/", "ABORTED", 200, "x/y")


def test_an_empty_log_tells_nothing() -> None:
    assert last_arrival([]) == Arrival()


def test_an_error_page_of_firefox_knows_where_it_should_have_gone() -> None:
    assert wanted_address("about:neterror?e=x&u=http%3A//shop/") == "http://shop/"
    assert wanted_address("http://shop/") == "http://shop/"
