"""Processes that a killed supervisor left behind are found by their mark, and ended."""

import os
import subprocess
import sys
import time

import pytest

from webapp.supervision import front, sweeping

# Ignores SIGTERM, hides its environment as browsers do, and has a child in its session.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.setsid()
if os.fork() == 0:
    os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)"], {})
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def orphan(tmp_path):
    environ = os.environ | {sweeping.MARK: str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], env=environ, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_marked_processes_and_their_sessions_are_ended(orphan, tmp_path):
    bystander = subprocess.Popen(["sleep", "60"], env={sweeping.MARK: f"{tmp_path}/other"})

    ended = sweeping.sweep(str(tmp_path), patience_seconds=0.2)

    assert ended == 2
    assert orphan.wait(5) == -9
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_nothing_left_behind_takes_no_time(tmp_path):
    began = time.monotonic()

    assert sweeping.sweep(str(tmp_path)) == 0
    assert time.monotonic() - began < 5


class TestWhatKeepsEnding:
    def test_is_said_once_and_tried_again(self, tmp_path, capsys):
        one = watching(tmp_path)
        (tmp_path / "clock.log").write_text("one\nno oil\n")

        for at in range(0, 40, 5):
            one._judge(state("FATAL", 0), at)

        said = capsys.readouterr().out
        assert said.count("clock keeps ending") == 1
        assert "  │ no oil" in said
        assert one.asked == [("startProcess", "lamplighter:clock", False)]

    def test_is_said_too_when_it_lives_for_some_seconds_each_time(self, tmp_path, capsys):
        one = watching(tmp_path)

        for at in range(4):
            one._judge(state("RUNNING", 100 + at), at * 8)

        assert "clock keeps ending" in capsys.readouterr().out

    def test_is_not_said_of_one_that_was_started_again_once(self, tmp_path, capsys):
        one = watching(tmp_path)

        for at in range(60):
            one._judge(state("RUNNING", 100 + (at > 30)), at)

        assert capsys.readouterr().out == ""


def state(name, pid):
    return {"name": "clock", "group": "lamplighter", "statename": name, "pid": pid}


def watching(folder):
    plan = front.Plan(
        address="", host="", port=0, var=str(folder), run=str(folder), sockets=str(folder),
        logs=str(folder), with_redis=False, groups=[], command=[], lock=0, started_at=0,
    )  # fmt: skip
    one = front.Front(plan)
    one.asked = []
    one._ask = lambda *call: one.asked.append(call)
    return one
