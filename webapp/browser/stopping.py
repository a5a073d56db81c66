"""How a run is told to end from another thread, and how long a step may still wait."""

import threading
import time

from webapp.browser.errors import RunStopped, StopReason


class Stop:
    """The one word that ends a run. The first reason counts; every wait of the engine hears it."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._reason: StopReason | None = None

    @property
    def reason(self) -> StopReason | None:
        return self._reason

    def request(self, reason: StopReason) -> bool:
        """Ask the run to end; False if it had been asked before."""
        with self._lock:
            if self._reason is not None:
                return False
            self._reason = reason
        self._event.set()
        return True

    def check(self) -> None:
        if self._reason is not None:
            raise RunStopped(self._reason)

    def wait(self, seconds: float) -> None:
        """Sleep, but not past the moment at which the run is told to end."""
        self._event.wait(max(0.0, seconds))
        self.check()


class Patience:
    """The time that one step has. `run_ends` is the end of the run, in time.monotonic()."""

    def __init__(self, seconds: float, stop: Stop, run_ends: float | None = None) -> None:
        self.seconds = seconds
        self.stop = stop
        self.run_ends = run_ends
        self.began = time.monotonic()
        self._ends = self.began + seconds

    @property
    def left(self) -> float:
        ends = self._ends if self.run_ends is None else min(self._ends, self.run_ends)
        return max(0.0, ends - time.monotonic())

    @property
    def is_over(self) -> bool:
        return self.left <= 0

    def check(self) -> None:
        """Raise when the run was told to end, or when its own time is over."""
        self.stop.check()
        if self.run_ends is not None and time.monotonic() >= self.run_ends:
            self.stop.request("timed_out")
            self.stop.check()

    def pause(self, seconds: float) -> None:
        self.check()
        self.stop.wait(min(seconds, max(self.left, 0.001)))
        self.check()

    def sleep(self, seconds: float) -> None:
        """Wait on purpose: bounded by the run's time, not by the step's."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.check()
            run_left = left if self.run_ends is None else self.run_ends - time.monotonic()
            self.stop.wait(min(left, max(run_left, 0.001)))
        self.check()
