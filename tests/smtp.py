"""A real SMTP server for tests: it keeps what it takes, and refuses on demand."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Postbox:
    """What has arrived; set `answer_to_recipient` or `answer_to_data` to have mails refused."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.answer_to_recipient = ""
        self.answer_to_data = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _: Any):
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer_to_data:
            return self.answer_to_data
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def smtp_server() -> Iterator[Postbox]:
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()
