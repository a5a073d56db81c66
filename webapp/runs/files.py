"""The files that a flow uploads, laid out for the browser of one run under their own names."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.flows.models import FlowFile
from webapp.runs.planning import Taken


def files_of(taken: Taken) -> dict[str, str]:
    """By name, the hash of the content; a file of the flow itself wins over one that it shares."""
    mine = taken.version.flow_id
    rows = select(FlowFile).where(
        FlowFile.flow_id.in_([mine, *taken.shared]),
        FlowFile.project_id == taken.version.project_id,
    )
    found = sorted(db.session.scalars(rows), key=lambda one: (one.flow_id == mine, one.id))
    return {one.name: one.sha256 for one in found}


@contextmanager
def laid_out(files: Mapping[str, str], var: Path) -> Iterator[dict[str, Path]]:
    """Copies that are gone when the run is over. One whose content is lost is left out."""
    if not files:
        yield {}
        return
    within = var / "uploads"
    within.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=within) as folder:
        yield dict(_copies(files, Path(folder)))


def _copies(files: Mapping[str, str], folder: Path) -> Iterator[tuple[str, Path]]:
    for number, (name, sha256) in enumerate(files.items()):
        place = folder / str(number) / Path(name).name
        place.parent.mkdir()
        try:
            place.write_bytes(store().get(sha256))
        except ContentMissing:
            continue  # the step that wants it says that there is no such file
        yield name, place
