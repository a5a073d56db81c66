"""The requests that the browser made in a run, in words that no single browser owns."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from webapp.browser.errors import StepFailed
from webapp.browser.secrets import Secrets

# What a page asks itself (data:, blob:) asks nobody.
SCHEMES = ("http://", "https://", "ws://", "wss://")
# A page that asks more often than this is not watched any further, and the step says so.
MOST_REQUESTS = 50_000
LONGEST_TOLD = 160
GAPS = "Chromium does not tell what a new tab asks of the network in its first moment"
STREAMS = {"EventSource": "event stream", "WebSocket": "WebSocket"}


@dataclass
class Request:
    """One request, each redirect being one of its own. Times are seconds of the browser's clock."""

    url: str
    method: str
    kind: str = ""  # as the browser calls it: Document, Fetch, EventSource …
    window: str = ""
    loader: str = ""  # the document that asked
    started: float = 0.0
    ended: float | None = None
    status: int = 0
    mime: str = ""
    error: str = ""
    is_left: bool = False  # given up: by the page itself, or because it was left
    seen: float = field(default_factory=time.monotonic)

    @property
    def is_open(self) -> bool:
        return self.ended is None

    @property
    def is_stream(self) -> bool:
        """Whether it stays open by nature."""
        return self.kind in STREAMS

    @property
    def failure(self) -> str:
        """What went wrong: the status, or the browser's name for it; empty if nothing did."""
        if self.is_left:
            return ""
        if self.error:
            return self.error
        return f"status {self.status}" if self.status >= 400 else ""

    @property
    def milliseconds(self) -> float | None:
        """From the request to the end of its answer; None while it is open, or without one."""
        if self.ended is None or self.error or self.is_left:
            return None
        return max(0.0, (self.ended - self.started) * 1000)

    @property
    def result(self) -> str:
        if self.failure:
            return self.failure
        if self.is_left:
            return "given up"
        return f"status {self.status}" if self.status else "no answer yet"


class Traffic:
    """All requests since the run began, in their order: browsers write, steps read."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._latest: dict[str, Request] = {}  # by the browser's name for it
        self._documents: dict[str, Request] = {}  # the last one of each window
        self._is_full = False
        # Whether something was asked before anybody could listen.
        self.has_gaps = False

    def sent(self, uid: str, request: Request, is_document: bool = False) -> None:
        """A request leaves; a second one of the same name is a redirect of the first."""
        if not request.url.startswith(SCHEMES):
            return
        if is_document:
            self._documents[request.window] = request
        self._latest[uid] = request
        if len(self.requests) < MOST_REQUESTS:
            self.requests.append(request)
        else:
            self._is_full = True

    def answered(self, uid: str, status: int, mime: str = "", kind: str = "") -> None:
        if request := self._latest.get(uid):
            request.status, request.mime = status, mime
            request.kind = kind or request.kind

    def finished(self, uid: str, at: float) -> None:
        if request := self._latest.get(uid):
            request.ended = at

    def failed(self, uid: str, at: float, error: str, is_left: bool = False) -> None:
        """No answer, or not all of it; `is_left` when the page did not want it any more."""
        if request := self._latest.get(uid):
            request.ended, request.error, request.is_left = at, error, is_left

    def left(self, window: str, loader: str) -> None:
        """Another document came: nobody waits any longer for what the one before asked."""
        for request in self._latest.values():
            is_old = request.window == window and request.loader != loader
            if is_old and request.is_open:
                request.ended, request.is_left = request.started, True

    def take_document(self, window: str) -> Request | None:
        """The last document that this window asked for, once."""
        return self._documents.pop(window, None)

    def counted(self, ignore: Iterable[str] = ()) -> list[Request]:
        """The requests but those that are ignored; StepFailed when not all are known."""
        if self._is_full:
            raise StepFailed(
                f"The page made more than {MOST_REQUESTS:,} requests in this run, which are too "
                "many to keep an eye on.",
                f"at most {MOST_REQUESTS:,} requests",
                "more",
            )
        patterns = tuple(ignore)
        return [one for one in self.requests if not is_any(patterns, one.url)]


def patterns_in(text: object) -> tuple[str, ...]:
    """The patterns of a field that takes one a line."""
    return tuple(line.strip() for line in str(text or "").splitlines() if line.strip())


def is_any(patterns: Iterable[str], text: str) -> bool:
    return any(matches(pattern, text) for pattern in patterns)


def matches(pattern: str, text: str) -> bool:
    """Whether the text holds the pattern: `*` stands for anything, `$` at the end for the end.

    Upper and lower case are the same.
    """
    text, pattern = text.casefold(), pattern.casefold()
    is_end = pattern.endswith("$")
    *before, last = pattern.removesuffix("$").split("*")
    at = 0
    for part in before:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if is_end:
        return text.endswith(last) and len(text) - len(last) >= at
    return last in text[at:]


def told(url: str, secrets: Secrets) -> str:
    """An address as it may be told: no password, no secret, and not too long."""
    if "@" in url:
        parts = urlsplit(url)
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    url = secrets.mask(url)  # before it is cut: half a secret is not recognised
    return url if len(url) <= LONGEST_TOLD else f"{url[: LONGEST_TOLD - 1]}…"


def listed(requests: list[Request], secrets: Secrets, most: int = 5) -> str:
    """Some requests with what became of them, for a sentence."""
    words = list(_words(requests[:most], secrets))
    if len(requests) > most:
        words.append(f"and {len(requests) - most} more")
    return "; ".join(words)


def _words(requests: Iterable[Request], secrets: Secrets) -> Iterator[str]:
    for request in requests:
        yield f"{request.method} {told(request.url, secrets)} ({request.result})"
