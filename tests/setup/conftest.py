"""A copy of the checkout, and Lamplighter started from it as `make run` starts it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from webapp.config import setting_names
from webapp.supervision import front, sweeping

CHECKOUT = Path(__file__).resolve().parents[2]
PARTS = ("webapp", "templates", "static", "migrations", "worker.py", "requirements.txt")
START_SECONDS = 60


@pytest.fixture(scope="session")
def checkout() -> Path:
    return CHECKOUT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a run needs of the checkout, in another place."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in PARTS:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)  # with the compiled files: it starts faster
        else:
            shutil.copy2(source, folder / name)
    return folder


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def eventually(look: Callable[[], object], seconds: float = START_SECONDS) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if look():
            return True
        time.sleep(0.1)
    return False


@dataclass
class Lamplighter:
    """One start; `said` is what its terminal shows."""

    checkout: Path
    var: Path
    port: int
    demo_port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def environ(self) -> dict[str, str]:
        given = {k: v for k, v in os.environ.items() if k not in setting_names()}
        own = {"VAR": str(self.var), "PORT": str(self.port), "DEMO_PORT": str(self.demo_port)}
        return given | own | self.settings

    @property
    def terminal(self) -> Path:
        return self.checkout.parent / f"terminal-{self.port}"

    @property
    def said(self) -> str:
        return self.terminal.read_text(encoding="utf-8")

    def start(self) -> "Lamplighter":
        with self.terminal.open("wb") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "webapp.supervision"],
                cwd=self.checkout,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def refused(self) -> str:
        """What is said by a start that ends at once."""
        self.start()
        assert self.process is not None and self.process.wait(60) == 1
        assert "Traceback" not in self.said
        return self.said

    def started(self) -> "Lamplighter":
        self.start()
        assert eventually(lambda: "is ready" in self.said or self.has_ended), self.said
        assert "is ready" in self.said, self.said
        return self

    def flask(self, *arguments: str, typed: str = "") -> None:
        self._command("-m", "flask", "--app", "webapp", *arguments, typed=typed)

    def python(self, script: str, *arguments: str) -> None:
        self._command("-c", script, *arguments)

    def _command(self, *arguments: str, typed: str = "") -> None:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.checkout,
            env=self.environ,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)

    def pids(self) -> dict[str, int]:
        """The processes that supervisord keeps, by name."""
        path = json.loads((self.var / "run" / "plan.json").read_text())["sockets"]
        transport = front.OnSocket(f"{path}/supervisor.sock")
        with front.ServerProxy("http://localhost", transport=transport) as proxy:
            states = proxy.supervisor.getAllProcessInfo()
        return {state["name"]: state["pid"] for state in states}  # type: ignore[index, union-attr]

    def is_healthy(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def left_over(self) -> list[str]:
        """The command lines of every process that this start began."""
        return [
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            for pid in sweeping._marked(str(self.var))
            if Path(f"/proc/{pid}").exists()
        ]


@pytest.fixture
def lamplighter(copy: Path, tmp_path: Path) -> Iterator[Callable[..., Lamplighter]]:
    """Makes starts; whatever is left of them is ended after the test."""
    made: list[Lamplighter] = []

    def make(var: Path | None = None, **settings: str) -> Lamplighter:
        port, demo_port = free_ports()
        one = Lamplighter(copy, var or tmp_path / "var", port, demo_port, settings)
        made.append(one)
        return one

    yield make
    for one in made:
        if one.process is not None and one.process.poll() is None:
            one.stop()
        sweeping.sweep(str(one.var), patience_seconds=0)
