"""Do what blocks in a thread beside the run, so that a step's end and a cancelled run are heard."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from webapp.browser.stopping import Patience

T = TypeVar("T")
POLL_SECONDS = 0.01


class TooLate(Exception):
    """The time of the step was over first. What goes on in the thread is nobody's any more."""


class _Answer(Generic[T]):
    def __init__(self) -> None:
        self.value: list[T] = []
        self.error: BaseException | None = None
        self.is_there = threading.Event()


def apart(what: Callable[[], T], patience: Patience) -> T:
    """The value of a call that cannot be broken off; raises TooLate, RunStopped, or its error."""
    answer: _Answer[T] = _Answer()

    def call() -> None:
        try:
            answer.value.append(what())
        except BaseException as error:  # it is raised again where it is waited for
            answer.error = error
        finally:
            answer.is_there.set()

    threading.Thread(target=call, name="apart", daemon=True).start()
    while not answer.is_there.wait(POLL_SECONDS):
        patience.check()
        if patience.is_over:
            raise TooLate
    if answer.error is not None:
        raise answer.error
    return answer.value[0]
