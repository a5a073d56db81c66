"""Where the supervisor keeps its sockets, logs and lock, all of it private to its user."""

import hashlib
import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# The kernel takes 107 bytes for the path of a Unix socket; some programs one or two less.
LONGEST_SOCKET_PATH = 104
LONGEST_SOCKET_NAME = "/supervisor.sock"


class CannotStart(Exception):
    """Lamplighter cannot be started; the message says why, and what to do."""


@dataclass(frozen=True)
class Places:
    """The files of one running Lamplighter; everything in `run` and `sockets` ends with it."""

    var: Path
    sockets: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def lock(self) -> Path:
        return self.run / "lock"

    @property
    def supervisor_conf(self) -> Path:
        return self.run / "supervisord.conf"

    @property
    def redis_conf(self) -> Path:
        return self.run / "redis.conf"

    @property
    def redis_url_file(self) -> Path:
        """Where Config finds the address of the embedded Redis."""
        return self.var / "redis.url"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def supervisor_socket(self) -> Path:
        return self.sockets / "supervisor.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"

    def make(self) -> None:
        """Make the folders; refuses one in a shared place that somebody else has made."""
        for folder in (self.run, self.logs, self.var / "redis", self.sockets):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise CannotStart(
                    "VAR should be a folder that Lamplighter may write, but there "
                    f"{folder} cannot be made ({error.strerror}). To use another one: "
                    "make run VAR=/some/where"
                ) from error
            about = folder.lstat()
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
                raise CannotStart(
                    f"{folder} should be a folder of the user who starts Lamplighter, but belongs "
                    f"to user {about.st_uid}. Remove it, or use another folder: "
                    "make run VAR=/some/where"
                )
            folder.chmod(0o700)
        self.redis_conf.unlink(missing_ok=True)  # left by a start that was killed

    def clear(self) -> None:
        """Remove what only a running Lamplighter needs: sockets, lock, configuration."""
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.run, ignore_errors=True)


def places_in(var: Path, environ: Mapping[str, str]) -> Places:
    """The places under `var`; a path too long for a socket gives way to a short one elsewhere."""
    sockets = var / "run"
    if len(os.fsencode(str(sockets))) + len(LONGEST_SOCKET_NAME) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(str(var))).hexdigest()[:12]
        base = Path(environ.get("XDG_RUNTIME_DIR") or "/tmp")
        if len(os.fsencode(str(base))) > 60 or not os.access(base, os.W_OK):
            base = Path("/tmp")
        sockets = base / f"lamplighter-{os.getuid()}-{name}"
    return Places(var, sockets)
