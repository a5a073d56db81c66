"""Finding browsers, and the sentence when there is none."""

from pathlib import Path

import pytest

from webapp.browser import programs as found
from webapp.browser.driver import open_browser
from webapp.browser.errors import BrowserMissing
from webapp.browser.programs import KINDS, available_browsers, programs
from webapp.browser.settings import BrowserSettings


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found.shutil, "which", lambda place: None)
    monkeypatch.setattr(found, "_packaged_geckodriver", lambda: ())


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("chrome", "To install it: apt-get install chromium-headless-shell chromium-driver"),
        ("chrome-full", "To install it: apt-get install chromium chromium-driver"),
        ("firefox", "apt-get install firefox-esr"),
        ("edge", "microsoft-edge-stable"),
    ],
)
def test_a_missing_browser_is_named_with_its_cure(kind: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BrowserMissing) as missing:
        open_browser(BrowserSettings(kind=kind, folder=tmp_path))
    assert f"The browser of {KINDS[kind].label} is not installed" in str(missing.value)
    assert words in str(missing.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("nothing_installed")
def test_what_is_available_says_why_it_is_not() -> None:
    seen = available_browsers()
    assert [one.kind for one in seen] == ["chrome", "chrome-full", "firefox", "edge"]
    assert not any(one.is_installed for one in seen)


def test_a_setting_that_names_no_program() -> None:
    with pytest.raises(BrowserMissing, match="CHROME_BINARY is /no/such, and that is no program"):
        programs(BrowserSettings(chrome_binary="/no/such"))


def test_an_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(BrowserMissing, match=r"“netscape” is not a browser .* chrome, chrome-full"):
        open_browser(BrowserSettings(kind="netscape", folder=tmp_path))


def test_the_settings_come_from_the_configuration(tmp_path: Path) -> None:
    class Places:
        var = tmp_path
        chrome_binary = "/a"
        chromedriver = "/b"
        firefox_binary = "/c"
        geckodriver = "/d"
        own_addresses: tuple[str, ...] = ("127.0.0.1:8000",)

    chrome = BrowserSettings.from_config(Places())
    assert (chrome.folder, chrome.overrides) == (tmp_path / "browsers", ("/a", "/b"))
    assert chrome.of_kind("firefox").overrides == ("/c", "/d")
    assert chrome.of_kind("chrome-full").overrides == ("", "/b")
    assert chrome.of_kind("edge").overrides == ("", "")
