"""Files that a page lets the visitor download."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator
from pydantic import Field as Option

from webapp.browser.actions.fields import Field, Options
from webapp.browser.actions.registry import Action, Finding
from webapp.browser.downloading import Download, Downloads
from webapp.browser.errors import StepFailed
from webapp.browser.matching import fold
from webapp.browser.page import Page, Watched
from webapp.browser.seeking import poll, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step

LONGEST_NAME = 255
MOST_BYTES = 1_000_000_000


def _checked_sum(given: str) -> str:
    if given and "{{" not in given and not re.fullmatch(r"[0-9a-fA-F]{64}", given):
        raise ValueError("A SHA-256 sum has 64 digits and letters from a to f.")
    return given.lower() if "{{" not in given else given


class DownloadOptions(Options):
    size_min: int | None = Option(
        None,
        title="Least bytes",
        ge=0,
        le=MOST_BYTES,
        json_schema_extra={"right": f"a whole number of bytes, at most {MOST_BYTES:,}"},
    )
    size_max: int | None = Option(
        None,
        title="Most bytes",
        ge=0,
        le=MOST_BYTES,
        json_schema_extra={"right": f"a whole number of bytes, at most {MOST_BYTES:,}"},
    )
    sha256: Annotated[str, AfterValidator(_checked_sum)] = Option("", title="SHA-256 sum")
    text: str = Option(
        "",
        title="Text inside",
        max_length=1000,
        description="Blanks are folded; the first 20 MB are searched, as text in UTF-8.",
        json_schema_extra={"right": "a text, at most 1,000 characters"},
    )


class _OfDownload(Action):
    changes_page: ClassVar[bool] = False
    watches: ClassVar[frozenset[Watched]] = frozenset({"downloads"})
    content: ClassVar[Field | None] = Field(
        "content",
        "File name",
        required=True,
        placeholder="invoice-*.pdf",
        help="* stands for anything, ? for one character.",
    )

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        if len(content) > LONGEST_NAME:
            return f"The name has {len(content)} characters; files have at most {LONGEST_NAME}."
        if "/" in content:
            return "A file name holds no “/”: downloads have no folders."
        return "" if content.strip() else "The name is empty; * stands for any file."

    def newest(self, step: Step, page: Page) -> Download:
        """The newest complete file of this name, as soon as there is one."""
        seen = poll(page, page.downloads, lambda now: bool(_named(step, now)))
        if found := _named(step, seen):
            return found[0]
        others = ", ".join(one.words for one in seen.complete[:5]) or "nothing"
        partial = ", ".join(seen.partial[:5])
        on_the_way = f" On its way, but not complete: {partial}." if partial else ""
        raise StepFailed(
            f"No file “{step.content}” was downloaded within {waited(page)}. This run downloaded "
            f"{others}.{on_the_way}",
            f"a file “{step.content}”",
            partial or others,
        )


def _named(step: Step, seen: Downloads) -> list[Download]:
    wanted = (step.content or "").strip().casefold()
    return [one for one in seen.complete if fnmatch.fnmatchcase(one.name.casefold(), wanted)]


class WaitForDownload(
    _OfDownload,
    name="wait_for_download",
    label="Wait for download",
    group="Waiting",
    icon="cloud-down",
):
    """Wait until a file has been downloaded completely, since the run began."""

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Wait until “{step.content}” is downloaded"

    def run(self, step: Step, page: Page) -> Finding:
        file = self.newest(step, page)
        return Finding(
            expected=f"a file “{step.content}”",
            found=file.words,
            notes=(f"Downloaded {file.words}",),
        )


class AssertDownload(
    _OfDownload,
    name="assert_download",
    label="Expect download",
    group="Assertions",
    icon="file-download",
):
    """A file was downloaded since the run began, and is as it should be; the newest one counts."""

    Options: ClassVar[type[Options]] = DownloadOptions

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        least, most = options.get("size_min"), options.get("size_max")
        if least is not None and most is not None and least > most:
            return f"No file has at least {least:,} and at most {most:,} bytes."
        return super().check_content(content, options)

    @classmethod
    def summary(cls, step: Step) -> str:
        return f"Expect that “{step.content}” was downloaded"

    def run(self, step: Step, page: Page) -> Finding:
        file = self.newest(step, page)
        digest = file.sha256()
        for expected, found in self._mistakes(step, file, digest):
            message = f"Expected {file.words} to have {expected}, but it has {found}."
            raise StepFailed(message, expected, found)
        notes = (f"Downloaded {file.words}, SHA-256 {digest}",)
        return Finding(expected=f"a file “{step.content}”", found=file.words, notes=notes)

    def _mistakes(self, step: Step, file: Download, digest: str) -> list[tuple[str, str]]:
        """What is expected and found, where these differ."""
        options, mistakes = step.options, []
        if (least := options.get("size_min")) is not None and file.size < least:
            mistakes.append((f"at least {least:,} bytes", f"{file.size:,}"))
        if (most := options.get("size_max")) is not None and file.size > most:
            mistakes.append((f"at most {most:,} bytes", f"{file.size:,}"))
        if (wanted := options.get("sha256")) and digest != str(wanted).lower():
            mistakes.append((f"the SHA-256 sum {wanted}", digest))
        if text := options.get("text"):
            inside = fold(file.text())
            if fold(str(text)) not in inside:
                mistakes.append((f"the text “{text}” inside", f"“{inside[:80]}…” and not this"))
        return mistakes
