"""One HTTP request of a step, redirects included: each address is checked and then held to."""

import base64
import contextlib
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from webapp.browser.apart import TooLate, apart
from webapp.browser.errors import StepFailed
from webapp.browser.outside import host_name, pinned, trust
from webapp.browser.stopping import Patience
from webapp.egress import DEFAULT_PORTS, Address, EgressRefused

MOST_BYTES = 5_000_000
MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# They are for the server that they were written for, and for no other.
PRIVATE_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
CHUNK = 65_536


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    follow: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back; `seconds` is the time from the first connection to the last byte."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float = 0.0
    redirects: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """Its values, joined by commas where there are several."""
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        return ", ".join(found) if found else None

    @property
    def text(self) -> str:
        kind = self.header("Content-Type") or ""
        named = kind.lower().partition("charset=")[2].split(";")[0].strip().strip("\"'")
        try:
            return self.body.decode(named or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")


def basic(user: str, password: str) -> str:
    """The header Authorization for a name and a password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def exchange(
    request: Request, patience: Patience, allow_private: bool, own: Collection[str]
) -> Answer:
    """Ask, and follow redirects one by one; StepFailed or EgressRefused when nothing came."""
    start = time.monotonic()
    redirects: list[str] = []
    while True:
        answer = _ask(request, patience, allow_private, own)
        target = answer.header("Location")
        if answer.status not in REDIRECTS or not request.follow or not target:
            seconds = time.monotonic() - start
            return replace(answer, seconds=seconds, redirects=tuple(redirects))
        redirects.append(f"{answer.status} to {urljoin(request.url, target)}")
        if len(redirects) > MOST_REDIRECTS:
            raise StepFailed(
                f"{request.method} was redirected more than {MOST_REDIRECTS} times, at last to "
                f"{target[:200]}.",
                f"at most {MOST_REDIRECTS} redirects",
                "more",
            )
        request = _redirected(request, answer.status, urljoin(request.url, target))


def _redirected(request: Request, status: int, url: str) -> Request:
    headers, method, body = dict(request.headers), request.method, request.body
    if _origin(url) != _origin(request.url):
        headers = {k: v for k, v in headers.items() if k.lower() not in PRIVATE_HEADERS}
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = "GET", None
        headers = {k: v for k, v in headers.items() if not k.lower().startswith("content-")}
    return replace(request, url=url, headers=headers, method=method, body=body)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()


def _ask(request: Request, patience: Patience, allow_private: bool, own: Collection[str]) -> Answer:
    try:
        parts = urlsplit(request.url.replace("\\", "/"))
        scheme, port = parts.scheme.lower(), parts.port
    except ValueError as error:
        raise EgressRefused(f"“{request.url[:200]}” is not an address.") from error
    host = host_name(parts.hostname or "")
    port = port or DEFAULT_PORTS.get(scheme, 0)
    address = pinned(request.url, host, port, allow_private, own, patience)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    shown = f"[{host}]" if ":" in host else host
    named = shown if port == DEFAULT_PORTS[scheme] else f"{shown}:{port}"
    headers = {"Host": named, **request.headers}
    try:
        return apart(
            lambda: _once(request, scheme, address, port, host, target, headers, patience), patience
        )
    except NewConnectionError as error:  # urllib3 counts it among those that took too long
        raise _no_answer(request, error) from None
    except (TooLate, ConnectTimeoutError, ReadTimeoutError):
        words = f"{named} did not answer completely within {patience.seconds:g} s."
        raise StepFailed(words, f"an answer within {patience.seconds:g} s", "none") from None
    except SSLError as error:
        words = f"{named} could not be trusted: {_reason(error)}."
        raise StepFailed(words, "a certificate that can be trusted", _reason(error)) from None
    except (HTTPError, OSError) as error:
        raise _no_answer(request, error) from None


def _no_answer(request: Request, error: Exception) -> StepFailed:
    words = f"{request.method} {request.url[:500]} got no answer: {_reason(error)}."
    return StepFailed(words, "an answer", _reason(error))


def _once(
    request: Request,
    scheme: str,
    address: Address,
    port: int,
    host: str,
    target: str,
    headers: Mapping[str, str],
    patience: Patience,
) -> Answer:
    """One exchange with this very address; the name is for the certificate and the header Host."""
    timeout = urllib3.Timeout(total=max(patience.left, 0.01))
    place: dict[str, Any] = {"host": str(address), "port": port, "timeout": timeout, "maxsize": 1}
    if scheme == "https":
        place |= {"ssl_context": trust(), "server_hostname": host, "assert_hostname": host}
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(**place)
    else:
        pool = urllib3.HTTPConnectionPool(**place)
    with pool:
        response = pool.urlopen(
            request.method,
            target,
            body=request.body,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            assert_same_host=False,
        )
        with contextlib.closing(response):
            return Answer(
                request.url,
                response.status,
                response.reason or "",
                tuple((str(name), str(value)) for name, value in response.headers.iteritems()),
                _body(response, patience),
            )


def _body(response: urllib3.BaseHTTPResponse, patience: Patience) -> bytes:
    body = bytearray()
    for chunk in response.stream(CHUNK, decode_content=True):
        body += chunk
        if len(body) > MOST_BYTES:
            raise StepFailed(
                f"The answer has more than {MOST_BYTES // 1_000_000} MB, which is the most that a "
                "step reads.",
                f"at most {MOST_BYTES // 1_000_000} MB",
                "more",
            )
        if patience.is_over:
            raise TooLate
    return bytes(body)


def _reason(error: Exception) -> str:
    """The innermost reason, without the names of Python's objects around it."""
    inner: BaseException = error
    while (below := inner.__cause__ or inner.__context__) is not None:
        inner = below
    if isinstance(inner, OSError) and inner.strerror:
        return getattr(inner, "verify_message", "") or inner.strerror
    return str(inner).partition("\n")[0].rpartition(": ")[2].rstrip(".)'") or type(inner).__name__
