"""What a browser is told when it starts."""

import os
import shlex
import shutil
from pathlib import Path

from selenium.webdriver.chrome.options import Options as ChromeOptions
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.edge.options import Options as EdgeOptions
from selenium.webdriver.firefox.options import Options as FirefoxOptions

from webapp.browser.programs import Programs
from webapp.browser.settings import BrowserSettings

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-breakpad",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
    "--password-store=basic",
    "--mute-audio",
    "--force-color-profile=srgb",
)
PREFERENCES = {
    "credentials_enable_service": False,
    "profile.password_manager_enabled": False,
    "profile.password_manager_leak_detection": False,
    "profile.default_content_setting_values.notifications": 2,
    "autofill.profile_enabled": False,
    "autofill.credit_card_enabled": False,
}
# The driver counts on a first page, but starts the headless shell without an address to open, and
# since version 156 that means without a page: "unable to discover open pages". `exec`, so that no
# shell stays between driver and browser.
FIRST_PAGE = """#!/bin/sh
for word; do case $word in -*) ;; *) exec {program} "$@" ;; esac; done
exec {program} "$@" about:blank
"""
LOOPBACKS = ("127.0.0.1", "localhost", "*.localhost", "[::1]", "0.0.0.0", "[::]")
SMALL_MEMORY = 512 * 1024 * 1024


def options_for(settings: BrowserSettings, found: Programs | None, home: Path | None) -> ArgOptions:
    """`found` and `home` are None for a remote browser, which has its own."""
    options = _firefox(settings) if settings.kind == "firefox" else _chromium(settings, home)
    if found is not None:
        options.binary_location = found.browser
    if found is not None and home is not None and settings.kind == "chrome":
        options.binary_location = _with_first_page(found.browser, home)
    # A page counts as loaded when its document is; a slow tracker must not turn a run red.
    options.page_load_strategy = "eager"
    # We answer dialogs ourselves, since a step may be about one; the question whether to leave a
    # page is always answered with yes by the driver.
    options.set_capability("unhandledPromptBehavior", "ignore")
    options.set_capability("timeouts", {"implicit": 0, "pageLoad": 10_000, "script": 10_000})
    return options


def _chromium(settings: BrowserSettings, home: Path | None) -> ChromeOptions | EdgeOptions:
    options = EdgeOptions() if settings.kind == "edge" else ChromeOptions()
    for argument in QUIET:
        options.add_argument(argument)
    options.add_argument("--headless=new" if settings.kind != "chrome" else "--headless")
    options.add_argument(f"--window-size={settings.width},{settings.height}")
    options.add_argument(f"--lang={settings.language}")
    if hidden := _hidden(settings.own_addresses):
        options.add_argument(f"--host-resolver-rules={hidden}")
    if home is not None:
        options.add_argument(f"--user-data-dir={home / 'profile'}")
        _fit_machine(options)
    preferences = {**PREFERENCES, "intl.accept_languages": _languages(settings.language)}
    options.add_experimental_option("prefs", preferences)
    # Where the browser says what was asked of the network, and which errors scripts met.
    prefix = "ms" if settings.kind == "edge" else "goog"
    options.set_capability(f"{prefix}:loggingPrefs", {"performance": "ALL", "browser": "SEVERE"})
    # Only windows that a click asks for may open, as in anybody's browser.
    options.add_experimental_option("excludeSwitches", ["disable-popup-blocking"])
    return options


def _hidden(own_addresses: tuple[str, ...]) -> str:
    """Rules that hold for links, redirects and whatever a page loads, not only for `open`."""
    places: list[str] = []
    for address in own_addresses:
        host, _, port = address.rpartition(":")
        here = LOOPBACKS if host == "127.0.0.1" else (host,)
        places += [f"MAP {name}:{port} ~NOTFOUND" for name in here]
    return ",".join(places)


def _with_first_page(program: str, home: Path) -> str:
    script = home / "browser"
    script.write_text(FIRST_PAGE.format(program=shlex.quote(program)), encoding="utf-8")
    script.chmod(0o700)
    return str(script)


def _fit_machine(options: ChromeOptions | EdgeOptions) -> None:
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses to sandbox itself as root
    if is_shared_memory_small():
        options.add_argument("--disable-dev-shm-usage")


def is_shared_memory_small(folder: str = "/dev/shm") -> bool:
    """Docker gives 64 MB unless told otherwise; pages crash when Chromium fills it."""
    try:
        return shutil.disk_usage(folder).total < SMALL_MEMORY
    except OSError:
        return True


def _languages(language: str) -> str:
    return language if "-" not in language else f"{language},{language.partition('-')[0]}"


def _firefox(settings: BrowserSettings) -> FirefoxOptions:
    options = FirefoxOptions()
    options.set_capability("webSocketUrl", True)  # by which it tells what happens beside
    options.add_argument("-headless")
    options.add_argument(f"--width={settings.width}")
    options.add_argument(f"--height={settings.height}")
    preferences: dict[str, str | int | bool] = {
        "intl.accept_languages": _languages(settings.language),
        "signon.rememberSignons": False,
        "app.update.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "permissions.default.desktop-notification": 2,
    }
    for name, value in preferences.items():
        options.set_preference(name, value)
    return options
