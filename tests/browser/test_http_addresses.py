"""Where an HTTP step may go, by redirects, names and certificates, and what ends it."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.api_server import Answer, ApiServer, Asked, certified
from tests.browser.asking_api import ask
from tests.browser.building import step
from tests.browser.fakes import FakePage
from tests.site.server import free_port
from webapp.browser.errors import RunStopped
from webapp.browser.player import Plan, play
from webapp.browser.stopping import Stop


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer() as server:
        yield server


def test_redirects_are_followed_and_told(api: ApiServer) -> None:
    api.redirect("/a", "/b?x=1")
    api.redirect("/b", f"{api.url}/text", 307)
    seen = ask(f"{api.url}/a", expect_body="Code")
    assert seen.state == "passed"
    assert seen.notes[:2] == (
        f"Redirected: 302 to {api.url}/b?x=1",
        f"Redirected: 307 to {api.url}/text",
    )


def test_a_redirect_can_be_what_is_expected(api: ApiServer) -> None:
    api.redirect("/a", "/b", 301)
    seen = ask(f"{api.url}/a", follow=False, expect_status="301", expect_header="Location: /b")
    assert seen.state == "passed" and len(api.asked) == 1


@pytest.mark.parametrize(
    "status, method, then",
    [(302, "POST", "GET"), (303, "PUT", "GET"), (307, "POST", "POST"), (302, "PUT", "PUT")],
)
def test_the_method_after_a_redirect(api: ApiServer, status: int, method: str, then: str) -> None:
    api.redirect("/a", "/echo", status)
    ask(f"{api.url}/a", method=method, body="x")
    assert (api.asked[1].method, api.asked[1].body) == (then, "x" if then == method else "")
    assert ("Content-Type" in api.asked[1].headers) is (then == method)


def test_a_password_does_not_go_to_another_server(api: ApiServer) -> None:
    secret = step("set_variable", content="hunter22", variable="pw", secret=True)
    with ApiServer() as other:
        api.redirect("/a", f"{other.url}/echo")
        ask(f"{api.url}/a", secret, user="u", password="{{ pw }}", headers="Cookie: a=b\nX-A: 1")
        assert "Authorization" in api.asked[0].headers
        assert not {"Authorization", "Cookie"} & other.asked[0].headers.keys()
        assert other.asked[0].headers["X-A"] == "1"


def test_redirects_without_end_fail(api: ApiServer) -> None:
    api.redirect("/a", "/a")
    assert "redirected more than 10 times" in (ask(f"{api.url}/a").error or "")


@pytest.mark.parametrize(
    "url, words",
    [
        ("http://169.254.169.254/latest/", "metadata"),
        ("http://metadata.google.internal/", "metadata"),
        ("http://127.0.0.1:1/", "private network"),
        ("http://2130706433:1/", "private network"),
        ("http://[::ffff:127.0.0.1]:1/", "private network"),
        ("http://localhost:1/", "private network"),
    ],
)
def test_addresses_that_are_refused(url: str, words: str) -> None:
    seen = ask(url, allow_private=False)
    assert (seen.state, words in (seen.error or "")) == ("errored", True)
    assert seen.refused


def test_a_redirect_to_an_address_that_is_refused_is_not_followed(api: ApiServer) -> None:
    api.redirect("/a", "http://169.254.169.254/latest/")
    seen = ask(f"{api.url}/a")
    assert (seen.state, "metadata" in (seen.error or "")) == ("errored", True)
    api.redirect("/b", "file:///etc/passwd")
    assert "opens only http" in (ask(f"{api.url}/b").error or "")


def test_our_own_services_are_refused(api: ApiServer) -> None:
    own = (f"127.0.0.1:{api.port}",)
    assert ask(f"{api.url}/order", own_addresses=own).state == "errored"
    assert api.asked == []


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What DNS says of a name, at each time that it is asked."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *words: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *words, **more)
        answers = known[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


def test_a_name_that_leads_to_a_refused_address_is_refused(names: Any) -> None:
    names["shop.test"] = [["93.184.216.34", "169.254.169.254"]]
    seen = ask("http://shop.test/")
    assert (seen.state, "169.254.169.254" in (seen.error or "")) == ("errored", True)
    names["shop.test"] = [["10.0.0.5"]]
    assert "private network" in (ask("http://shop.test/", allow_private=False).error or "")


def test_our_own_services_are_refused_under_other_names(api: ApiServer, names: Any) -> None:
    names["shop.test"] = [["127.0.0.1"]]
    own = (f"127.0.0.1:{api.port}",)
    seen = ask(f"http://shop.test:{api.port}/order", own_addresses=own)
    assert seen.state == "errored" and api.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(api: ApiServer, names: Any) -> None:
    names["shop.test"] = [["127.0.0.1"], ["169.254.169.254"]]
    seen = ask(f"http://shop.test:{api.port}/order", timeout_seconds=5)
    assert seen.state == "passed"
    assert api.asked[0].headers["Host"] == f"shop.test:{api.port}"
    assert names["shop.test"] == [["169.254.169.254"]]  # it was asked once


def test_tls_is_for_the_name_and_goes_to_the_address(
    tmp_path: Path, names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ApiServer(certified(tmp_path, "shop.test", "xn--mnchen-3ya.test")) as api:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        for name in ("shop.test", "xn--mnchen-3ya.test", "other.test"):
            names[name] = [["127.0.0.1"]]
        assert ask(f"https://shop.test:{api.port}/order").state == "passed"
        assert ask(f"https://münchen.test:{api.port}/order").state == "passed"
        assert api.named == ["shop.test", "xn--mnchen-3ya.test"]
        assert ask(f"{api.url}/order").state == "passed"
        wrong = ask(f"https://other.test:{api.port}/order")
        assert wrong.state == "failed"
        assert "could not be trusted" in (wrong.error or "")
        assert "other.test" in (wrong.error or "")


def test_a_certificate_of_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    with ApiServer(certified(tmp_path, "shop.test")) as api:
        seen = ask(f"{api.url}/order")
        assert "could not be trusted: self-signed certificate" in (seen.error or "").lower()
        assert api.asked == []


def test_nobody_there() -> None:
    seen = ask(f"http://127.0.0.1:{free_port()}/")
    assert seen.state == "failed" and "got no answer: Connection refused" in (seen.error or "")


def test_a_name_without_an_address() -> None:
    seen = ask("http://no-such-name.invalid/")
    assert seen.state == "failed"
    assert "The host no-such-name.invalid has no address" in (seen.error or "")


def test_an_answer_that_is_cut_off(api: ApiServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            one, _ = server.accept()
            one.recv(1000)
            one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            one.close()

        threading.Thread(target=answer, daemon=True).start()
        seen = ask(f"http://127.0.0.1:{server.getsockname()[1]}/")
    assert seen.state == "failed" and "got no answer" in (seen.error or "")


def test_an_answer_in_drops_ends_with_the_steps_time(api: ApiServer) -> None:
    seen = ask(f"{api.url}/slow", timeout_seconds=0.5)
    assert seen.state == "failed"
    assert "did not answer completely within 0.5 s" in (seen.error or "")
    assert seen.duration_ms is not None and seen.duration_ms < 3000


@pytest.mark.parametrize("path", ["/big", "/zip"])
def test_an_answer_that_is_too_large(api: ApiServer, path: str) -> None:
    assert "more than 5 MB" in (ask(api.url + path, timeout_seconds=30).error or "")


def test_a_pattern_that_takes_too_long_is_given_up(api: ApiServer) -> None:
    api.answers["/a"] = Answer(200, b"a" * 40 + b"!")
    seen = ask(f"{api.url}/a", extract="x = pattern ((a+)+)$")
    assert "took longer than 2 s" in (seen.error or "")


def test_a_cancelled_run_does_not_wait_for_the_answer(api: ApiServer) -> None:
    stop = Stop()

    def cancel(_: Asked) -> Answer:
        stop.request("cancelled")
        return Answer(200, b"x" * 1000, chunk_seconds=0.2)

    api.answers["/a"] = cancel
    asked = step("http_request", content=f"{api.url}/a", timeout_seconds=60)
    plan = Plan("https://shop.example/", (asked,), allow_private=True)
    with pytest.raises(RunStopped):
        [*play(plan, FakePage(), stop)]
