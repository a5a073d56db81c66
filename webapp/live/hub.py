"""One reader of live events for the whole web process, which hands them to all who listen."""

import logging
import os
import signal
from collections import Counter
from threading import Lock, Thread

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.extensions import db, reading
from webapp.live.bell import LOOK_SECONDS, Bell
from webapp.live.bus import envelope
from webapp.live.cursors import newest_id
from webapp.live.listeners import Listener, Message
from webapp.live.replay import BATCH, events_after

log = logging.getLogger(__name__)

MOST_STREAMS_OF_A_USER = 20


class TooManyStreams(Exception):
    """The message says what to do; `of_user` is False when the whole server is full."""

    def __init__(self, message: str, *, of_user: bool) -> None:
        super().__init__(message)
        self.of_user = of_user


class Hub:
    """The thread starts with the first listener and ends when the last has left."""

    def __init__(self, app: Flask) -> None:
        self.process_id = os.getpid()
        self._app = app
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self._thread: Thread | None = None
        self._last = 0  # every event up to this row has been handed out
        self._is_late = False  # Redis does not ring: listeners were told

    def join(self, user_id: int, project_id: int, run_id: int | None) -> Listener:
        """A listener that gets every event which commits from now on; raises TooManyStreams.

        What became visible before is in the table already: a client that replays after it has
        joined misses nothing.
        """
        listener = Listener(user_id, project_id, run_id)
        with self._lock:
            self._refuse_too_many(user_id)
            if self._thread is None:
                # Read here and not in the thread, which starts at some later moment.
                self._last, self._is_late = newest_id(), False
                thread = Thread(target=self._read, name="live-hub", daemon=True)
                thread.start()  # its first look at the listeners waits for our lock
                self._thread = thread
            elif self._is_late:
                listener.offer(self._news_of_the_bell(project_id))
            self._listeners.add(listener)  # last: whoever could not join must not be counted
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def counts(self) -> Counter[int]:
        """How many streams each user has open here."""
        with self._lock:
            return Counter(listener.user_id for listener in self._listeners)

    def cut_all(self) -> None:
        """End every stream: their clients reconnect, or the server is going down."""
        with self._lock:
            self._cut_all()

    def _cut_all(self) -> None:
        for listener in self._listeners:
            listener.cut()

    def _refuse_too_many(self, user_id: int) -> None:
        threads: int = self._app.config["LAMPLIGHTER"].web_threads
        if len(self._listeners) >= max(1, threads - max(2, threads // 8)):  # pages need threads too
            raise TooManyStreams(
                "All live views that this server can hold are taken. The page is refreshed now "
                "and then instead. Its operator can raise WEB_THREADS.",
                of_user=False,
            )
        if sum(1 for one in self._listeners if one.user_id == user_id) >= MOST_STREAMS_OF_A_USER:
            raise TooManyStreams(
                f"You have {MOST_STREAMS_OF_A_USER} live views open already, and that is the most "
                "at once. Close some of them.",
                of_user=True,
            )

    def _read(self) -> None:
        """The thread: ring by ring, until nobody listens any more."""
        bell = Bell(self._app.config["LAMPLIGHTER"].redis_url)
        try:
            with self._app.app_context():
                reading()
                while self._is_needed():
                    heard = bell.wait()
                    self._tell_how_it_is(bell)
                    self._hand_out_in_turn(heard)
        except Exception:
            log.exception("the reader of live events broke; its streams are cut and begin again")
            self._give_up()
        finally:
            bell.take_down()

    def _is_needed(self) -> bool:
        if server_is_stopping():
            self._give_up()
            return False
        with self._lock:
            if not self._listeners:
                self._thread = None
                return False
            return True

    def _give_up(self) -> None:
        """In one turn: who joins before it is cut, who joins after it starts another reader."""
        with self._lock:
            self._cut_all()
            self._thread = None

    def _hand_out_in_turn(self, heard: list[Message | None]) -> None:
        """A step's result before the progress of the next one, as they were sent."""
        has_looked = False
        for message in heard:
            if message is not None:
                self._hand_out([message])
            elif not has_looked:
                self._hand_out_rows()
            has_looked = message is None
        if not has_looked:  # a ring may have been lost
            self._hand_out_rows()

    def _hand_out_rows(self) -> None:
        is_done = False
        while not is_done:
            try:
                messages = events_after(self._last)
            except SQLAlchemyError as error:
                log.warning("live events wait for the database: %s", error)
                messages = []
            finally:
                db.session.remove()  # between two looks no connection is held
            if messages:
                self._last = messages[-1].row_id or self._last
            self._hand_out(messages)
            is_done = len(messages) < BATCH

    def _hand_out(self, messages: list[Message]) -> None:
        if not messages:
            return
        by_project: dict[int, list[Listener]] = {}
        with self._lock:
            for listener in self._listeners:
                by_project.setdefault(listener.project_id, []).append(listener)
        for message in messages:
            for listener in by_project.get(message.project_id, ()):
                if listener.wants(message):
                    listener.offer(message)

    def _tell_how_it_is(self, bell: Bell) -> None:
        with self._lock:
            if self._is_late == (not bell.is_hung):
                return
            self._is_late = not bell.is_hung
            for listener in self._listeners:
                listener.offer(self._news_of_the_bell(listener.project_id))

    def _news_of_the_bell(self, project_id: int) -> Message:
        """`live.late`: events are looked for each second; `live.prompt`: they come at once."""
        event_type = "live.late" if self._is_late else "live.prompt"
        data = {"everySeconds": LOOK_SECONDS} if self._is_late else {}
        return Message(project_id, None, envelope(None, event_type, clock.now(), None, None, data))


def current_hub() -> Hub:
    """The hub of this process. A fork has its own: threads do not survive forking."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _making:
        hub = app.extensions.get("live_hub")
        if not isinstance(hub, Hub) or hub.process_id != os.getpid():
            hub = app.extensions["live_hub"] = Hub(app)
        return hub


_making = Lock()


def server_is_stopping() -> bool:
    """Gunicorn's worker takes no more requests and waits for those that are on.

    It has no hook for that moment, but its handler of SIGTERM is a method of the worker.
    """
    worker = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return getattr(worker, "alive", True) is False
