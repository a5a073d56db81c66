"""`make run` after the installation: everything starts, and nothing of it stays."""

import os
import signal
import sqlite3
import time

import pytest

from tests.setup.conftest import eventually

pytestmark = pytest.mark.browser  # the workers of a whole product keep browsers

EVERYTHING = {"redis", "web", "worker", "light", "clock", "demo"}


def test_one_command_starts_everything_and_ctrl_c_leaves_nothing(lamplighter):
    one = lamplighter().started()

    assert one.is_healthy()
    assert set(one.pids()) == EVERYTHING
    assert f"Lamplighter is ready: http://127.0.0.1:{one.port}  (Ctrl-C stops it)" in one.said

    assert one.stop(signal.SIGINT) == 0
    assert one.left_over() == []
    assert not (one.var / "run").exists()  # the sockets and the lock were there
    assert "Lamplighter has stopped." in one.said


def test_a_second_start_goes_on_where_the_first_ended(lamplighter):
    one = lamplighter().started()
    key = (one.var / "secret_key").read_text()
    assert one.stop(signal.SIGTERM) == 0
    with sqlite3.connect(one.var / "lamplighter.db") as database:
        database.execute(
            "INSERT INTO user (name, email, email_key, password_hash, time_zone, is_admin,"
            " created_at, session_epoch) VALUES ('A', 'a@b.c', 'a@b.c', '', 'UTC', 0, 0, 0)"
        )
    database.close()

    one.started()

    with sqlite3.connect(one.var / "lamplighter.db") as database:
        assert database.execute("SELECT email FROM user").fetchall() == [("a@b.c",)]
    database.close()
    assert (one.var / "secret_key").read_text() == key


def test_a_second_start_beside_the_first_says_where_that_one_is(lamplighter):
    one = lamplighter().started()
    other = lamplighter().start()

    assert other.process.wait(30) == 1
    assert f"It is running already at http://127.0.0.1:{one.port} (process" in other.said
    assert "Traceback" not in other.said
    assert one.is_healthy()


def test_a_killed_process_is_started_again(lamplighter):
    one = lamplighter().started()
    pid = one.pids()["worker"]

    os.kill(pid, signal.SIGKILL)

    assert eventually(lambda: one.pids()["worker"] not in (0, pid), 20)
    assert one.is_healthy()


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(lamplighter):
    one = lamplighter().started()
    supervisord = int((one.var / "run" / "supervisord.pid").read_text())

    os.kill(one.process.pid, signal.SIGKILL)
    os.kill(supervisord, signal.SIGKILL)
    one.process.wait()

    assert eventually(lambda: one.left_over() == [], 20), one.left_over()
    one.started()
    assert one.is_healthy()


def test_a_process_that_keeps_ending_is_said_with_the_end_of_its_log(lamplighter):
    one = lamplighter()
    (one.checkout / "worker.py").write_text("raise SystemExit('the lamp has no oil')\n")

    one.started()

    assert eventually(lambda: "worker keeps ending" in one.said, 40), one.said
    assert "the lamp has no oil" in one.said
    assert one.is_healthy()


def test_a_web_server_that_cannot_start_ends_the_start_with_its_log(lamplighter):
    one = lamplighter()
    health = one.checkout / "webapp" / "health.py"
    gate = 'import os\nif "gunicorn" in open("/proc/self/cmdline").read():\n    1 / 0\n'
    health.write_text(health.read_text() + gate)

    one.start()

    assert one.process.wait(60) == 1
    assert "Lamplighter could not start: web ended again and again." in one.said
    assert "ZeroDivisionError" in one.said
    assert one.left_over() == []


def test_a_data_folder_with_a_long_and_odd_name_works(lamplighter, tmp_path):
    folder = tmp_path / ("100% of a very long name " * 4).strip() / "var"

    one = lamplighter(folder).started()
    url = (folder / "redis.url").read_text()
    assert one.stop() == 0

    assert url.startswith(("unix:///tmp/lamplighter-", "unix:///run/user/"))
    socket = url.removeprefix("unix://").partition("?")[0]
    assert not os.path.exists(os.path.dirname(socket))


def test_the_second_start_takes_only_seconds(lamplighter):
    lamplighter().started().stop()
    one = lamplighter()

    began = time.monotonic()
    one.started()

    assert time.monotonic() - began < 30  # about four on a quiet machine
