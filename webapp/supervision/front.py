"""Watch supervisord from `make run`: say the address, say what keeps dying, stop all of it.

It imports little more than the standard library, since it stays in memory as long as Lamplighter
does.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xmlrpc.client import Error as RpcError
from xmlrpc.client import ServerProxy, Transport

from webapp.supervision import ENDINGS
from webapp.supervision.sweeping import MARK, sweep

READY_SECONDS = 90
STOP_SECONDS = 30
# Whoever waits longer for the end is told why.
SAY_WHY_SECONDS = 2
# A process that supervisord has given up is tried again after this time.
TRY_AGAIN_SECONDS = 30
# So many new starts within so many seconds are worth a sentence.
OFTEN = 3
OFTEN_SECONDS = 60
SAY_AGAIN_SECONDS = 300
LOG_LINES = 8
# The last line of a traceback: `ZeroDivisionError: division by zero`.
ERROR_LINE = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|Refused|Missing)(?:: |$)")


@dataclass(frozen=True)
class Plan:
    """What the front has to know; written by `python -m webapp.supervision`."""

    address: str
    host: str
    port: int
    var: str
    run: str
    sockets: str
    logs: str
    with_redis: bool
    groups: list[str]
    command: list[str]
    lock: int
    started_at: float


class SupervisorGone(Exception):
    """supervisord does not answer."""


class OnSocket(Transport):
    """XML-RPC over supervisord's Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("localhost", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(10)
        connection.sock.connect(self.path)
        self._connection = (host, connection)  # so that close() knows it
        return connection


@dataclass
class Child:
    """What was seen of one process."""

    name: str
    pid: int = 0
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=OFTEN + 1))
    told_at: float = -SAY_AGAIN_SECONDS
    given_up_at: float | None = None


class Stop(Exception):
    """Somebody wants Lamplighter to end."""


