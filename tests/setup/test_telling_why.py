"""What Ctrl-C says while it takes its time."""

import os

import pytest

from webapp.supervision import front
from webapp.supervision.front import Child, Front


@pytest.mark.parametrize(
    ("name", "words"),
    [("worker", "A run is on."), ("worker-1", "played again at the next start"), ("web", "web")],
)
def test_it_says_what_it_waits_for(capsys, name, words):
    one = Front.__new__(Front)
    one.children = {name: Child(name, pid=os.getpid()), "light": Child("light", pid=0)}
    one._say_why_it_takes_time()
    assert words in capsys.readouterr().out


def test_it_is_silent_when_nothing_is_left(capsys):
    one = Front.__new__(Front)
    one.children = {"worker": Child("worker", pid=0)}
    one._say_why_it_takes_time()
    assert capsys.readouterr().out == ""


def test_whoever_stops_it_waits_longer_than_a_run_is_given():
    assert front.STOP_SECONDS > front.SAY_WHY_SECONDS
