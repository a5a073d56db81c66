"""The files that a page let the browser download in this run."""

import contextlib
import hashlib
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.browser.calls import LEAST_SECONDS, Unresponsive
from webapp.browser.errors import StepFailed
from webapp.browser.page import Moved
from webapp.browser.watching import Watching

# What browsers call a file that is not complete yet.
PARTIAL = (".crdownload", ".part")
BEGUN = (".com.google.", ".org.chromium.")
# Downloads of a run that are larger than this together are none that a flow is about.
MOST_BYTES = 1_000_000_000
SEARCHED_BYTES = 20_000_000
# So long a click may wait for the page that it leads to before we look what became of it.
AWAITED_SECONDS = 0.5
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Download:
    """A complete file."""

    name: str
    size: int
    path: Path

    @property
    def words(self) -> str:
        return f"{self.name} ({self.size:,} bytes)"

    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def text(self) -> str:
        """Its first 20 MB as text, whatever it is."""
        with self.path.open("rb") as file:
            content = file.read(SEARCHED_BYTES)
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16", errors="replace")
        return content.decode("utf-8-sig", errors="replace")


@dataclass(frozen=True)
class Downloads:
    """What was downloaded: the newest file first, and the names of those that are on their way."""

    complete: tuple[Download, ...] = ()
    partial: tuple[str, ...] = ()
    size: int = 0


class Downloading(Watching):
    """Without a step that asks for downloads, a run refuses them."""

    def _forget(self) -> None:
        super()._forget()
        wanted = "downloads" in self._watched
        folder = self.downloads_folder
        if folder is not None and wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        where = str(folder) if folder is not None and wanted else ""
        if self._is_chromium:
            self._allow_in_chromium(where)
        elif self.bidi_url and (where or self._bidi is not None):
            self._allow_in_firefox(where)

    def _allow_in_chromium(self, where: str) -> None:
        words: dict[str, Any] = {"behavior": "deny"}
        if where:
            words = {"behavior": "allow", "downloadPath": where}
        command = {"cmd": "Browser.setDownloadBehavior", "params": words}
        self._ask(lambda: self._driver.execute("executeCdpCommand", command))

    def _allow_in_firefox(self, where: str) -> None:
        words = {"type": "allowed", "destinationFolder": where} if where else {"type": "denied"}
        with self._listening() as bidi:
            bidi.command("browser.setDownloadBehavior", downloadBehavior=words)

    def _do(self, what: Callable[[], Any]) -> None:
        """Act once. Firefox awaits a page after a click; a download brings none."""
        if self._is_chromium or "downloads" not in self._watched or not self.bidi_url:
            super()._do(what)
            return
        origin, begun = self.state().origin, self._begun()
        self._set_timeouts(min(AWAITED_SECONDS, self.patience.seconds))
        try:
            super()._do(what)
        except Unresponsive:
            self._await_page_or_download(origin, begun)
        finally:
            self._set_timeouts(max(self.patience.seconds, LEAST_SECONDS))

    def _await_page_or_download(self, origin: float, begun: int) -> None:
        self._has_acted, self._no_picture = True, ""
        while self._begun() == begun:
            with contextlib.suppress(Moved):
                if self.state().origin != origin:
                    return
            if self.patience.is_over:
                raise Unresponsive.of(self.patience)
            self.patience.pause(PAUSE_SECONDS)

    def _begun(self) -> int:
        with self._listening() as bidi:
            bidi.read(self._traffic, self._script_errors)
            return bidi.downloads_begun

    def downloads(self) -> Downloads:
        folder = self.downloads_folder
        if folder is None:
            raise StepFailed(
                "This browser runs on another machine, so its downloads cannot be read.",
                "a browser on this machine",
                "a browser elsewhere",
            )
        seen = downloads_in(folder)
        if seen.size > MOST_BYTES:
            raise StepFailed(
                f"The page downloads more than {MOST_BYTES // 10**9} GB, and a run may not keep "
                "more than that.",
                f"at most {MOST_BYTES:,} bytes",
                f"{seen.size:,} bytes",
            )
        return seen


def downloads_in(folder: Path) -> Downloads:
    """What is in the folder; a file can be renamed while it is looked at."""
    files: list[tuple[int, Download]] = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode):
                files.append((about.st_mtime_ns, Download(path.name, about.st_size, path)))
    newest = [file for _, file in sorted(files, key=lambda one: one[0], reverse=True)]
    partial = [file for file in newest if _is_partial(file.name)]
    # Firefox puts an empty file in the place that it will fill at the end.
    complete = [file for file in newest if file not in partial and (file.size or not partial)]
    size = sum(file.size for file in newest)
    return Downloads(tuple(complete), tuple(file.name for file in partial), size)


def _is_partial(name: str) -> bool:
    return name.endswith(PARTIAL) or name.startswith(BEGUN)