class Front:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.children: dict[str, Child] = {}
        self.is_stopping = False
        self.supervisord: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        for number in ENDINGS:
            signal.signal(number, self._on_signal)
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)  # held back since before the exec
            self._start()
            self._watch()
        except Stop:
            say("\nStopping …")
            code = 0
        except SupervisorGone as error:
            say(str(error))
            code = 1
        self.is_stopping = True
        with contextlib.suppress(KeyboardInterrupt):  # a second Ctrl-C: do not wait
            self._stop_supervisord()
        sweep(self.plan.var)
        tidy(self.plan)
        say("Lamplighter has stopped." if code == 0 else "All that was started is stopped again.")
        return code

    def _on_signal(self, _number: int, _frame: object) -> None:
        raise KeyboardInterrupt if self.is_stopping else Stop

    def _start(self) -> None:
        environ = os.environ | {MARK: self.plan.var, "PYTHONUNBUFFERED": "1"}
        self.supervisord = subprocess.Popen(self.plan.command, env=environ, process_group=0)
        self._await("supervisord", lambda: Path(self.plan.sockets, "supervisor.sock").exists())
        if self.plan.with_redis:
            self._await("redis", self._redis_answers)
        # First what people wait for: the others load the same code, and would take its turns.
        self._ask("startProcess", f"{self.plan.groups[0]}:web", False)
        self._await("web", self._web_answers)
        for group in self.plan.groups:
            self._ask("startProcessGroup", group, False)
        took = time.time() - self.plan.started_at
        say(
            f"Lamplighter is ready: {self.plan.address}  (Ctrl-C stops it)\n"
            f"It took {took:.0f} s to start. Logs: {self.plan.logs}"
        )

    def _await(self, name: str, is_there: Any) -> None:
        """Wait for a process to serve; SupervisorGone with the end of its log if it does not."""
        until = time.monotonic() + READY_SECONDS
        pids: set[int] = set()
        while not is_there():
            self._check_alive()
            state = {each["name"]: each for each in self._states()}.get(name, {})
            pids.add(state.get("pid", 0))
            keeps_ending = state.get("statename") == "FATAL" or len(pids - {0}) >= OFTEN
            if keeps_ending or time.monotonic() > until:
                why = "ended again and again" if keeps_ending else "does not answer"
                raise SupervisorGone(
                    f"Lamplighter could not start: {name} {why}. {self._log_of(name)}"
                )
            time.sleep(0.1)

    def _check_alive(self) -> None:
        if self.supervisord and self.supervisord.poll() is not None:
            code, log = self.supervisord.returncode, self._log_of("supervisord")
            raise SupervisorGone(f"supervisord ended with {code}. {log}")

    def _redis_answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(Path(self.plan.sockets, "redis.sock")))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    def _web_answers(self) -> bool:
        connection = http.client.HTTPConnection(self.plan.host, self.plan.port, timeout=5)
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(connection),
        ):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def _watch(self) -> None:
        while True:
            time.sleep(1)
            self._check_alive()
            now = time.monotonic()
            for state in self._states():
                self._judge(state, now)

    def _judge(self, state: dict[str, Any], now: float) -> None:
        """Say what keeps dying, and try again what supervisord has given up."""
        child = self.children.setdefault(state["name"], Child(state["name"]))
        if state["pid"] and state["pid"] != child.pid:
            child.pid = state["pid"]
            child.starts.append(now)
        often = len(child.starts) > OFTEN and now - child.starts[0] < OFTEN_SECONDS
        fatal = state["statename"] == "FATAL"
        if (often or fatal) and now - child.told_at > SAY_AGAIN_SECONDS:
            child.told_at = now
            say(f"{child.name} keeps ending, and is started again. {self._log_of(child.name)}")
        if not fatal:
            child.given_up_at = None
        elif child.given_up_at is None:
            child.given_up_at = now
        elif now - child.given_up_at > TRY_AGAIN_SECONDS:
            child.given_up_at = None
            self._ask("startProcess", f"{state['group']}:{state['name']}", False)

    def _states(self) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = self._ask("getAllProcessInfo")
        except SupervisorGone:
            return []  # it may still be starting; _check_alive tells whether it has ended
        return found

    def _ask(self, method: str, *arguments: object) -> Any:
        path = str(Path(self.plan.sockets, "supervisor.sock"))
        try:
            with ServerProxy("http://localhost", transport=OnSocket(path)) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, RpcError, http.client.HTTPException) as error:
            raise SupervisorGone(f"supervisord was asked to {method}, and said: {error}") from error

    def _log_of(self, name: str) -> str:
        path = Path(self.plan.logs, f"{name}.log")
        try:
            lines = _telling(path.read_text(encoding="utf-8", errors="replace").splitlines())
        except OSError:
            return f"It left no log in {self.plan.logs}."
        return f"The end of its log ({path}):\n" + "\n".join(f"  │ {line}" for line in lines)

    def _stop_supervisord(self) -> None:
        if self.supervisord is None:
            return
        if self.supervisord.poll() is None:
            self.supervisord.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.supervisord.wait(SAY_WHY_SECONDS)
                return
            self._say_why_it_takes_time()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.supervisord.wait(STOP_SECONDS)

    def _say_why_it_takes_time(self) -> None:
        alive = sorted(one.name for one in self.children.values() if _is_alive(one.pid))
        if any(name.startswith("worker") for name in alive):
            say(
                "A run is on. It has a few seconds to end; otherwise it is stopped, and played "
                "again at the next start. Ctrl-C again does not wait."
            )
        elif alive:
            say(f"Waiting for {', '.join(alive)} to end what is begun.")


def _is_alive(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists()


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(text, flush=True)


def _telling(lines: list[str]) -> list[str]:
    """The end of a log, without what the next attempt wrote after the error of the last one."""
    errors = [place for place, line in enumerate(lines) if ERROR_LINE.match(line)]
    end = errors[-1] + 1 if errors else len(lines)
    return lines[max(0, end - LOG_LINES) : end]


def tidy(plan: Plan) -> None:
    """Remove the sockets, the lock and all else that only a running Lamplighter needs."""
    shutil.rmtree(plan.sockets, ignore_errors=True)
    shutil.rmtree(plan.run, ignore_errors=True)


def main() -> int:
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    # Held by this process alone: were it inherited, an orphan would keep it.
    os.set_inheritable(plan.lock, False)
    return Front(plan).run()


if __name__ == "__main__":
    sys.exit(main())
