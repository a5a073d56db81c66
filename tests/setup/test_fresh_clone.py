"""The first command of the README, in a fresh clone: environment, libraries, start, and again."""

import os
import signal
import subprocess
import time

import pytest

from tests.setup.conftest import eventually, free_ports
from webapp.config import setting_names
from webapp.supervision import sweeping

pytestmark = pytest.mark.slow  # pip installs everything: a minute or two


@pytest.fixture
def clone(checkout, tmp_path):
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", checkout, folder], check=True)
    return folder


def make_run(clone):
    """`make run` in a terminal of its own: Ctrl-C reaches make and all that it started."""
    environ = {k: v for k, v in os.environ.items() if k not in {*setting_names(), "VENV"}}
    port, demo_port = free_ports()
    words = ["make", "run", f"PORT={port}", f"DEMO_PORT={demo_port}"]
    with (clone / "said").open("wb") as said:
        return subprocess.Popen(
            words, cwd=clone, env=environ, stdout=said, stderr=said, start_new_session=True
        )


def test_make_run_works_and_works_again_in_seconds(clone):
    said = clone / "said"
    for seconds in (600, 60):
        began = time.monotonic()
        make = make_run(clone)
        ready = eventually(lambda make=make: "is ready" in said.read_text() or make.poll(), 600)
        took = time.monotonic() - began
        assert ready and make.poll() is None, said.read_text()
        assert took < seconds

        os.killpg(make.pid, signal.SIGINT)
        make.wait(60)

        assert "Lamplighter has stopped." in said.read_text()
        assert list(sweeping._marked(str(clone / "var"))) == []
        assert not (clone / "var" / "run").exists()
