"""Records of browsers whose owners are gone."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from webapp.browser import guard
from webapp.browser.launching import machine
from webapp.browser.orphans import FOREIGN_SECONDS, reap_orphans


def record(folder: Path, name: str = "a", **values: Any) -> Path:
    path = folder / f"{name}.json"
    made = {"id": "0" * 16, "home": str(folder / "lamplighter-browser-x"), "machine": machine()}
    made |= {"owner": 4_000_000, "owner_start": "1", "session": 0, "start": ""}
    path.write_text(json.dumps(made | values))
    return path


def test_a_dead_owners_browser_is_ended_and_its_profile_removed(tmp_path: Path) -> None:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    home = tmp_path / "lamplighter-browser-x"
    home.mkdir()
    record(tmp_path, session=child.pid, start=guard.started(child.pid))
    assert reap_orphans(tmp_path) == 1
    assert child.wait(5) == -9
    assert list(tmp_path.iterdir()) == []


def test_a_living_owners_browser_is_left_alone(tmp_path: Path) -> None:
    record(tmp_path, owner=os.getpid(), owner_start=guard.started(os.getpid()))
    assert reap_orphans(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 1


def test_a_reused_number_of_an_owner_is_not_the_owner(tmp_path: Path) -> None:
    record(tmp_path, owner=os.getpid(), owner_start="7")
    assert reap_orphans(tmp_path) == 1


def test_a_reused_number_of_a_session_is_not_the_browser(tmp_path: Path) -> None:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    record(tmp_path, session=child.pid, start="7")
    assert reap_orphans(tmp_path) == 1
    assert child.poll() is None
    child.kill()
    child.wait()


def test_another_hosts_records_are_its_own_for_a_day(tmp_path: Path) -> None:
    path = record(tmp_path, machine="elsewhere")
    assert reap_orphans(tmp_path) == 0
    long_ago = time.time() - FOREIGN_SECONDS - 1
    os.utime(path, (long_ago, long_ago))
    assert reap_orphans(tmp_path) == 1


def test_a_folder_that_no_browser_made_is_never_removed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    record(tmp_path, home=str(precious))
    assert reap_orphans(tmp_path) == 1
    assert precious.exists()


def test_a_torn_record_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"id": ')
    assert reap_orphans(tmp_path) == 1


def test_a_folder_that_is_not_there_yet_holds_none(tmp_path: Path) -> None:
    assert reap_orphans(tmp_path / "later") == 0


def test_session_0_belongs_to_nobody(tmp_path: Path) -> None:
    assert guard.members(0, "no-such-mark") == []
