"""Real servers for tests: started on a socket of their own, ended afterwards."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from webapp.supervision.commands import redis_binary


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis on a Unix socket; gives its URL."""
    with tempfile.TemporaryDirectory(prefix="lamp-redis-") as short:  # sockets need short paths
        socket = Path(short) / "redis.sock"
        process = subprocess.Popen(
            [
                redis_binary(Path(short)), "--port", "0", "--unixsocket", str(socket), "--save", "",
                "--appendonly", "no", "--dir", str(folder),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        url = f"unix://{socket}?db=0"
        try:
            _wait_for(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    with Redis.from_url(url) as redis:
        for _ in range(100):
            if process.poll() is not None:
                raise RuntimeError(f"redis-server ended at once with code {process.returncode}")
            try:
                redis.ping()
                return
            except RedisError:
                time.sleep(0.05)
    raise RuntimeError("redis-server did not answer within 5 s")
