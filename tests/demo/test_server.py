"""The shop as a process: it serves on its own port, and ends at once when it is told to."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(port, tmp_path):
    environ = {"DEMO_PORT": str(port), "VAR": str(tmp_path), "PATH": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp.demo"], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert f":{port}/" in process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_cleanly_when_told_to(server, port, how):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert "Wick" in page.read().decode()
        assert page.url.startswith(f"http://127.0.0.1:{port}/wick-")
    told = time.monotonic()
    server.send_signal(how)
    assert server.wait(timeout=10) == 0
    assert time.monotonic() - told < 5


def test_an_idle_connection_does_not_keep_it_alive(server, port):
    with socket.create_connection(("127.0.0.1", port)):
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0


def test_nonsense_in_a_setting_is_said_at_once(tmp_path):
    environ = {"DEMO_PORT": "eighty", "VAR": str(tmp_path), "PATH": ""}
    answer = subprocess.run(
        [sys.executable, "-m", "webapp.demo"], env=environ, capture_output=True, text=True
    )
    assert answer.returncode == 2
    assert "DEMO_PORT should be a whole number" in answer.stderr
