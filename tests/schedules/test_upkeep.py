"""What nobody needs any more goes, and nothing else."""

import os
import time
from datetime import timedelta

import pytest
from rq import SimpleWorker
from sqlalchemy import select, update

from tests.factories import make_flow, make_run, project_of
from webapp import clock
from webapp.artifacts import collecting
from webapp.artifacts.collecting import GRACE, collect_blobs, collect_files
from webapp.artifacts.keeping import keep
from webapp.artifacts.models import Blob
from webapp.artifacts.store import ContentMissing, store
from webapp.extensions import db
from webapp.live import forgetting
from webapp.live.forgetting import KEPT, forget_events
from webapp.live.models import LiveEvent
from webapp.runs.models import Run
from webapp.runs.reaping import LOST_AFTER
from webapp.runs.states import State
from webapp.schedules import jobs

HOUR = timedelta(hours=1)


def keep_one(alice, content=b"a picture"):
    artifact = keep(
        content, project_id=project_of(alice).id, run_id=None, kind="screenshot",
        media_type="image/png", file_name="a.png",
    )  # fmt: skip
    db.session.commit()
    return artifact


def make_old(sha256):
    at = clock.now() - GRACE - HOUR
    db.session.execute(update(Blob).where(Blob.sha256 == sha256).values(touched_at=at))
    db.session.commit()
    path = store().path(sha256)
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_an_old_content_without_an_artifact_is_collected(alice):
    artifact = keep_one(alice)
    sha256 = artifact.sha256
    db.session.delete(artifact)
    make_old(sha256)
    assert collect_blobs() == 1
    assert db.session.get(Blob, sha256) is None
    with pytest.raises(ContentMissing):
        store().get(sha256)


def test_a_content_that_is_shown_stays_however_old_it_is(alice):
    sha256 = keep_one(alice).sha256
    make_old(sha256)
    assert collect_blobs() == 0
    assert store().get(sha256) == b"a picture"


def test_a_content_that_was_used_just_now_stays(alice):
    artifact = keep_one(alice)
    db.session.delete(artifact)
    db.session.commit()
    assert collect_blobs() == 0


def test_keeping_a_content_again_makes_it_young(alice):
    artifact = keep_one(alice)
    db.session.delete(artifact)
    make_old(artifact.sha256)
    db.session.delete(keep_one(alice))
    db.session.commit()
    assert collect_blobs() == 0


def test_a_content_that_lost_its_file_gets_it_back_when_it_is_kept_again(alice):
    sha256 = keep_one(alice).sha256
    store().delete(sha256)
    keep_one(alice)
    assert store().get(sha256) == b"a picture"


def test_many_contents_are_collected_batch_by_batch(alice, monkeypatch):
    monkeypatch.setattr(collecting, "BATCH", 2)
    for number in range(5):
        artifact = keep_one(alice, b"%d" % number)
        db.session.delete(artifact)
        make_old(artifact.sha256)
    assert collect_blobs() == 5


def test_a_file_that_no_row_knows_is_collected_once_it_is_old(database):
    sha256 = store().put(b"the worker died before its commit")
    assert collect_files() == 0
    at = time.time() - (GRACE + HOUR).total_seconds()
    os.utime(store().path(sha256), (at, at))
    assert collect_files() == 1
    assert not store().path(sha256).exists()


def test_old_drafts_of_files_are_removed(database):
    sha256 = store().put(b"whole")
    draft = store().path(sha256).with_name(f"{sha256}.123.abcd")
    draft.write_bytes(b"half")
    at = time.time() - (GRACE + HOUR).total_seconds()
    os.utime(draft, (at, at))
    assert collect_files() == 0
    assert not draft.exists()
    assert store().get(sha256) == b"whole"


def test_events_are_forgotten_after_a_day(alice, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    make_run(make_flow(alice))
    old = clock.now() - KEPT - HOUR
    project_id = project_of(alice).id
    fresh = len(db.session.scalars(select(LiveEvent)).all())
    db.session.add_all(
        LiveEvent(project_id=project_id, type="flow.updated", at=old, data={}) for _ in range(5)
    )
    db.session.commit()
    assert forget_events() == 5
    assert len(db.session.scalars(select(LiveEvent)).all()) == fresh


def test_waiting_runs_are_tended_even_if_lost_ones_cannot_be_closed(app, monkeypatch):
    tended = []

    def breaks():
        raise ValueError("cannot be closed")

    monkeypatch.setattr(jobs, "reap_lost", breaks)
    monkeypatch.setattr(jobs, "tend_waiting", lambda: tended.append(True))
    with pytest.raises(ValueError, match="cannot be closed"):
        jobs.tend()
    assert tended == [True]


def test_a_worker_does_the_recurring_jobs(app, alice):
    """The wiring: queued by name, taken by RQ, done in a context of its own."""
    run = make_run(
        make_flow(alice),
        State.RUNNING,
        heartbeat_at=clock.now() - LOST_AFTER - timedelta(seconds=1),
    )
    queue = app.extensions["queues"]["upkeep"]
    for job in (jobs.tend, jobs.end_orphans, jobs.send_mails, jobs.forget, jobs.collect):
        queue.enqueue(job)
    worker = SimpleWorker([queue], connection=queue.connection)
    assert worker.work(burst=True)
    assert queue.failed_job_registry.count == 0
    db.session.expire_all()
    assert db.session.get_one(Run, run.id).state == State.ERRORED
