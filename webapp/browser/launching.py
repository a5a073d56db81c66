"""Start a driver in a session of its own, under a guard, and end all of it without remainder."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webapp.browser import guard
from webapp.browser.errors import BrowserLost
from webapp.browser.programs import Programs
from webapp.browser.settings import BrowserSettings

PASSED_ON = re.compile(
    r"PATH|LANG|LANGUAGE|LC_\w+|TZ|LD_LIBRARY_PATH|FONTCONFIG_\w+|SSL_CERT_\w+"
    r"|(?:https?|no|all)_proxy",
    re.IGNORECASE,
)
TAKEN = "Address already in use"
TRIES = 3
PORT = re.compile(r"(?:started successfully on port |Listening on 127\.0\.0\.1:)(\d+)")


@dataclass
class Launched:
    """A running driver: where it listens, and what has to be ended and removed after it."""

    mark: str
    home: Path
    record: Path
    guard: subprocess.Popen[bytes]
    session: int = 0
    start: str = ""
    url: str = ""
    _closing: threading.Lock = field(default_factory=threading.Lock)
    _is_closed: bool = False

    @property
    def pids(self) -> list[int]:
        return guard.members(self.session, self.mark, self.start)

    def kill(self) -> bool:
        """End every process of the browser now; True when none is alive. Safe from any thread."""
        if self._is_closed:
            return True
        return guard.end_session(self.session, self.mark, self.start)

    def close(self) -> None:
        """Leave nothing behind: no process, no profile, no record. Safe to call twice."""
        with self._closing:
            if self._is_closed:
                return
            self.kill()
            assert self.guard.stdin is not None
            self.guard.stdin.close()
            try:
                self.guard.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.guard.kill()
                self.guard.wait()
            # The guard has done this, unless it was itself killed.
            guard.end_session(self.session, self.mark, self.start)
            guard.remove(str(self.home))
            self.record.unlink(missing_ok=True)
            self._is_closed = True


class PortTaken(BrowserLost):
    """Somebody else took the port that the driver had found free."""


def launch(settings: BrowserSettings, found: Programs) -> Launched:
    """Start the driver of these programs and wait until it listens.

    A driver looks for a port that is free and takes it a moment later, in which another one may.
    """
    for _ in range(TRIES - 1):
        with contextlib.suppress(PortTaken):
            return _launch(settings, found)
    return _launch(settings, found)


def _launch(settings: BrowserSettings, found: Programs) -> Launched:
    mark = secrets.token_hex(8)
    home = Path(tempfile.mkdtemp(prefix="lamplighter-browser-"))
    for name in ("profile", "tmp"):
        (home / name).mkdir()
    settings.folder.mkdir(parents=True, exist_ok=True)
    record = settings.folder / f"{mark}.json"
    guard.write_record(str(record), _record(mark, home, settings.kind))
    try:
        process = _start_guard(record, _command(settings, found), home)
    except OSError as error:
        shutil.rmtree(home, ignore_errors=True)
        record.unlink(missing_ok=True)
        raise BrowserLost(f"The guard of the browser could not be started: {error}") from error
    launched = Launched(mark, home, record, process)
    try:
        _read_session(launched)
        launched.url = _wait_for_port(launched, settings.start_timeout_seconds)
    except BaseException:
        launched.close()
        raise
    return launched


def log_tail(home: Path, lines: int = 6) -> str:
    """The last words of the driver, for the sentence that says why it did not start."""
    try:
        text = (home / "driver.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return " ".join(" ".join(text.strip().splitlines()[-lines:]).split())[-600:]


def machine() -> str:
    """Which host, boot and process-number space a record belongs to."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{socket.gethostname()} {boot} {os.readlink('/proc/self/ns/pid')}"


def _record(mark: str, home: Path, kind: str) -> dict[str, Any]:
    owner = os.getpid()
    return {
        "id": mark,
        "kind": kind,
        "home": str(home),
        "machine": machine(),
        "owner": owner,
        "owner_start": guard.started(owner),
        "session": 0,
        "start": "",
    }


def _start_guard(record: Path, command: list[str], home: Path) -> subprocess.Popen[bytes]:
    """Only harmless settings are passed on: the browser must not know our keys and passwords."""
    environment = {name: text for name, text in os.environ.items() if PASSED_ON.fullmatch(name)}
    environment["HOME"] = str(home)
    with open(home / "driver.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-E", guard.__file__, str(record.absolute()), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            start_new_session=True,
        )


def _command(settings: BrowserSettings, found: Programs) -> list[str]:
    if settings.kind == "firefox":
        # It takes port 0 too, but then refuses every request: its Host header names another port.
        ports = ["--port", str(_free_port()), "--websocket-port", str(_free_port())]
        return [found.driver, *ports, "--binary", found.browser]
    return [found.driver, "--port=0", "--log-level=SEVERE"]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _read_session(launched: Launched) -> None:
    assert launched.guard.stdout is not None
    with launched.guard.stdout as answer:
        words = answer.readline().split()
    if len(words) != 2:
        reason = log_tail(launched.home) or "no reason given"
        raise BrowserLost(f"The guard of the browser did not start: {reason}")
    launched.session = int(words[0])
    launched.start = json.loads(launched.record.read_text(encoding="utf-8"))["start"]


def _wait_for_port(launched: Launched, seconds: float) -> str:
    ends = time.monotonic() + seconds
    log = launched.home / "driver.log"
    while time.monotonic() < ends:
        if port := PORT.search(log.read_text(encoding="utf-8", errors="replace")):
            return f"http://127.0.0.1:{port[1]}"
        if not guard.started(launched.session):
            said = log_tail(launched.home)
            kind = PortTaken if TAKEN in said else BrowserLost
            raise kind(f"The browser's driver ended at once: {said}")
        time.sleep(0.002)
    raise BrowserLost(f"The browser's driver did not listen within {seconds:g} s.")
