"""How a mail step reaches its server, which servers it refuses, and how it leaves bad ones."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.api_server import certified
from tests.browser.awaiting_mail import SECRET, awaited, page_that, wait
from tests.browser.fakes import START, FakePage
from tests.imap import MailServer, imap_server, through_tls
from tests.site.server import free_port
from webapp.browser.errors import RunStopped
from webapp.browser.player import Plan, play
from webapp.browser.stopping import Stop


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    with imap_server() as server:
        yield server


def test_tls_at_once(mails: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_that(lambda: mails.deliver("121212", subject="Code M"))
    options = {"subject": "Code M", "variable": "v", "security": "tls"}
    with through_tls(mails.port, certified(tmp_path, "mail.test")) as port:
        unknown = awaited(FakePage(), port, **options)
        assert "could not be trusted: self-signed certificate" in (unknown.error or "").lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        seen = awaited(page, port, **options)
    assert (seen.state, seen.error, page.variables.get("v")) == ("passed", None, "121212")


def test_starttls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mails: MailServer) -> None:
    certified(tmp_path, "mail.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with imap_server(tmp_path / "server.pem") as server:
        seen = awaited(FakePage(), server.port, security="starttls", timeout_seconds=3)
        assert "there came no mail" in (seen.error or "")
    seen = awaited(FakePage(), mails.port, security="starttls")
    assert "TLS not supported by server" in (seen.error or "")


@pytest.mark.parametrize(
    "host, words",
    [
        ("169.254.169.254", "metadata"),
        ("metadata.google.internal", "metadata"),
        ("127.0.0.1", "private network"),
        ("localhost", "private network"),
    ],
)
def test_hosts_that_are_refused(host: str, words: str) -> None:
    seen = awaited(FakePage(), 993, host=host, allow_private=False)
    assert (seen.state, seen.refused) == ("errored", True)
    assert words in (seen.error or "")


def test_our_own_services_are_refused(mails: MailServer) -> None:
    own = (f"127.0.0.1:{mails.port}",)
    assert awaited(FakePage(), mails.port, own_addresses=own).state == "errored"


def test_no_password_goes_through_the_internet_in_the_open() -> None:
    seen = awaited(FakePage(), 143, host="93.184.216.34")
    assert seen.state == "failed" and "Choose tls or starttls" in (seen.error or "")


def test_nobody_there() -> None:
    seen = awaited(FakePage(), free_port())
    assert "could not be read: Connection refused" in (seen.error or "")


@pytest.fixture
def talking() -> Iterator[Callable[[bytes], int]]:
    """A server that says something, and then no more."""
    servers: list[socket.socket] = []
    kept: list[socket.socket] = []

    def start(words: bytes) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def answer() -> None:
            one, _ = server.accept()
            kept.append(one)
            one.sendall(words)

        threading.Thread(target=answer, daemon=True).start()
        return int(server.getsockname()[1])

    yield start
    for one in (*servers, *kept):
        one.close()


def test_a_server_that_is_silent_ends_with_the_steps_time(talking: Any) -> None:
    seen = awaited(FakePage(), talking(b""), timeout_seconds=0.5)
    assert seen.state == "failed" and "did not answer within 0.5 s" in (seen.error or "")
    assert seen.duration_ms is not None and seen.duration_ms < 3000


def test_a_server_that_announces_too_much_is_left(talking: Any) -> None:
    port = talking(b"* OK hi\r\n* 1 FETCH (BODY[] {4000000000}\r\n")
    seen = awaited(FakePage(), port)
    assert "it sends more than 40,000,000 bytes" in (seen.error or "")


def test_a_server_of_something_else(talking: Any) -> None:
    seen = awaited(FakePage(), talking(b"SSH-2.0-OpenSSH_9.2\r\n"))
    assert seen.state == "failed" and "could not be read" in (seen.error or "")


def test_a_cancelled_run_does_not_wait_for_the_mail(talking: Any) -> None:
    stop = Stop()
    threading.Timer(0.3, lambda: stop.request("cancelled")).start()
    asked = wait(talking(b""), timeout_seconds=60)
    with pytest.raises(RunStopped):
        [*play(Plan(START, (SECRET, asked), allow_private=True), FakePage(), stop)]
