"""bin/install: what it finds, what it says when it cannot help."""

import os
import shutil
import subprocess

import pytest

ROWS = "run|lamp-oil|/nowhere/oil|oil for the lamp\nrun|python3|/usr/bin/env|something that is here"


@pytest.fixture
def programs(tmp_path):
    """A folder with only the programs that a bare machine has."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("bash", "grep", "sed", "awk", "id", "env", "mktemp", "tail", "rm", "cut", "sh",
                 "dirname", "mkdir", "cat", "true"):  # fmt: skip
        (folder / name).symlink_to(shutil.which(name))
    return folder


def program(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def install(checkout, programs):
    """What install_missing says about the two rows."""
    script = f"source bin/install; packages() {{ echo '{ROWS}'; }}; install_missing run"
    return subprocess.run(
        ["bash", "-c", script],
        cwd=checkout,
        env={"PATH": str(programs)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def as_root(programs):
    (programs / "id").unlink()
    program(programs, "id", "echo 0")


@pytest.fixture
def as_somebody(programs):
    (programs / "id").unlink()
    program(programs, "id", "echo 1000")


def test_a_machine_without_apt_gets_one_sentence_with_the_command(checkout, programs, as_root):
    done = install(checkout, programs)

    assert done.returncode == 1
    assert done.stderr == (
        "Missing: oil for the lamp (lamp-oil). This machine has no apt-get; on Debian the command "
        "is: apt-get install -y --no-install-recommends lamp-oil\n"
    )


def test_somebody_without_sudo_is_told_what_root_has_to_do(checkout, programs, as_somebody):
    program(programs, "apt-get", "exit 0")

    done = install(checkout, programs)

    assert done.returncode == 1
    assert "As root: apt-get install -y --no-install-recommends lamp-oil" in done.stderr


def test_somebody_with_sudo_installs_by_it_without_questions(checkout, programs, as_somebody):
    log = programs.parent / "log"
    program(programs, "apt-get", f'echo "apt-get $* as $BY, $DEBIAN_FRONTEND" >>{log}')
    program(programs, "sudo", 'test "$1" = -n && shift; BY=sudo exec "$@"')

    done = install(checkout, programs)

    assert log.read_text().splitlines() == [
        "apt-get update as sudo, noninteractive",
        "apt-get install -y --no-install-recommends lamp-oil as sudo, noninteractive",
    ]
    assert "lamp-oil is installed, but /nowhere/oil is still not there." in done.stderr


def test_a_failure_of_apt_shows_its_last_lines_and_the_command(checkout, programs, as_root):
    program(programs, "apt-get", 'echo "E: the network is down" >&2; exit 100')

    done = install(checkout, programs)

    assert done.returncode == 1
    assert "E: the network is down" in done.stderr
    assert "To try it by hand: apt-get update && apt-get install" in done.stderr


def test_apt_is_not_touched_when_nothing_is_missing(checkout, programs, as_root):
    script = "source bin/install; packages() { echo 'run|a|/usr/bin/env|b'; }; install_missing run"

    done = subprocess.run(
        ["bash", "-c", script], cwd=checkout, env={"PATH": str(programs)}, check=False
    )

    assert done.returncode == 0


def test_a_python_that_is_too_old_or_absent_is_said(checkout):
    done = subprocess.run(
        ["bin/install", "run"],
        cwd=checkout,
        env=os.environ | {"PYTHON": "/nowhere/python3"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make run PYTHON=/path/to/python3" in done.stderr


def test_what_the_doctor_advises_is_what_the_installation_brings(checkout):
    brought = subprocess.run(
        ["bin/install", "--list", "test"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.split()
    advised = {
        package
        for path in (checkout / "webapp" / "doctor").glob("*.py")
        for line in path.read_text().splitlines()
        if "apt-get install" in line
        for package in line.partition("apt-get install")[2].strip(' "),').split()
        if not package.startswith("{")
    }

    assert advised - {"python3"} <= set(brought)
    assert {"chromium-headless-shell", "chromium-driver"} <= advised
