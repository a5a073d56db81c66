"""The whole product as `make run` starts it, with a real SMTP server to receive its mail."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from aiosmtpd.controller import Controller

T = TypeVar("T")
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, look: Callable[[], T | None], seconds: float) -> T:
    """The first true answer of `look`; fails naming what never came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"after {seconds:.0f} s there is still no {what}")


class Postbox:
    """An SMTP server's handler that keeps what it receives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.mails.append(mail)
        return "250 kept"

    def wait(self, recipient: str, subject: str, seconds: float = 30) -> EmailMessage:
        """The newest mail to this address whose subject contains these words."""

        def look() -> EmailMessage | None:
            fitting = [m for m in self.mails if recipient in m["to"] and subject in m["subject"]]
            return fitting[-1] if fitting else None

        return wait_for(f"mail “{subject}” to {recipient}", look, seconds)


@dataclass
class Stack:
    url: str
    demo_url: str
    var: Path
    environ: dict[str, str]
    process: "subprocess.Popen[bytes]"
    postbox: Postbox = field(default_factory=Postbox)

    def flask(self, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run an operator's command against the running installation."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "webapp", *words],
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    postbox = Postbox()
    smtp = Controller(postbox, hostname="127.0.0.1", port=free_port())
    smtp.start()
    port, demo_port = free_port(), free_port()
    environ = {
        **os.environ,
        "VAR": str(folder / "var"),
        "PORT": str(port),
        "DEMO_PORT": str(demo_port),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(smtp.port),
    }
    if url := os.environ.get("TEST_DATABASE_URL"):
        environ["DATABASE_URL"] = url
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.supervision"],
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    stack = Stack(
        url=f"http://127.0.0.1:{port}",
        demo_url=f"http://127.0.0.1:{demo_port}",
        var=folder / "var",
        environ=environ,
        process=process,
        postbox=postbox,
    )
    try:
        wait_for("answer of /healthz", lambda: _is_alive(stack), START_SECONDS)
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            smtp.stop()


def _is_alive(stack: Stack) -> bool:
    if stack.process.poll() is not None:
        raise AssertionError(f"the start ended with code {stack.process.returncode}")
    try:
        with urlopen(f"{stack.url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False
