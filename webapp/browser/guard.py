"""Start a driver and end everything it started when its owner dies. Standard library only.

It runs as `python -I -S -E guard.py`, so nothing of this project can be imported here. It is the
parent of the driver and adopts orphans, so a browser process that left its group, its session or
its parent is still found; and it is not in the browser's session, so killing that spares it.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import time

MARK = "LAMPLIGHTER_BROWSER"
Process = tuple[int, str, int, int, str]  # pid, state, parent, session, start


def process(pid: int) -> Process | None:
    """What the kernel says of a process; the start is in clock ticks since boot."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    # The name, in brackets, may itself hold blanks and brackets: read behind the last one.
    fields = text[text.rindex(")") + 2 :].split()
    return pid, fields[0], int(fields[1]), int(fields[3]), fields[19]


def started(pid: int) -> str:
    """When a living process began; empty if there is none."""
    found = process(pid)
    return "" if found is None or found[1] in "ZX" else found[4]


def processes() -> list[Process]:
    found = (process(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return [one for one in found if one is not None]


def has_mark(pid: int, mark: str) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"{MARK}={mark}\0".encode() in file.read()
    except OSError:
        return False


def members(session: int, mark: str, start: str = "") -> list[int]:
    """The living processes of a browser: by session, by mark, and whatever those started.

    `start` is when the session's leader began: another leader means that its number was reused.
    """
    table = processes()
    reused = any(pid == session and start not in ("", at) for pid, _, _, _, at in table)
    ours = {
        pid
        for pid, _, _, sid, _ in table
        if pid != os.getpid() and ((sid == session > 0 and not reused) or has_mark(pid, mark))
    }
    grown = True
    while grown:
        more = {pid for pid, _, parent, _, _ in table if parent in ours} - ours - {os.getpid()}
        grown = bool(more)
        ours |= more
    return [pid for pid, state, _, _, _ in table if pid in ours and state not in "ZX"]


def end_session(session: int, mark: str, start: str = "", seconds: float = 5.0) -> bool:
    """Kill a whole browser; True when nothing of it is alive any more."""
    ends = time.monotonic() + seconds
    while living := members(session, mark, start):
        for pid in living:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > ends:
            return False
        time.sleep(0.002)
    return True


def remove(home: str) -> bool:
    """Remove a profile; a dying process may still write into it, so try a few times."""
    for _ in range(20):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            return True
        time.sleep(0.05)
    return False


def write_record(path: str, record: dict[str, object]) -> None:
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        json.dump(record, file)
    os.replace(f"{path}.new", path)


def _start(command: list[str], home: str, mark: str) -> int:
    """The driver, leader of a new session, with all its temporary files inside the profile."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        log = os.open(os.path.join(home, "driver.log"), os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(os.path.join(home, "tmp"))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        environment = dict(os.environ, TMPDIR=os.path.join(home, "tmp"), **{MARK: mark})
        os.execve(command[0], command, environment)
    finally:
        os._exit(127)


def _adopt_orphans() -> None:
    import ctypes  # costs 10 ms, so only after the driver was started

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _bury() -> None:
    """Collect ended children, so that no zombie stays."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(owner: int, owner_start: str) -> None:
    """Return when the owner has closed the pipe, or has died while a child of it holds the pipe."""
    while started(owner) == owner_start:
        _bury()
        if select.select([0], [], [], 0.5)[0] and not os.read(0, 4096):
            return


def main(path: str, command: list[str]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    home, mark = record["home"], record["id"]
    session = _start(command, home, mark)
    record.update(session=session, start=started(session))
    write_record(path, record)
    os.write(1, f"{session} {record['start'] or '-'}\n".encode())
    os.close(1)
    _adopt_orphans()
    _watch(record["owner"], record["owner_start"])
    if end_session(session, mark, record["start"]) and remove(home):
        os.unlink(path)
    _bury()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
