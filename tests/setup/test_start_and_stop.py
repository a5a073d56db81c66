"""`make run` after the installation: everything starts, and nothing of it stays."""

import os
import signal
import sqlite3
import time

import pytest

from tests.setup.conftest import eventually

pytestmark = pytest.mark.browser  # the workers of a whole product keep browsers

EVERYTHING = {"redis", "web", "worker", "light", "clock", "demo"}
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


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(lamplighter):
    one = lamplighter().started()
    supervisord = int((one.var / "run" / "supervisord.pid").read_text())

    os.kill(one.process.pid, signal.SIGKILL)
    os.kill(supervisord, signal.SIGKILL)
    one.process.wait()

    assert eventually(lambda: one.left_over() == []), one.left_over()
    one.started()
    assert one.is_healthy()


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
