"""What has to be known to start a browser."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, Self


class Places(Protocol):
    """The part of the application's configuration that names programs and the data folder."""

    @property
    def var(self) -> Path: ...
    @property
    def chrome_binary(self) -> str: ...
    @property
    def chromedriver(self) -> str: ...
    @property
    def firefox_binary(self) -> str: ...
    @property
    def geckodriver(self) -> str: ...
    @property
    def own_addresses(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class BrowserSettings:
    """`kind` is chrome, chrome-full, firefox or edge; empty paths are searched for.

    With `remote_url` a Selenium Grid (or any WebDriver server) gives the browser.
    """

    kind: str = "chrome"
    folder: Path = field(default_factory=lambda: Path("var/browsers"))
    chrome_binary: str = ""
    chromedriver: str = ""
    firefox_binary: str = ""
    geckodriver: str = ""
    remote_url: str = ""
    width: int = 1366
    height: int = 768
    language: str = "en-US"
    start_timeout_seconds: float = 30.0
    # Services of ours as `host:port`: Chromium is told that they do not exist.
    own_addresses: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Places, kind: str = "chrome") -> Self:
        return cls(
            kind=kind,
            folder=config.var / "browsers",
            chrome_binary=config.chrome_binary,
            chromedriver=config.chromedriver,
            firefox_binary=config.firefox_binary,
            geckodriver=config.geckodriver,
            own_addresses=config.own_addresses,
        )

    @property
    def overrides(self) -> tuple[str, str]:
        """The browser and the driver that the settings name; CHROME_BINARY is the headless one."""
        if self.kind == "firefox":
            return self.firefox_binary, self.geckodriver
        browser = self.chrome_binary if self.kind == "chrome" else ""
        return browser, self.chromedriver if self.kind != "edge" else ""

    def of_kind(self, kind: str) -> Self:
        return replace(self, kind=kind)
