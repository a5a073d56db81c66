"""Whatever dies, nothing of a browser stays: no process, no profile, no record."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from tests.site import Site
from webapp.browser import guard
from webapp.browser.driver import Browser, BrowserSettings, open_browser, reap_orphans
from webapp.browser.errors import BrowserLost, RunStopped
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.stopping import Stop

pytestmark = pytest.mark.browser

OWNER = """
import sys, time
from pathlib import Path
from webapp.browser.driver import BrowserSettings, open_browser
browser = open_browser(BrowserSettings(folder=Path(sys.argv[1])))
print("open", flush=True)
time.sleep(60)
"""


def record_of(folder: Path) -> dict[str, object]:
    (path,) = folder.glob("*.json")
    record: dict[str, object] = json.loads(path.read_text())
    return record


def living(record: dict[str, object]) -> list[int]:
    return guard.members(int(str(record["session"])), str(record["id"]), str(record["start"]))


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:
        time.sleep(0.02)
    return holds()


def is_clean(record: dict[str, object], folder: Path) -> bool:
    return (
        not living(record) and not Path(str(record["home"])).exists() and not list(folder.iterdir())
    )


@pytest.mark.parametrize("kind", ["chrome", "chrome-full"])
def test_a_browser_that_is_closed(kind: str, folder: Path) -> None:
    with open_browser(BrowserSettings(kind=kind, folder=folder)) as browser:
        record = record_of(folder)
        assert len(living(record)) > 3 and browser.version
    assert is_clean(record, folder)


def test_a_browser_that_is_killed_from_another_thread(folder: Path, site: Site) -> None:
    with open_browser(BrowserSettings(folder=folder)) as browser:
        record, stop = record_of(folder), Stop()

        def watchdog() -> None:
            stop.request("timed_out")
            started = time.monotonic()
            browser.kill()
            took.append(time.monotonic() - started)

        took: list[float] = []
        threading.Timer(0.5, watchdog).start()
        seen: list[Outcome] = []
        with pytest.raises(RunStopped) as ended:
            for event in play(
                Plan(f"{site.url}/never", (), allow_private=True), browser.page, stop
            ):
                if isinstance(event, Outcome):
                    seen.append(event)
        assert ended.value.reason == "timed_out"
        assert [one.state for one in seen] == ["errored"]
        assert eventually(lambda: not living(record), 1)
    assert took and took[0] < 1
    assert is_clean(record, folder)


@pytest.mark.parametrize("who", ["browser", "driver"])
def test_a_browser_that_dies_by_itself(who: str, folder: Path, site: Site) -> None:
    with open_browser(BrowserSettings(folder=folder)) as browser:
        record = record_of(folder)
        driver = int(str(record["session"]))
        victim = driver if who == "driver" else child_of(driver)
        threading.Timer(0.5, os.kill, (victim, signal.SIGKILL)).start()
        seen: list[Outcome] = []
        with pytest.raises(BrowserLost, match="The browser ended in the middle of the run"):
            steps = (step("click", "#none", timeout_seconds=5),)
            for event in play(Plan(site.url, steps, allow_private=True), browser.page, Stop()):
                if isinstance(event, Outcome):
                    seen.append(event)
        assert seen[-1].state == "errored"
    assert is_clean(record, folder)


@pytest.mark.parametrize("who", ["browser", "driver"])
def test_a_wait_in_which_the_browser_dies_has_not_passed(
    who: str, folder: Path, site: Site
) -> None:
    with open_browser(BrowserSettings(folder=folder)) as browser:
        driver = int(str(record_of(folder)["session"]))
        victim = driver if who == "driver" else child_of(driver)
        seen: list[Outcome] = []
        with pytest.raises(BrowserLost, match="The browser ended in the middle of the run"):
            steps = (step("wait", content="1.5"),)
            for event in play(Plan(site.url, steps, allow_private=True), browser.page, Stop()):
                if isinstance(event, Outcome):
                    seen.append(event)
                elif event.ordinal == 1:
                    threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
        assert [one.state for one in seen] == ["passed", "errored"]


def child_of(parent: int) -> int:
    return next(pid for pid, _, above, _, _ in guard.processes() if above == parent)


def start_owner(folder: Path) -> subprocess.Popen[bytes]:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE)
    assert owner.stdout is not None and owner.stdout.readline() == b"open\n"
    owner.stdout.close()
    return owner


def test_an_owner_that_is_killed(folder: Path) -> None:
    owner = start_owner(folder)
    record = record_of(folder)
    assert len(living(record)) > 3
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert eventually(lambda: is_clean(record, folder))


def test_an_owner_that_is_killed_together_with_its_guard(folder: Path) -> None:
    owner = start_owner(folder)
    record = record_of(folder)
    assert reap_orphans(folder) == 0, "its owner lives"
    watching = next(
        above for pid, _, above, _, _ in guard.processes() if pid == int(str(record["session"]))
    )
    for pid in (watching, owner.pid):
        os.kill(pid, signal.SIGKILL)
    owner.wait()
    assert living(record)
    assert reap_orphans(folder) == 1
    assert is_clean(record, folder)


def test_a_guard_that_is_killed_is_not_missed(folder: Path) -> None:
    with open_browser(BrowserSettings(folder=folder)):
        record = record_of(folder)
        session = int(str(record["session"]))
        watching = next(above for pid, _, above, _, _ in guard.processes() if pid == session)
        os.kill(watching, signal.SIGKILL)
    assert is_clean(record, folder)


def test_the_browser_does_not_know_our_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEYS", "a-key-of-ours")
    with open_browser(BrowserSettings(folder=folder)) as browser:
        for pid in browser.pids:
            assert b"a-key-of-ours" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_closing_twice_and_killing_after_is_fine(folder: Path) -> None:
    browser = open_browser(BrowserSettings(folder=folder))
    browser.close()
    browser.close()
    browser.kill()
    assert not list(folder.iterdir())


def test_a_browser_that_does_not_start_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no display here >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(BrowserLost, match="The browser could not be started: "):
        open_browser(BrowserSettings(folder=folder, chrome_binary=str(broken)))
    assert not list(folder.iterdir())


def test_a_driver_that_does_not_start_is_told_with_its_words(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho a library is missing >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(BrowserLost, match="ended at once: a library is missing"):
        open_browser(BrowserSettings(folder=folder, chromedriver=str(broken)))
    assert not list(folder.iterdir())


def test_runs_follow_each_other_without_a_trace(
    folder: Path, play_on: Callable[[Browser], Play]
) -> None:
    for _ in range(2):
        with open_browser(BrowserSettings(folder=folder)) as browser:
            record = record_of(folder)
            *_, seen = play_on(browser)(step("assert_text", "h1", "Start"))
            assert seen.error is None
        assert is_clean(record, folder)
