"""Read a stream of Server-Sent Events in a test, frame by frame, in a thread of its own."""

import json
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Frame:
    id: str | None
    event: str
    data: str

    @property
    def envelope(self) -> dict[str, Any]:
        return json.loads(self.data)


class Ended(Exception):
    """The server closed the stream."""


class Reader:
    """An open stream: `next()` gives its next frame, and fails after some seconds.

    The whole request lives in its thread, as it does in the web server.
    """

    def __init__(
        self, client: FlaskClient, path: str, headers: dict[str, str] | None = None
    ) -> None:
        self._lines: Queue[str | None] = Queue()
        self._answers: Queue[TestResponse] = Queue()
        self._is_closed = False
        self.may_read = Event()  # cleared: the client takes nothing
        self.may_read.set()
        self._thread = Thread(target=self._read, args=(client, path, headers), daemon=True)
        self._thread.start()
        self.response = self._answers.get(timeout=10)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """As a browser does: the server notices at its next look."""
        self._is_closed = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _read(self, client: FlaskClient, path: str, headers: dict[str, str] | None) -> None:
        response = client.get(path, headers=headers, buffered=False)
        self._answers.put(response)
        for chunk in response.response:
            for line in (chunk.decode() if isinstance(chunk, bytes) else chunk).split("\n"):
                self._lines.put(line)
            self.may_read.wait()
            if self._is_closed:
                break
        response.close()
        self._lines.put(None)

    def line(self, seconds: float = 5.0) -> str | None:
        """The next line; None at the end."""
        try:
            return self._lines.get(timeout=seconds)
        except Empty:
            raise AssertionError(f"nothing came within {seconds} s") from None

    def next(self, seconds: float = 5.0) -> Frame:
        """The next message; comments and `retry:` are passed over."""
        event_id, event, data = None, "", []
        while True:
            line = self.line(seconds)
            if line is None:
                raise Ended
            name, _, value = line.partition(": ")
            if name == "id":
                event_id = value
            elif name == "event":
                event = value
            elif name == "data":
                data.append(value)
            elif line == "" and event:
                return Frame(event_id, event, "\n".join(data))

    def rest(self, seconds: float = 15.0) -> list[Frame]:
        """All messages until the server ends the stream."""
        frames = []
        try:
            while True:
                frames.append(self.next(seconds))
        except Ended:
            return frames
