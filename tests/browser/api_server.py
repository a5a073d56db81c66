"""A small HTTP server for tests: it answers as it is told, and remembers what it was asked."""

import contextlib
import datetime
import gzip
import http.server
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ORDER = {
    "id": 7,
    "paid": True,
    "note": None,
    "items": [{"name": "Tea", "price": 2.5}, {"name": "Milk"}],
}


BOMB = gzip.compress(b"x" * 20_000_000, compresslevel=1)


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    chunk_seconds: float = 0


class ApiServer:
    """Use it with `with`; `answers` maps a path to what is answered there."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.named: list[str | None] = []  # the names that TLS was asked for (SNI)
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {
            "/order": Answer(200, json.dumps(ORDER).encode(), {"Content-Type": "application/json"}),
            "/text": Answer(200, b"Code 4711 is yours", {"Content-Type": "text/plain"}),
            "/latin": Answer(200, b"caf\xe9", {"Content-Type": "text/plain; charset=latin-1"}),
            "/gone": Answer(404, b"not here", {"Content-Type": "text/plain"}),
            "/echo": lambda asked: Answer(200, json.dumps(asked.__dict__).encode()),
            "/zip": Answer(200, BOMB, {"Content-Encoding": "gzip"}),
            "/big": Answer(200, b"x" * 6_000_000),
            "/slow": Answer(200, b"drop by drop " * 100, chunk_seconds=0.1),
        }
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                asked = Asked(self.command, self.path, dict(self.headers.items()), body)
                outer.asked.append(asked)
                told = outer.answers.get(self.path.partition("?")[0], Answer(404, b"unknown"))
                answer = told(asked) if callable(told) else told
                with contextlib.suppress(OSError):
                    self._answer(answer)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET

            def _answer(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command == "HEAD":
                    return
                step = 10 if answer.chunk_seconds else max(len(answer.body), 1)
                for at in range(0, len(answer.body), step):
                    outer.closing.wait(answer.chunk_seconds)
                    self.wfile.write(answer.body[at : at + step])
                    self.wfile.flush()

            def log_message(self, format: str, *words: object) -> None:
                return

        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        if context is not None:
            context.sni_callback = lambda _, name, __: self.named.append(name)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = int(self._server.server_address[1])
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.answers[path] = Answer(status, b"", {"Location": to})

    def __enter__(self) -> "ApiServer":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        return


def certified(folder: Path, *names: str) -> ssl.SSLContext:
    """A server's context for these names and 127.0.0.1; the authority is `folder/authority.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([*(x509.DNSName(name) for name in names), *addresses]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "authority.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
