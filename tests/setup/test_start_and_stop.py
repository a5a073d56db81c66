"""`make run` after the installation: everything starts, and nothing of it stays."""

import contextlib
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.setup.conftest import eventually

pytestmark = pytest.mark.browser  # the workers of a whole product keep browsers

EVERYTHING = {"redis", "web", "worker", "light-0", "light-1", "clock", "demo"}
USER = (
    "INSERT INTO user (name, email, email_key, password_hash, time_zone, is_admin, created_at,"
    " session_epoch) VALUES ('A', 'a@b.c', 'a@b.c', '', 'UTC', 0, '2026-01-01 00:00:00', 0)"
)


def test_one_start_beside_another_and_one_killed_process(lamplighter):
    one = lamplighter().started()
    assert one.is_healthy()
    assert f"Lamplighter is ready: http://127.0.0.1:{one.port}  (Ctrl-C stops it)" in one.said
    assert eventually(lambda: 0 not in one.pids().values())
    assert set(one.pids()) == EVERYTHING

    said = lamplighter().refused()
    assert f"It is running already at http://127.0.0.1:{one.port} (process" in said
    assert one.is_healthy()

    killed = one.pids()["worker"]
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: one.pids()["worker"] not in (0, killed))


def test_ctrl_c_leaves_nothing_and_the_second_start_goes_on(lamplighter):
    one = lamplighter().started()
    key = (one.var / "secret_key").read_text()
    write(one.var, USER)

    assert one.stop(signal.SIGINT) == 0
    assert "Lamplighter has stopped." in one.said
    assert one.left_over() == []
    assert not (one.var / "run").exists()  # the sockets and the lock were there

    began = time.monotonic()
    one.started()
    assert time.monotonic() - began < 40  # three on a quiet machine
    assert read(one.var, "SELECT email FROM user") == [("a@b.c",)]
    assert (one.var / "secret_key").read_text() == key
    assert one.stop(signal.SIGTERM) == 0
    assert one.left_over() == []


@pytest.mark.parametrize("after", [0, 0.1, 0.3, 0.6, 1.0, 1.5])
def test_ctrl_c_while_it_starts_is_quiet_and_leaves_nothing(lamplighter, after):
    one = lamplighter().start()
    assert eventually(lambda: hears(one.process.pid, signal.SIGTERM), seconds=5)
    time.sleep(after)

    one.stop(signal.SIGINT)

    assert "Traceback" not in one.said
    assert one.left_over() == []
    assert not (one.var / "run").exists()


@pytest.mark.parametrize("after", [0.01, 0.02, 0.04, 0.08, 0.15])
def test_ctrl_c_before_python_has_come_up_is_quiet_too(checkout, lamplighter, after):
    one = lamplighter()
    recipe = (checkout / "Makefile").read_text().partition("\n\t@exec ")[2].partition("\n")[0]
    started = subprocess.Popen(
        shlex.split(recipe.replace("$(BIN)/python", sys.executable)),
        cwd=one.checkout,
        env=one.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    time.sleep(after)

    started.send_signal(signal.SIGINT)

    said, _ = started.communicate(timeout=30)
    assert said in {"", "Starting Lamplighter …\n"}
    assert started.returncode == 128 + signal.SIGINT
    assert one.left_over() == []


def hears(pid, number):
    """Whether the process has a handler for the signal: then code of ours runs, not yet before."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (number - 1) & 1


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(lamplighter):
    one = lamplighter().started()
    supervisord = int((one.var / "run" / "supervisord.pid").read_text())

    os.kill(one.process.pid, signal.SIGKILL)
    os.kill(supervisord, signal.SIGKILL)
    one.process.wait()

    assert eventually(lambda: one.left_over() == []), one.left_over()
    one.started()
    assert one.is_healthy()


def test_ctrl_c_in_the_middle_of_a_run_leaves_no_browser(lamplighter):
    one = lamplighter().started()
    password = "four words in a row\n"
    one.flask("create-user", "a@b.org", "--name", "A", "--confirmed", typed=password)
    one.python(WAIT_FOR_EVER, f"http://127.0.0.1:{one.demo_port}/")
    one.flask("run-flow", "1")
    assert eventually(lambda: list(one.var.glob("browsers/*.json")))
    home = json.loads(next(one.var.glob("browsers/*.json")).read_text())["home"]
    assert eventually(lambda: commands_with(home))

    assert one.stop(signal.SIGINT) == 0

    assert commands_with(home) == []
    assert one.left_over() == []
    assert read(one.var, "SELECT state FROM run") != [("passed",)]  # nothing it did not see


# A flow whose only step takes longer than the supervisor waits for a run to end.
WAIT_FOR_EVER = """
import sys
from sqlalchemy import select
from webapp import create_app
from webapp.accounts.models import Project
from webapp.browser.steps import parse_step
from webapp.extensions import db
from webapp.flows import editing
from webapp.flows.bodies import kept_values

step = kept_values(parse_step({"number": 1, "action": "wait", "content": "100"}))
with create_app().app_context():
    project = db.session.scalars(select(Project)).one()
    editing.create_flow(
        project, project.owner, name="Long", url=sys.argv[1], browser="chrome", cron="0 0 * * *",
        time_zone="UTC", steps=[step],
    )
    db.session.commit()
"""


def commands_with(text):
    """The processes of this machine that were started with these words."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if text.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def test_a_process_that_keeps_ending_is_said_with_the_end_of_its_log(lamplighter):
    one = lamplighter()
    (one.checkout / "worker.py").write_text("raise SystemExit('the lamp has no oil')\n")

    one.started()

    assert eventually(lambda: "worker keeps ending" in one.said), one.said
    assert "the lamp has no oil" in one.said
    assert one.is_healthy()


def test_a_web_server_that_cannot_start_ends_the_start_with_its_log(lamplighter):
    one = lamplighter()
    health = one.checkout / "webapp" / "health.py"
    gate = 'import sys\nif any("gunicorn" in each for each in sys.argv):\n    1 / 0\n'
    health.write_text(health.read_text() + gate)

    one.start()

    assert one.process.wait(90) == 1
    assert "Lamplighter could not start: web ended again and again." in one.said
    assert "ZeroDivisionError" in one.said
    assert one.left_over() == []


def test_a_data_folder_with_a_long_and_odd_name_works(lamplighter, tmp_path):
    folder = tmp_path / ("100% of a very long name " * 4).strip() / "var"

    one = lamplighter(folder).started()
    url = (folder / "redis.url").read_text()
    assert one.stop() == 0

    socket = url.removeprefix("unix://").partition("?")[0]
    assert len(socket) < 104
    assert not os.path.exists(os.path.dirname(socket))


def write(var, sql):
    with sqlite3.connect(var / "lamplighter.db") as database:
        database.execute(sql)
    database.close()


def read(var, sql):
    with sqlite3.connect(var / "lamplighter.db") as database:
        rows = database.execute(sql).fetchall()
    database.close()
    return rows
