"""Streams in the real web server: who leaves frees a thread, and a stop waits for nobody."""

import os
import signal
import socket
import subprocess
import sys
import time

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
    command += ["--graceful-timeout", "20", "--log-level", "warning"]
    process = subprocess.Popen(command, env=environ)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number, process
    finally:
        process.kill() if process.poll() is None else None
        process.wait(10)


def listen(port, token):
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    request = f"GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    client.sendall(request.encode())
    return client, client.recv(4000).split(b"\r\n")[0].decode()


def test_closed_tabs_give_their_threads_back_and_a_stop_waits_for_no_stream(port, token):
    number, process = port
    streams = [listen(number, token) for _ in range(MOST_STREAMS_OF_A_USER)]
    assert {status for _, status in streams} == {"HTTP/1.1 200 OK"}
    refused, status = listen(number, token)
    assert status == "HTTP/1.1 429 TOO MANY REQUESTS"
    refused.close()
    for client, _ in streams:
        client.close()
    deadline = time.monotonic() + 8
    while True:
        client, status = listen(number, token)
        if status == "HTTP/1.1 200 OK":
            break
        client.close()
        assert time.monotonic() < deadline, "closed streams still hold their threads"
        time.sleep(0.2)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(15)
    assert time.monotonic() - began < 8
    while client.recv(4000):
        pass
    client.close()
