"""Streams in the real web server: who leaves frees a thread, and a stop waits for nobody."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from webapp.accounts.credentials import issue_tokens
from webapp.live.hub import MOST_STREAMS_OF_A_USER


@pytest.fixture
def token(app, alice):
    return issue_tokens(alice)["access_token"]


@pytest.fixture
def port(app, config, tmp_path):
    """Gunicorn as the supervisor starts it, on the database of the tests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    environ = {
        **os.environ,
        "VAR": str(config.var),
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "PORT": str(number),
    }
    command = [sys.executable, "-m", "gunicorn", "webapp:create_app()", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{number}", "--worker-class", "gthread", "--threads", "32"]
    command += ["--graceful-timeout", "25", "--log-level", "warning"]
    process = subprocess.Popen(command, env=environ)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number, process
    finally:
        process.terminate()
        process.wait(30)


class Listening:
    """One open connection to /events, and the first line of its answer."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        request = "GET /events HTTP/1.1\r\nHost: localhost\r\n"
        self.socket.sendall(f"{request}Authorization: Bearer {token}\r\n\r\n".encode())
        self.status = self.socket.recv(4000).split(b"\r\n")[0].decode()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.socket.close()


OPEN, FULL = "HTTP/1.1 200 OK", "HTTP/1.1 429 TOO MANY REQUESTS"


def test_closed_tabs_give_their_threads_back_and_a_stop_waits_for_no_stream(port, token):
    number, process = port
    with ExitStack() as tabs:
        for _ in range(MOST_STREAMS_OF_A_USER):
            assert tabs.enter_context(Listening(number, token)).status == OPEN
        assert tabs.enter_context(Listening(number, token)).status == FULL
    deadline = time.monotonic() + 15
    with ExitStack() as tabs:
        while tabs.enter_context(Listening(number, token)).status != OPEN:
            assert time.monotonic() < deadline, "closed streams still hold their threads"
            time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert time.monotonic() - began < 15  # of the 25 s that it would wait for an answer
