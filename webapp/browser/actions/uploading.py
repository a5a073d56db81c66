"""Upload files that are stored with the flow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from webapp.browser.actions.fields import Field
from webapp.browser.actions.registry import Action, Finding, Target
from webapp.browser.errors import StepFailed
from webapp.browser.page import FileField, Page, Sight
from webapp.browser.seeking import poll, seek, waited

if TYPE_CHECKING:
    from webapp.browser.steps import Step

MOST_FILES = 50


class Upload(Action, name="upload", label="Upload", group="Forms", icon="upload"):
    """Choose files in a field for files, which may be hidden behind a button or a label. The files
    are stored with the flow."""

    locators: ClassVar[Target] = "required"
    content: ClassVar[Field | None] = Field(
        "content",
        "Files",
        kind="textarea",
        required=True,
        placeholder="invoice.pdf",
        help="Names of files that are stored with this flow, one a line.",
    )

    @classmethod
    def summary(cls, step: Step) -> str:
        names = ", ".join(f"“{name}”" for name in file_names(step.content or ""))
        return f"Upload {names if len(names) <= 60 else f'{names[:59]}…'} to {step.target}"

    @classmethod
    def check_content(cls, content: str, options: dict[str, Any]) -> str:
        names = file_names(content)
        if not names:
            return "It names no file."
        if len(names) > MOST_FILES:
            return f"It names {len(names)} files; at most {MOST_FILES} go at once."
        twice = next((name for name in names if names.count(name) > 1), None)
        return f"“{twice[:60]}” is in it twice." if twice else ""

    def run(self, step: Step, page: Page) -> Finding:
        paths = _paths(step, page)
        finding = Finding()

        def ask() -> tuple[Sight, FileField | None]:
            nonlocal finding
            sight, finding = seek(step, page, (), "upload to")
            return sight, page.file_field(sight)

        def upload() -> str:
            sight, field = ask()
            problem = _unfit_for_files(sight, field, len(paths))
            if field is not None and not problem:
                page.upload(field, paths)
            return problem

        if problem := poll(page, upload, lambda words: not words):
            raise StepFailed(
                f"Could not upload to {step.target}: {problem} (waited {waited(page)}).",
                "a field that takes these files",
                problem,
            )
        return finding


def file_names(content: str) -> list[str]:
    """The names of files that an upload lists, one a line."""
    return [line.strip() for line in content.splitlines() if line.strip()]


def _paths(step: Step, page: Page) -> list[Path]:
    names = file_names(step.content or "")
    for name in names:
        if name not in page.files:
            known = ", ".join(f"“{one}”" for one in page.files) or "none"
            raise StepFailed(
                f"The file “{name}” is not stored with this flow, so it cannot be uploaded. Add it "
                f"under “Files” on the page of the flow. Stored with it: {known}.",
                f"a file “{name}”",
                f"files of the flow: {known}",
            )
    return [page.files[name] for name in names]


def _unfit_for_files(sight: Sight, field: FileField | None, count: int) -> str:
    """Why these files cannot go there; empty when they can."""
    if field is None:
        return f"{sight.words} is no field for files, and there is none in it"
    if field.is_disabled:
        return "it is disabled"
    if field.takes_folder:
        return "it takes whole folders, not single files"
    if count > 1 and not field.takes_many:
        return f"it takes one file, not {count}"
    return ""
