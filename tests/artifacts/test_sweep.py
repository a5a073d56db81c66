"""Files that no row knows are found by few questions, and every folder gets its turn."""

import hashlib
import os

import pytest
from sqlalchemy import event

from webapp import clock
from webapp.artifacts import collecting
from webapp.artifacts.collecting import GRACE, collect_files
from webapp.artifacts.models import Blob
from webapp.artifacts.store import FolderStore, store
from webapp.extensions import db


@pytest.fixture
def empty_store(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.extensions, "store", FolderStore(tmp_path))


def put_old(content, *, known):
    sha256 = store().put(content)
    at = clock.now() - 2 * GRACE
    os.utime(store().path(sha256), (at.timestamp(), at.timestamp()))
    if known:
        db.session.add(Blob(sha256=sha256, size=1, media_type="image/png", touched_at=at))
        db.session.commit()
    return sha256


@pytest.fixture
def said(database):
    """What the database was told, in lower case."""
    statements = []

    def hear(_connection, _cursor, statement, *_more):
        statements.append(statement.lower())

    engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield statements
    event.remove(engine, "before_cursor_execute", hear)


def in_one_folder(count):
    """Contents whose hashes begin with the same two digits."""
    found = {}
    number = 0
    while True:
        content = b"%d" % number
        prefix = hashlib.sha256(content).hexdigest()[:2]
        found.setdefault(prefix, []).append(content)
        if len(found[prefix]) == count:
            return found[prefix]
        number += 1


def test_known_files_are_asked_for_in_batches_and_without_the_writers_turn(empty_store, said):
    for content in in_one_folder(6):
        put_old(content, known=True)
    said.clear()
    assert collect_files() == 0
    questions = [statement for statement in said if statement.startswith("select")]
    assert len(questions) == 1 and " in (" in questions[0]
    assert not [statement for statement in said if "immediate" in statement]


def test_a_full_batch_is_followed_by_the_next(empty_store, database, monkeypatch):
    monkeypatch.setattr(collecting, "BATCH", 2)
    contents = in_one_folder(5)
    unknown = [put_old(content, known=False) for content in contents[1:]]
    kept = put_old(contents[0], known=True)
    assert collect_files() == 4
    assert store().path(kept).exists()
    assert not any(store().path(sha256).exists() for sha256 in unknown)
    assert db.session.query(Blob).count() == 1


def test_a_sweep_that_was_cut_short_goes_on_where_it_was(empty_store, database, monkeypatch):
    seen = []
    look = FolderStore.kept_before

    def die_at_the_third(self, at, prefix):
        seen.append(prefix)
        if len(seen) == 3:
            raise TimeoutError("the job took too long")
        return look(self, at, prefix)

    monkeypatch.setattr(FolderStore, "kept_before", die_at_the_third)
    with pytest.raises(TimeoutError):
        collect_files()
    assert seen == ["00", "01", "02"]
    collect_files()
    assert seen[3:6] == ["02", "03", "04"]
    assert len(set(seen)) == 256 and seen[-1] == "01"


def test_a_content_that_is_kept_in_between_stays(empty_store, database, monkeypatch):
    """Whoever looked and found no row must not delete what has one by then."""
    sha256 = put_old(b"wanted again", known=False)
    look = collecting.unknown

    def look_and_be_late(batch):
        found = look(batch)
        put_old(b"wanted again", known=True)
        return found

    monkeypatch.setattr(collecting, "unknown", look_and_be_late)
    assert collect_files() == 0
    assert store().get(sha256) == b"wanted again"
