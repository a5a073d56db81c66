"""How steps about network, downloads and accessibility are checked, and what they are called."""

import shutil
from pathlib import Path

import pytest

from tests.browser.building import step
from tests.browser.fakes import FakePage
from webapp.browser.actions import ACTIONS
from webapp.browser.auditing import VENDORED, axe, read_audit
from webapp.browser.downloading import downloads_in
from webapp.browser.errors import StepInvalid
from webapp.browser.player import Outcome, Plan, play
from webapp.browser.steps import parse_step
from webapp.browser.stopping import Stop


@pytest.mark.parametrize(
    ("action", "content", "options", "sentence"),
    [
        ("wait_for_network", "0", {}, "not a number of seconds up to 60"),
        ("wait_for_network", "nan", {}, "not a number of seconds"),
        ("assert_request", " ", {}, "would count every request"),
        ("assert_request", "/a", {"count": 0}, "would never fail"),
        ("assert_request", "/a", {"status": "9xx"}, "is not a status like 200"),
        ("assert_request", "/a", {"method": "get"}, "is not one of any, GET, POST"),
        ("assert_request", "/a", {"count": -1}, "is not a whole number from 0"),
        ("assert_response_time", "fast", {}, "not a number of milliseconds"),
        ("assert_response_time", "0", {}, "not a number of milliseconds"),
        ("assert_response_time", "5", {"of": "request"}, "Say which requests are meant"),
        ("wait_for_download", "a/b", {}, "downloads have no folders"),
        ("wait_for_download", " ", {}, "* stands for any file"),
        ("assert_download", "a" * 300, {}, "files have at most 255"),
        ("assert_download", "a", {"sha256": "abc"}, "A SHA-256 sum has 64 digits"),
        ("assert_download", "a", {"size_min": 2, "size_max": 1}, "No file has at least 2"),
        ("assert_download", "a", {"size_min": -1}, "is not a whole number of bytes"),
        ("assert_accessible", None, {"impact": "bad"}, "is not one of minor, moderate"),
    ],
)
def test_what_makes_no_sense_is_refused(
    action: str, content: str | None, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(StepInvalid) as refused:
        parse_step({"number": 1, "action": action, "content": content, "options": options})
    assert sentence in str(refused.value)


def test_their_summaries_are_sentences() -> None:
    steps = [
        step("wait_for_network"),
        step("assert_request", content="/api", method="POST", status=200, count=2, operator="=="),
        step("assert_no_failed_requests"),
        step("assert_no_script_errors"),
        step("assert_response_time", content="900", of="request", url="/api"),
        step("assert_response_time", content="900", until="ready"),
        step("wait_for_download", content="*.pdf"),
        step("assert_download", content="*.pdf"),
        step("assert_accessible"),
    ]
    assert [ACTIONS[one.action].summary(one) for one in steps] == [
        "Wait until the network is quiet for 0.5 s",
        "Expect exactly 2 POST requests to “/api” with status 200",
        "Expect that no request failed",
        "Expect that no script met an error",
        "Expect the requests to “/api” to be answered within 900 ms",
        "Expect the page to be built within 900 ms",
        "Wait until “*.pdf” is downloaded",
        "Expect that “*.pdf” was downloaded",
        "Expect the page to be accessible",
    ]


def test_a_run_watches_what_its_steps_ask_about_and_no_more() -> None:
    page = FakePage()
    list(play(Plan("https://shop.example/", (step("wait", content="0"),)), page, Stop()))
    assert page.watched == set()
    asking = (
        step("assert_no_script_errors"),
        step("wait_for_download", content="*", timeout_seconds=0.1),
    )
    list(play(Plan("https://shop.example/", asking), page, Stop()))
    assert page.watched == {"errors", "downloads"}


def test_quiet_for_longer_than_the_step_has_is_refused() -> None:
    waiting = step("wait_for_network", content="2", timeout_seconds=1)
    plan = Plan("https://shop.example/", (waiting,))
    *_, seen = [one for one in play(plan, FakePage(), Stop()) if isinstance(one, Outcome)]
    assert "waits for 2 s of quiet, but it has only 1 s of time" in (seen.error or "")


def test_files_on_their_way_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"whole")
    (tmp_path / "b.pdf").touch()
    (tmp_path / "Xy7.b.pdf.part").write_bytes(b"some")
    (tmp_path / "c.crdownload").write_bytes(b"some")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("/etc/passwd")
    seen = downloads_in(tmp_path)
    assert [(one.name, one.size) for one in seen.complete] == [("a.pdf", 5)]
    assert set(seen.partial) == {"c.crdownload", "Xy7.b.pdf.part"}
    assert seen.size == 13
    (tmp_path / "Xy7.b.pdf.part").unlink()
    (tmp_path / "c.crdownload").unlink()
    assert {one.name for one in downloads_in(tmp_path).complete} == {"a.pdf", "b.pdf"}
    shutil.copy(tmp_path / "a.pdf", tmp_path / "d.txt")
    (tmp_path / "d.txt").write_bytes("Grüße".encode("utf-16"))
    newest = downloads_in(tmp_path).complete[0]
    assert (newest.name, newest.text()) == ("d.txt", "Grüße")


def test_the_worst_barrier_comes_first() -> None:
    found = {"help": "", "first": "#a"}
    barriers = [
        {"rule": "mild", "impact": "minor", "count": 9, **found},
        {"rule": "few", "impact": "critical", "count": 1, **found},
        {"rule": "many", "impact": "critical", "count": 3, **found},
    ]
    seen = read_audit({"violations": barriers, "undecided": ["x"]})
    assert [one.rule for one in seen.barriers] == ["many", "few", "mild"]


def test_axe_is_vendored_with_version_and_licence() -> None:
    version, source = axe()
    assert f"axe v{version}" in source
    assert {path.name for path in VENDORED.iterdir()} == {
        f"axe-{version}.min.js", "axe.LICENSE", "versions.json",
    }  # fmt: skip
    assert "Mozilla Public License" in (VENDORED / "axe.LICENSE").read_text()
