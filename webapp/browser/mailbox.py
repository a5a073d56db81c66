"""Read a mailbox over IMAP, without changing anything in it."""

import base64
import contextlib
import email
import email.policy
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Literal, Self

from webapp.browser.errors import StepFailed
from webapp.browser.outside import trust
from webapp.egress import Address

Security = Literal["tls", "starttls", "plain"]
MOST_MAIL = 2_000_000
MOST_LOOKED_AT = 200
MOST_BYTES = 40_000_000  # of all that a server says or announces to one step
HEADERS = "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)])"
UID = re.compile(rb"UID (\d+)")
DATE = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True)
class Account:
    """Where a mailbox is; `address` is the one that was checked, `host` the name it has."""

    host: str
    address: Address
    port: int
    security: Security
    user: str
    password: str
    folder: str = "INBOX"


@dataclass(frozen=True)
class Envelope:
    """What is known of a mail before it is read."""

    uid: str
    arrived_at: datetime
    subject: str
    sender: str


class Mailbox:
    """One connection, for `with`: the folder is opened for reading only."""

    def __init__(self, account: Account, seconds: float) -> None:
        self._account = account
        self._seconds = seconds
        self._imap: imaplib.IMAP4 | None = None
        self._known: dict[str, Envelope] = {}
        self.validity = ""  # a folder that is made anew counts its mails anew

    def __enter__(self) -> Self:
        where = f"{self._account.host}:{self._account.port}"
        try:
            self._imap = _Connection(self._account, self._seconds)
            self._open(self._imap)
        except ssl.SSLError as error:
            self._close()
            why = getattr(error, "verify_message", "") or error.reason or str(error)
            words = f"The mail server {where} could not be trusted: {why}."
            raise StepFailed(words, "a certificate that can be trusted", why) from None
        except (OSError, imaplib.IMAP4.error) as error:
            self._close()
            why = _said(error)
            words = f"The mail server {where} could not be read: {why}."
            raise StepFailed(words, "a mailbox", why) from None
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._imap is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
                self._imap.shutdown()
            self._imap = None

    def _open(self, imap: imaplib.IMAP4) -> None:
        account = self._account
        if account.security == "starttls":
            imap.starttls(trust())
        if "AUTH=PLAIN" in imap.capabilities:
            imap.authenticate("PLAIN", lambda _: f"\0{account.user}\0{account.password}".encode())
        elif account.user.isascii() and account.password.isascii():
            imap.login(_in_quotes(account.user), account.password)
        else:
            raise imaplib.IMAP4.error("it takes only names and passwords in ASCII")
        status, said = imap.select(_in_quotes(_utf7(account.folder)), readonly=True)
        if status != "OK":
            words = _words(said)
            raise StepFailed(
                f"The mailbox of {account.user} has no folder “{account.folder}”: {words}.",
                f"a folder “{account.folder}”",
                words,
            )
        validity = imap.response("UIDVALIDITY")[1]
        self.validity = _words(validity) if validity and validity[0] else ""

    def since(self, moment: datetime) -> list[Envelope]:
        """The mails that came since then, the newest first."""
        assert self._imap is not None
        day = (moment.astimezone(UTC) - timedelta(days=1)).strftime("%d-%b-%Y")
        try:
            self._imap.noop()
            found = self._answer(self._imap.uid("SEARCH", "SINCE", day))
            uids = b" ".join(one for one in found if isinstance(one, bytes)).decode().split()
            newest = sorted(uids, key=int)[-MOST_LOOKED_AT:]
            new = [uid for uid in newest if uid not in self._known]
            said = self._answer(self._imap.uid("FETCH", ",".join(new), HEADERS)) if new else []
        except (OSError, ValueError, imaplib.IMAP4.error) as error:
            raise self._broken(error) from None
        self._known |= {one.uid: one for one in _envelopes(said)}
        envelopes = [one for one in self._known.values() if one.uid in newest]
        return sorted(envelopes, key=lambda one: (one.arrived_at, int(one.uid)), reverse=True)

    def read(self, uid: str) -> EmailMessage:
        """A whole mail, as far as it is not too long; it stays as unread as it was."""
        assert self._imap is not None
        try:
            said = self._answer(self._imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_MAIL}>)"))
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._broken(error) from None
        body = next((one[1] for one in said if isinstance(one, tuple)), b"")
        return email.message_from_bytes(body, policy=email.policy.default)

    def _answer(self, answer: tuple[str, list[object]]) -> list[object]:
        status, said = answer
        if status != "OK":
            raise imaplib.IMAP4.error(_words(said))
        return said

    def _broken(self, error: Exception) -> StepFailed:
        why = _said(error)
        words = f"The mail server {self._account.host} broke off: {why}."
        return StepFailed(words, "the mails of the folder", why)


class _Connection(imaplib.IMAP4):
    """Goes to the address that was checked, and takes no more than it asked for."""

    def __init__(self, account: Account, seconds: float) -> None:
        self._account = account
        self._read = 0
        super().__init__(account.host, account.port, seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        place = (str(self._account.address), self._account.port)
        plain = socket.create_connection(place, timeout)
        if self._account.security != "tls":
            return plain
        return trust().wrap_socket(plain, server_hostname=self._account.host)

    def read(self, size: int) -> bytes:
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._read += size
        if self._read > MOST_BYTES:
            raise self.abort(f"it sends more than {MOST_BYTES:,} bytes")


def _envelopes(said: list[object]) -> Iterator[Envelope]:
    for one in said:
        if not isinstance(one, tuple):
            continue
        facts, headers = bytes(one[0]), bytes(one[1])
        uid, date = UID.search(facts), DATE.search(facts)
        if uid is None or date is None:
            continue
        # As the server writes it, with its zone: 21-Nov-2026 02:55:36 +0000.
        arrived = datetime.strptime(date[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
        mail = email.message_from_bytes(headers, policy=email.policy.default)
        subject, sender = _header(mail, "Subject"), _header(mail, "From")
        yield Envelope(uid[1].decode(), arrived.astimezone(UTC), subject, sender)


def _header(mail: EmailMessage, name: str) -> str:
    """Its text; headers that cannot be decoded as they are."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except (ValueError, LookupError, IndexError):  # of the library, on headers that are broken
        return ""


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _utf7(folder: str) -> str:
    """The name of a folder in the UTF-7 of IMAP (RFC 3501, 5.1.3)."""

    def coded(found: re.Match[str]) -> str:
        code = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{code.replace('/', ',')}-"

    return re.sub(r"[^\x20-\x7e]+", coded, folder.replace("&", "&-"))


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = error.args[0] if error.args else ""
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return " ".join(words.split())[:300].rstrip(".") or type(error).__name__


def _words(said: Sequence[object]) -> str:
    parts = [one.decode(errors="replace") for one in said if isinstance(one, bytes)]
    return " ".join(" ".join(parts).split())[:300].rstrip(".")
