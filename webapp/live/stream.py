"""Send events to one client as Server-Sent Events, from where it left off, in order, once each."""

import json
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator

from flask import Response, request, stream_with_context

from webapp import clock
from webapp.extensions import db
from webapp.live.bus import envelope
from webapp.live.cursors import newest_id, row_id_of, wire_id
from webapp.live.hub import TooManyStreams, current_hub
from webapp.live.listeners import Listener, Message
from webapp.live.replay import events_of

HEARTBEAT_SECONDS = 10.0
LOOK_SECONDS = 1.0  # how soon a closed tab gives its thread back
STUCK_SECONDS = 30.0  # a client that takes nothing for so long is let go
# A stream ends after this time, and its client comes back with its cursor and its credential:
# whoever was logged out meanwhile is refused then.
LONGEST_SECONDS = 15 * 60.0
RETRY_MS = 2000

ToHtml = Callable[[Message], str]


def open_stream(
    user_id: int,
    project_id: int,
    *,
    run_id: int | None = None,
    is_over: Callable[[], bool] = lambda: False,
    to_html: ToHtml | None = None,
) -> Response:
    """The answer to a client that wants events: of a project, or of one run until it is over.

    `is_over` asks the database whether anything more can come. 204 is for a client that has
    seen everything of a run that is over; one that has missed its end is sent that first.
    """
    hub = current_hub()
    try:
        listener = hub.join(user_id, project_id, run_id)
    except TooManyStreams as full:
        return _full(full)
    try:
        response = _answer(listener, is_over, to_html)
    except BaseException:  # the database may be gone; the place is not taken for ever
        hub.leave(listener)
        raise
    response.call_on_close(lambda: hub.leave(listener))
    return response


def _answer(listener: Listener, is_over: Callable[[], bool], to_html: ToHtml | None) -> Response:
    # What follows must see whatever committed before we joined. (A rollback would do, but
    # expire the user, whom fragments still ask for a time zone.)
    db.session.commit()
    stream = Stream(listener, _cursor(), is_over, to_html)
    if stream.has_nothing_to_say():
        return Response(status=204)
    db.session.remove()  # a stream lives for minutes and must not sit on a connection
    response = Response(stream_with_context(stream.frames()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would collect frames
    return response


def _cursor() -> str | None:
    """The header wins: a browser that reconnects sends it beside the address of its first call."""
    return request.headers.get("Last-Event-ID") or request.args.get("after") or None


def _full(full: TooManyStreams) -> Response:
    response = Response(str(full), 429 if full.of_user else 503, mimetype="text/plain")
    response.headers["Retry-After"] = "30"
    return response


class Stream:
    """One client's events. `_sent` is the newest row that it has, or never asked for."""

    def __init__(
        self,
        listener: Listener,
        cursor: str | None,
        is_over: Callable[[], bool],
        to_html: ToHtml | None,
    ) -> None:
        self._listener = listener
        self._is_over = is_over
        self._to_html = to_html
        self._client = _socket()
        known = None if cursor is None else row_id_of(cursor)
        self._wants_reset = cursor is not None and known is None
        self._sent = newest_id() if known is None else known
        self._ended = is_over()  # asked after we joined: nothing can slip through between

    def has_nothing_to_say(self) -> bool:
        return self._ended and not self._wants_reset and not self._missed()

    def frames(self) -> Iterator[str]:
        if self._client is not None:
            self._client.settimeout(STUCK_SECONDS)
        yield f"retry: {RETRY_MS}\n: lamplighter\n\n"
        if self._wants_reset:
            # It carries an id: a client that comes back is not reset again.
            yield _control("reset", wire_id(clock.now(), self._sent))
        yield from self._replay()
        if not self._ended:
            yield from self._follow()

    def _missed(self) -> list[Message]:
        return events_of(self._listener.project_id, self._listener.run_id, self._sent)

    def _replay(self) -> Iterator[str]:
        """Everything that is in the table. What waits in the queue is in there too: forget it."""
        while True:
            self._listener.forget()
            messages = self._missed()
            db.session.remove()
            if not messages:
                return
            yield self._write(messages)

    def _follow(self) -> Iterator[str]:
        began = beat = time.monotonic()
        while not self._listener.is_cut:
            messages = self._listener.take(LOOK_SECONDS)
            now = time.monotonic()
            if self._listener.has_lagged:
                yield _control("lagged")
                return
            if text := self._write(messages):
                beat = now
                yield text
            if self._ended or now - began > LONGEST_SECONDS or _has_left(self._client):
                return
            if now - beat >= HEARTBEAT_SECONDS:
                beat = now
                yield ": still here\n\n"
                yield from self._end_if_over()

    def _end_if_over(self) -> Iterator[str]:
        """A run that was deleted has no last words, and its stream must not hang for ever."""
        self._ended = self._is_over()
        db.session.remove()
        if self._ended:
            yield from self._replay()

    def _write(self, messages: list[Message]) -> str:
        frames = []
        for message in messages:
            if message.row_id is not None:
                if message.row_id <= self._sent:
                    continue  # was replayed
                self._sent = message.row_id
            frames.append(self._frame(message))
            if self._listener.run_id is not None and message.ends_its_run:
                self._ended = True
                break
        db.session.remove()  # drawing may have read
        return "".join(frames)

    def _frame(self, message: Message) -> str:
        if self._to_html is None or message.type.startswith("live."):
            return frame(message.type, message.json, message.envelope["id"])
        return frame(message.type, self._to_html(message), message.envelope["id"])


def frame(event_type: str, text: str, event_id: str | None) -> str:
    """One message. Without an id the client's cursor stays where it is."""
    lines = [f"id: {event_id}"] if event_id else []
    lines.append(f"event: {event_type}")
    # Lines end where the client's parser thinks they do: \r, \n or both, and nowhere else.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines += [f"data: {line}" for line in text.split("\n")]
    return "\n".join(lines) + "\n\n"


def _control(event_type: str, event_id: str | None = None) -> str:
    """`reset` and `lagged`: about the stream itself."""
    data = envelope(event_id, event_type, clock.now(), None, None, {})
    return frame(event_type, json.dumps(data), event_id)


def _socket() -> socket.socket | None:
    """The connection to the client, where the web server shows it."""
    environ = request.environ
    client: socket.socket | None = environ.get("gunicorn.socket", environ.get("werkzeug.socket"))
    return client


def _has_left(client: socket.socket | None) -> bool:
    """Whether the client closed its end. Behind TLS only the next heartbeat tells."""
    if client is None or isinstance(client, ssl.SSLSocket):
        return False
    poll = select.poll()
    poll.register(client, select.POLLIN)
    try:
        return bool(poll.poll(0)) and client.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
