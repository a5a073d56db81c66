"""A driver whose port was taken is started again; one that cannot start is not."""

from pathlib import Path
from typing import Any

import pytest

from webapp.browser import launching
from webapp.browser.errors import BrowserLost
from webapp.browser.launching import launch
from webapp.browser.programs import Programs
from webapp.browser.settings import BrowserSettings

BUSY = "[SEVERE]: bind() failed: Address already in use (98) IPv4 port not available. Exiting..."


def driver_that(folder: Path, times: int, words: str) -> str:
    """A program that fails with these words so many times, and then listens."""
    program, count = folder / "driver", folder / "count"
    count.write_text("0")
    program.write_text(
        "#!/bin/sh\n"
        f"read n <{count}; echo $((n + 1)) >{count}\n"
        f'if [ "$n" -lt {times} ]; then echo "{words}"; exit 1; fi\n'
        'echo "ChromeDriver was started successfully on port 4711."; exec sleep 60\n'
    )
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def started(times: int, words: str) -> launching.Launched:
        program = driver_that(tmp_path, times, words)
        monkeypatch.setattr(launching, "_command", lambda *_: [program])
        settings = BrowserSettings(folder=tmp_path / "browsers")
        return launch(settings, Programs(browser="none", driver=program))

    return started


def test_a_port_that_was_taken_costs_another_try(start: Any) -> None:
    launched = start(2, BUSY)
    try:
        assert launched.url == "http://127.0.0.1:4711"
    finally:
        launched.close()


def test_a_port_that_is_always_taken_is_told(start: Any, tmp_path: Path) -> None:
    with pytest.raises(BrowserLost, match="Address already in use"):
        start(9, BUSY)
    assert (tmp_path / "count").read_text() == "3\n"


def test_what_cannot_start_is_tried_once(start: Any, tmp_path: Path) -> None:
    with pytest.raises(BrowserLost, match="no such library"):
        start(9, "no such library")
    assert (tmp_path / "count").read_text() == "1\n"
