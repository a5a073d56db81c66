"""Open a browser of any kind for one run, and leave nothing of it behind."""

from types import TracebackType
from typing import Self

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chromium.remote_connection import ChromiumRemoteConnection
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.firefox.remote_connection import FirefoxRemoteConnection
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from urllib3.exceptions import HTTPError

from webapp.browser.capabilities import options_for
from webapp.browser.errors import BrowserLost
from webapp.browser.launching import Launched, launch, log_tail
from webapp.browser.orphans import reap_orphans
from webapp.browser.programs import available_browsers, kind_of, programs
from webapp.browser.selenium_page import SeleniumPage
from webapp.browser.settings import BrowserSettings

__all__ = ["Browser", "BrowserSettings", "available_browsers", "open_browser", "reap_orphans"]

# For the start; each call of a step has its own limit.
CALL_TIMEOUT_SECONDS = 120


class Browser:
    """One browser for one run. `kill` may be called from any thread and at any time."""

    def __init__(self, settings: BrowserSettings, driver: WebDriver, launched: Launched | None):
        self.settings = settings
        self.name: str = kind_of(settings.kind).label
        self.version: str = str(driver.capabilities.get("browserVersion", ""))
        self.page = SeleniumPage(driver, is_chromium=settings.kind != "firefox")
        self.page.is_remote = bool(settings.remote_url)
        self.page.bidi_url = str(driver.capabilities.get("webSocketUrl") or "")
        self.page.downloads_folder = launched.home / "downloads" if launched else None
        self.driver = driver
        self._launched = launched

    @property
    def pids(self) -> list[int]:
        """The living processes of a local browser and its driver."""
        return self._launched.pids if self._launched else []

    def kill(self) -> None:
        """End the browser at once, whatever it is doing; calls in flight end with an error."""
        if self._launched:
            self._launched.kill()
        else:
            self._quit()

    def close(self) -> None:
        """End the browser and remove its profile. Safe to call twice, and after `kill`."""
        if self._launched:
            # No farewell to the driver: everything of it is thrown away, and this is faster.
            self._launched.close()
        else:
            self._quit()
        self.page.stop_watching()

    def _quit(self) -> None:
        try:
            self.driver.quit()
        except (WebDriverException, HTTPError, OSError):
            return  # the remote server ended the session before us

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_browser(settings: BrowserSettings) -> Browser:
    """Start a fresh browser; use it with `with`. Raises BrowserMissing or BrowserLost."""
    kind_of(settings.kind)
    if settings.remote_url:
        return Browser(settings, _connect(settings, settings.remote_url, _options(settings)), None)
    found = programs(settings)
    launched = launch(settings, found)
    try:
        options = options_for(settings, found, launched.home)
        return Browser(settings, _connect(settings, launched.url, options), launched)
    except BrowserLost as error:
        words = f"{error} {log_tail(launched.home)}".strip()
        launched.close()
        raise BrowserLost(words) from error
    except BaseException:
        launched.close()
        raise


def _options(settings: BrowserSettings) -> ArgOptions:
    return options_for(settings, None, None)


def _connect(settings: BrowserSettings, url: str, options: ArgOptions) -> WebDriver:
    try:
        return WebDriver(
            command_executor=_connection(settings, url),
            options=options,
            # The default one uploads the worker's file when a typed text happens to be its path.
            file_detector=UselessFileDetector(),
        )
    except (WebDriverException, HTTPError, OSError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise BrowserLost(
            f"The browser could not be started: {' '.join(reason.split())}"
        ) from error


def _connection(settings: BrowserSettings, url: str) -> RemoteConnection:
    # No retries: a click that may have reached the page must not be sent twice.
    client = ClientConfig(
        remote_server_addr=url,
        timeout=CALL_TIMEOUT_SECONDS,
        init_args_for_pool_manager={"init_args_for_pool_manager": {"retries": False}},
    )
    ignore_proxy = not settings.remote_url
    if settings.kind == "firefox":
        return FirefoxRemoteConnection(url, ignore_proxy=ignore_proxy, client_config=client)
    prefix, name = ("ms", "MicrosoftEdge") if settings.kind == "edge" else ("goog", "chrome")
    return ChromiumRemoteConnection(
        url, prefix, name, ignore_proxy=ignore_proxy, client_config=client
    )
