"""The configuration of supervisord, written anew at each start."""

import re
import shlex
import shutil

from webapp.config import Config
from webapp.supervision import commands
from webapp.supervision.places import CannotStart, Places

# The log of a process may reach this size, and is then kept as .1, .2, .3.
LOG_BYTES = 5_000_000
LOG_BACKUPS = 3
# A run that is playing may end within this time; then its worker is ended.
STOP_SECONDS = 10
# One may sit at a slow mail server or a long report while the other closes lost runs.
LIGHT_WORKERS = 2
# Groups end one after the other, the last one first: who plays runs before what runs need, so
# that the end of the demo shop is no failure of its flow. Redis ends after all of them.
GROUPS = {"pages": ("web", "light", "demo"), "runs": ("worker", "clock")}


def supervisor_conf(config: Config, places: Places, *, with_redis: bool) -> str:
    """The text of supervisord's configuration file; Redis only where it is the embedded one."""
    sections = [
        _section(
            "supervisord",
            nodaemon="true",
            silent="true",
            logfile=f"{_plain(places.logs)}/supervisord.log",
            logfile_maxbytes=LOG_BYTES,
            logfile_backups=LOG_BACKUPS,
            pidfile=f"{_plain(places.run)}/supervisord.pid",
            childlogdir=_plain(places.logs),
            directory=_plain(commands.CHECKOUT),
            umask="077",
        ),
        _section("unix_http_server", file=_plain(places.supervisor_socket), chmod="0700"),
        _section(
            "rpcinterface:supervisor",
            **{"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *(
            _section(f"group:{name}", programs=",".join(members), priority=priority)
            for priority, (name, members) in enumerate(GROUPS.items(), start=100)
        ),
    ]
    if with_redis:
        command = commands.redis(places)
        sections.append(_program(places, "redis", command, autostart="true", priority=1))
    counts = {"worker": config.workers, "light": LIGHT_WORKERS}
    for name, command_of in commands.PROCESSES.items():
        sections.append(_program(places, name, command_of(config), count=counts.get(name, 1)))
    return "\n".join(sections)


def _program(
    places: Places,
    name: str,
    command: list[str],
    *,
    count: int = 1,
    autostart: str = "false",
    priority: int = 999,
) -> str:
    # A worker that loses Redis and supervisord at once would wait for Redis for ever.
    signal = "TERM" if name in {"redis", "web"} else "KILL"
    each = f"{name}-%(process_num)d" if count > 1 else name
    return _section(
        f"program:{name}",
        command=_plain(shlex.join([*dies_with_parent(signal), *command])),
        process_name=each,
        numprocs=count,
        priority=priority,  # the lowest starts first, and is stopped last
        autostart=autostart,
        autorestart="true",
        startsecs=2,
        startretries=4,
        stopsignal="TERM",
        stopwaitsecs=STOP_SECONDS,
        killasgroup="true",
        redirect_stderr="true",
        # supervisord expands this one twice
        stdout_logfile=f"{_plain(_plain(places.logs))}/{each}.log",
        stdout_logfile_maxbytes=LOG_BYTES,
        stdout_logfile_backups=LOG_BACKUPS,
    )


def dies_with_parent(signal: str = "TERM") -> list[str]:
    """Ask the kernel to end the process when the one that started it is killed."""
    if setpriv := shutil.which("setpriv"):  # of util-linux, which every Debian has
        return [setpriv, "--pdeathsig", signal]
    return []  # the next start ends what was left behind


def _plain(text: object) -> str:
    """Text in which supervisord expands nothing, and finds no comment."""
    if found := re.search(r"\s[#;]|[\n\r]", str(text)):
        raise CannotStart(
            f"A path holds {found.group()!r}, where supervisord would see a comment: {text}. "
            "Use another folder: make run VAR=/some/where"
        )
    return str(text).replace("%", "%%")


def _section(name: str, **settings: object) -> str:
    lines = (f"{key} = {value}" for key, value in settings.items())
    return "\n".join((f"[{name}]", *lines, ""))
