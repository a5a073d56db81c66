"""Files that a page lets the visitor download, in Chromium and in Firefox."""

import hashlib
from urllib.parse import quote

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.driver import Browser
from webapp.browser.steps import Step

pytestmark = pytest.mark.browser

TEXT = "Invoice 2027-1\n  Total: 42 €"
SUM = hashlib.sha256(TEXT.encode()).hexdigest()
SIZE = len(TEXT.encode())
CLICK = step("click", "a")


def link(name: str = "invoice-7.txt", **query: object) -> str:
    asked = "&".join(f"{one}={quote(str(value))}" for one, value in query.items())
    return f"<a href='/attachment?name={quote(name)}&text={quote(TEXT)}&{asked}'>Invoice</a>"


def soft(action: str, content: str, **more: object) -> Step:
    return step(action, content=content, **more).model_copy(update={"on_failure": "soft"})


def test_a_download_is_waited_for_and_examined(play_both: Play) -> None:
    _, clicked, waited, *seen = play_both(
        CLICK,
        step("wait_for_download", content="Invoice-*.txt"),
        step("assert_download", content="invoice-?.txt", size_min=SIZE, size_max=SIZE, sha256=SUM),
        step("assert_download", content="*", text="2027-1 Total: 42 €"),
        html=link(),
    )
    assert [one.error for one in (clicked, waited, *seen)] == [None] * 4
    assert waited.notes == (f"Downloaded invoice-7.txt ({SIZE} bytes)",)
    assert f"SHA-256 {SUM}" in seen[0].notes[0]


def test_a_download_that_is_not_what_it_should_be_says_so(play_both: Play) -> None:
    _, _, small, large, other, text = play_both(
        CLICK,
        soft("assert_download", "*.txt", size_min=5000),
        soft("assert_download", "*.txt", size_max=2),
        soft("assert_download", "*.txt", sha256="0" * 64),
        soft("assert_download", "*.txt", text="Total: 43"),
        html=link(),
    )
    words = f"Expected invoice-7.txt ({SIZE} bytes) to have"
    assert small.error == f"{words} at least 5,000 bytes, but it has {SIZE}."
    assert large.error == f"{words} at most 2 bytes, but it has {SIZE}."
    assert other.error == f"{words} the SHA-256 sum {'0' * 64}, but it has {SUM}."
    assert f"{words} the text “Total: 43” inside, but it has “Invoice 2027-1" in (text.error or "")


def test_a_file_that_is_not_complete_does_not_count(play_both: Play) -> None:
    _, _, early, late = play_both(
        CLICK,
        soft("wait_for_download", "invoice-*", timeout_seconds=0.7),
        step("wait_for_download", content="invoice-*"),
        html=link(pause=1.5),
    )
    assert early.state == "failed" and late.error is None
    assert "No file “invoice-*” was downloaded within 0.7 s." in (early.error or "")


def test_what_was_downloaded_instead_is_told(play_both: Play) -> None:
    _, _, _, seen = play_both(
        CLICK,
        step("wait_for_download", content="*"),
        step("assert_download", content="report.pdf", timeout_seconds=0.2),
        html=link(),
    )
    assert f"This run downloaded invoice-7.txt ({SIZE} bytes)." in (seen.error or "")


def test_each_run_begins_with_no_download(play_both: Play) -> None:
    play_both(CLICK, step("wait_for_download", content="*"), html=link())
    _, seen = play_both(step("wait_for_download", content="*", timeout_seconds=0.3))
    assert "This run downloaded nothing." in (seen.error or "")


def test_the_newest_of_two_counts(play_both: Play) -> None:
    html = link() + "<button onclick=\"location='/attachment?name=invoice-8.txt&text=new'\">B"
    *_, seen = play_both(
        CLICK,
        step("wait_for_download", content="invoice-7.txt"),
        step("click", "button"),
        step("wait_for_download", content="invoice-8.txt"),
        step("assert_download", content="invoice-*", text="new"),
        html=html,
    )
    assert seen.error is None


def test_a_download_is_no_failed_request(play_both: Play) -> None:
    *_, seen = play_both(
        CLICK,
        step("wait_for_download", content="*"),
        step("assert_no_failed_requests"),
        html=link(),
    )
    assert seen.error is None


def test_a_click_that_leads_to_a_slow_page_is_still_followed(play_both: Play) -> None:
    """Firefox awaits pages after a click, but not for ever where a download may come instead."""
    _, _, title, *_ = play_both(
        CLICK,
        step("assert_title", content="Blank", timeout_seconds=0.1),
        step("assert_download", content="x", timeout_seconds=0.1),
        html="<a href='/blank?after=1.5'>Next</a>",
    )
    assert title.error is None


def test_without_a_step_about_downloads_none_is_kept(play_both: Play, both: Browser) -> None:
    play_both(step("wait_for_download", content="x", timeout_seconds=0.1))
    folder = both.page.downloads_folder
    assert folder is not None
    play_both(CLICK, step("wait", content="0.5"), html=link())
    assert list(folder.iterdir()) == []
