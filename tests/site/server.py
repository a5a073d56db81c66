"""Serve the files of `pages/`, and addresses that misbehave on purpose, on loopback."""

import base64
import contextlib
import datetime
import hashlib
import http.server
import ipaddress
import os
import socket
import ssl
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PAGES = Path(__file__).parent / "pages"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n"
PLAIN = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
# path: status, type, body
FIXED: dict[str, tuple[int, str, bytes]] = {
    "/report.pdf": (200, "application/pdf", PDF),
    "/notes.txt": (200, PLAIN, b"only text"),
    "/answer.json": (200, "application/json", b'{"ok": true}'),
    "/archive.zip": (200, "application/zip", b"PK\x05\x06" + 18 * b"\0"),
    "/empty": (200, HTML, b""),
    "/blank": (200, HTML, b"<!doctype html><title>Blank</title><div></div>"),
    "/nothing": (204, HTML, b""),
    "/404": (404, HTML, b"<!doctype html><title>Gone</title><h1>Not here</h1>"),
    "/500": (500, HTML, b"<!doctype html><title>Broken</title><h1>Broken</h1>"),
    "/500-empty": (500, HTML, b""),
    "/401": (401, HTML, b"<!doctype html><title>Who?</title><h1>Who are you?</h1>"),
}


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        query = {name: words[0] for name, words in parse_qs(urlsplit(self.path).query).items()}
        if "after" in query:
            self.server.closing.wait(float(query["after"]))
        special = getattr(self, "_" + path.strip("/").replace("-", "_"), None)
        if path in FIXED:
            self._answer(*FIXED[path])
        elif special:
            special(query)
        else:
            self._file(path)

    do_POST = do_GET

    def _file(self, path: str) -> None:
        name = path.strip("/") or "index"
        file = PAGES / f"{name}.html"
        if file.is_file() and file.parent == PAGES:
            self._answer(200, HTML, file.read_bytes())
        else:
            self._answer(404, PLAIN, b"no such page")

    def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def _never(self, query: dict[str, str]) -> None:
        self.server.closing.wait(60)
        self.close_connection = True

    def _reset(self, query: dict[str, str]) -> None:
        """End the connection with a reset instead of an answer."""
        linger = b"\x01\0\0\0\0\0\0\0"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        os.close(self.connection.detach())
        self.close_connection = True

    def _hang_up(self, query: dict[str, str]) -> None:
        self.close_connection = True

    def _loop(self, query: dict[str, str]) -> None:
        self._answer(302, HTML, b"", Location="/loop")

    def _go(self, query: dict[str, str]) -> None:
        self._answer(302, HTML, b"", Location=query["to"])

    def _download(self, query: dict[str, str]) -> None:
        disposition = {"Content-Disposition": "attachment; filename=a.csv"}
        self._answer(200, "text/csv", b"a,b\n", **disposition)

    def _attachment(self, query: dict[str, str]) -> None:
        """A file of any name and text, whose second half comes after a `pause`."""
        name, body = query.get("name", "a.txt"), query.get("text", "some text").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Disposition", f'attachment; filename="{name}"')
        self.end_headers()
        half = len(body) // 2
        with contextlib.suppress(OSError):
            self.wfile.write(body[:half])
            self.wfile.flush()
            self.server.closing.wait(float(query.get("pause", 0)))
            self.wfile.write(body[half:])

    def _stream(self, query: dict[str, str]) -> None:
        """Server-sent events that do not end."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(b"data: one\n\n")
            self.wfile.flush()
            self.server.closing.wait(60)
        self.close_connection = True

    def _socket(self, query: dict[str, str]) -> None:
        """A WebSocket that is opened, and then silent."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        accepted = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_header("Sec-WebSocket-Accept", accepted)
        self.end_headers()
        self.server.closing.wait(60)
        self.close_connection = True

    def _cookie(self, query: dict[str, str]) -> None:
        """Set a cookie that scripts must not read."""
        words = f"{query['name']}={query['value']}; Path=/; HttpOnly"
        self._answer(200, HTML, b"<!doctype html><h1>Set</h1>", **{"Set-Cookie": words})

    def _slow_image(self, query: dict[str, str]) -> None:
        self._answer(200, HTML, b"<!doctype html><title>Slow</title><h1>Here</h1><img src=/never>")

    def _echo(self, query: dict[str, str]) -> None:
        """The page that the address asks for, so that a test can show what it is about."""
        self._answer(200, HTML, f"<!doctype html>{query.get('q', '')}".encode())

    def log_message(self, format: str, *words: object) -> None:
        return


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.closing = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        return  # browsers hang up at will


class Site:
    """A running site; use it with `with`. `tls` names the mistake of its certificate."""

    def __init__(self, tls: str | None = None, folder: Path | None = None) -> None:
        self._server = _Server()
        scheme = "http"
        if tls:
            assert folder is not None
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate(folder, tls))
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        self.port = self._server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def certificate(folder: Path, mistake: str) -> Path:
    """A self-signed certificate of 127.0.0.1 with its key; `mistake` is self-signed or expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    end = datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
    end += datetime.timedelta(days=-1 if mistake == "expired" else 30)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - datetime.timedelta(days=60))
        .not_valid_after(end)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{mistake}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
