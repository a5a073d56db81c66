"""A real IMAP server for tests, in a process of its own: one mailbox, in memory, on loopback."""

import imaplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.smtp import free_port

START = "from pymap.main import main; main()"
USER, PASSWORD = "alice", "hunter22"


class MailServer:
    """Deliver mails to it; `port` is for plain text and STARTTLS."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connected(self) -> imaplib.IMAP4:
        imap = imaplib.IMAP4("127.0.0.1", self.port, 10)
        imap.login(USER, PASSWORD)
        return imap

    def deliver(
        self, body: str, folder: str = "INBOX", at: datetime | None = None, **more: str
    ) -> None:
        """A mail that has just arrived, or arrived `at` another moment."""
        mail = EmailMessage()
        mail["Subject"] = more.get("subject", "Your code")
        mail["From"] = more.get("sender", "Shop <noreply@shop.example>")
        mail["To"] = "alice@example.org"
        mail.set_content(body)
        if "html" in more:
            mail.add_alternative(more["html"], subtype="html")
        moment = imaplib.Time2Internaldate(at or datetime.now(UTC))
        imap = self.connected()
        imap.create(folder)
        assert imap.append(folder, "", moment, mail.as_bytes())[0] == "OK"
        imap.logout()

    def flags(self) -> list[bytes]:
        """The flags of each mail in the mailbox, and so how many there are."""
        imap = self.connected()
        imap.select("INBOX", readonly=True)
        found = imap.fetch("1:*", "(FLAGS)")[1]
        imap.logout()
        return [one for one in found if isinstance(one, bytes)]


@contextmanager
def imap_server(certificate: Path | None = None) -> Iterator[MailServer]:
    """`certificate` holds a certificate with its key, for STARTTLS."""
    port = free_port()
    tls = ["--no-tls"] if certificate is None else ["--cert", str(certificate)]
    account = ["--demo-user", USER, "--demo-password", PASSWORD]
    command = [sys.executable, "-W", "ignore", "-c", START, "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), *tls, "dict", *account],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(process, port)
        yield MailServer(port)
    finally:
        process.kill()
        process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"The mail server did not start; it ended with {process.poll()}.")


@contextmanager
def through_tls(port: int, context: Any) -> Iterator[int]:
    """A port that speaks TLS at once, before a server that does not."""
    server = context.wrap_socket(
        socket.create_server(("127.0.0.1", 0)), server_side=True, do_handshake_on_connect=False
    )

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=_join, args=(client, port), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()


def _join(client: Any, port: int) -> None:
    with client, socket.create_connection(("127.0.0.1", port)) as behind:
        try:
            client.do_handshake()
            threading.Thread(target=_pour, args=(behind, client), daemon=True).start()
            _pour(client, behind)
        except OSError:
            return


def _pour(source: Any, target: Any) -> None:
    try:
        while words := source.recv(65_536):
            target.sendall(words)
    except OSError:
        return
