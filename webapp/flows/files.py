"""The files that a flow uploads: kept with it, and deleted with it."""

import mimetypes
from collections.abc import Sequence

from sqlalchemy import func, select

from webapp import clock
from webapp.artifacts.keeping import keep_content
from webapp.artifacts.models import Blob
from webapp.browser.locators import HOLE
from webapp.extensions import db
from webapp.flows.models import Flow, FlowFile
from webapp.letters import hidden_sign

MEGABYTE = 1_000_000
LARGEST = 20 * MEGABYTE
MOST_BYTES = 100 * MEGABYTE
MOST_FILES = 100
LONGEST_NAME = 200  # in bytes: what every file system takes


class FileRefused(ValueError):
    """A file that a flow cannot keep; the message is a sentence."""


def files_of(flow: Flow) -> Sequence[FlowFile]:
    """The files of a flow, by name."""
    mine = select(FlowFile).where(
        FlowFile.flow_id == flow.id, FlowFile.project_id == flow.project_id
    )
    return db.session.scalars(mine.order_by(FlowFile.name)).all()


def file_named(flow: Flow, name: str) -> FlowFile | None:
    return next((file for file in files_of(flow) if file.name == name), None)


def name_error(name: str) -> str:
    """What is wrong with the name of a file, as a sentence; empty if nothing is."""
    if not name or name != name.strip() or name in (".", ".."):
        return f"“{name[:60]}” is not the name of a file: names begin and end with a visible sign."
    if "/" in name or "\\" in name:
        return f"“{name[:60]}” is a path. Give the name alone, without folders."
    if hidden := hidden_sign(name, "name of the file"):
        return hidden
    if HOLE in name:
        return f"“{name[:60]}” holds “{HOLE}”, which steps read as a variable. Rename the file."
    if len(name.encode()) > LONGEST_NAME:
        return f"The name of the file has {len(name.encode())} bytes; at most {LONGEST_NAME} go."
    return ""


def keep_file(flow: Flow, name: str, content: bytes) -> tuple[FlowFile, bool]:
    """Add a file, or replace the one of this name; True when it is new. Does not commit.

    Raises FileRefused.
    """
    if sentence := name_error(name):
        raise FileRefused(sentence)
    if len(content) > LARGEST:
        raise FileRefused(
            f"“{name}” has {megabytes(len(content))}; a file may have {megabytes(LARGEST)}."
        )
    # One at a time: two files that fit one by one may be too much together.
    db.session.execute(select(Flow.id).where(Flow.id == flow.id).with_for_update(key_share=True))
    others = [file for file in files_of(flow) if file.name != name]
    there = sum(file.blob.size for file in others)
    if there + len(content) > MOST_BYTES:
        raise FileRefused(
            f"With “{name}” the files of this flow would have {megabytes(there + len(content))}; "
            f"together they may have {megabytes(MOST_BYTES)}. Delete some that no step uploads."
        )
    if len(others) >= MOST_FILES:
        raise FileRefused(f"A flow may have {MOST_FILES} files. Delete some that no step uploads.")
    sha256 = keep_content(content, mimetypes.guess_type(name)[0] or "application/octet-stream")
    return _put(flow, name, sha256)


def _put(flow: Flow, name: str, sha256: str) -> tuple[FlowFile, bool]:
    file, is_new = file_named(flow, name), False
    if file is None:
        file, is_new = FlowFile(project_id=flow.project_id, flow_id=flow.id, name=name), True
        db.session.add(file)
    file.sha256, file.created_at = sha256, clock.now()
    db.session.flush()
    db.session.refresh(file)
    return file, is_new


def copy_files(flow: Flow, copy: Flow) -> None:
    """Give a copy of a flow the same files. Does not commit."""
    for file in files_of(flow):
        _put(copy, file.name, file.sha256)


def bytes_of(flow: Flow) -> int:
    """How much the files of a flow have together."""
    sizes = select(func.sum(Blob.size)).join(FlowFile, FlowFile.sha256 == Blob.sha256)
    return int(db.session.scalar(sizes.where(FlowFile.flow_id == flow.id)) or 0)


def megabytes(size: int) -> str:
    """A number of bytes as people read it."""
    if size < 1000:
        return f"{size} bytes"
    if size < MEGABYTE:
        return f"{size / 1000:.3g} kB"
    return f"{size / MEGABYTE:.4g} MB"
