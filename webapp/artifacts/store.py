"""Where the contents of artifacts are kept: one interface, a local folder behind it."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flask import current_app


class ContentMissing(Exception):
    """The content was there once and is not any more (retention, a lost disk)."""


class Store(Protocol):
    def put(self, content: bytes) -> str:
        """Keep the content and give its sha256; keeping the same twice keeps it once."""

    def get(self, sha256: str) -> bytes:
        """The content; raises ContentMissing."""

    def delete(self, sha256: str) -> None:
        """Forget the content; no error when it is gone already."""

    def kept_before(self, at: datetime, prefix: str) -> Iterator[str]:
        """The contents that nobody has put since then; drafts of that age are removed.

        A part of all: those whose sha256 begins with these two digits.
        """


class FolderStore:
    """Contents as files named by their hash; a file is complete or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        with suppress(FileNotFoundError):
            os.utime(path)  # it is wanted again: see kept_before
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{sha256}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            draft.write_bytes(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return sha256

    def get(self, sha256: str) -> bytes:
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise ContentMissing(f"The file {sha256[:12]}… is not kept any more.") from error

    def delete(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def kept_before(self, at: datetime, prefix: str) -> Iterator[str]:
        for path in self.folder.glob(f"{prefix}/*"):
            with suppress(FileNotFoundError):  # somebody else was quicker
                if path.stat().st_mtime >= at.timestamp():
                    continue
                if "." in path.name:
                    path.unlink()
                else:
                    yield path.name

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def store() -> Store:
    """The store of the current app."""
    opened: Store = current_app.extensions["store"]
    return opened
