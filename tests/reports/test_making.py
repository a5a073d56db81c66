"""A report is made in a child process that has its limits, and never leaves anybody waiting."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from pypdf import PdfReader
from sqlalchemy import delete

from tests.factories import project_of
from tests.reports.runs import make_failed_run, picture, sha256, step, summary
from webapp.artifacts.models import Artifact
from webapp.artifacts.store import store
from webapp.extensions import db
from webapp.reports import making
from webapp.reports.jobs import make_report
from webapp.reports.making import make
from webapp.reports.models import Report
from webapp.reports.requesting import pdf_of, request_report
from webapp.reports.summary import SUMMARY
from webapp.runs.models import Run


def ask(run):
    report = request_report(run)
    db.session.commit()
    return report


def read(report):
    db.session.expire_all()
    return PdfReader(io.BytesIO(pdf_of(report)))


def words(reader):
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def report(alice):
    return ask(make_failed_run(alice))


@pytest.fixture
def folder(tmp_path):
    """A report laid out for a child."""
    shot = picture(1, 400, 300)
    run = summary(step(1, picture=sha256(shot)), step(2, "failed"))
    (tmp_path / "summary.json").write_bytes(SUMMARY.dump_json(run))
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / sha256(shot)).write_bytes(shot)
    return tmp_path


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Have something else than the real child do the work."""

    def use(code):
        script = tmp_path / "other_child.py"
        script.write_text(textwrap.dedent(code))
        monkeypatch.setattr(making, "CHILD", script)

    return use


def test_a_queued_report_becomes_a_pdf_of_its_run(report, alice):
    db.session.commit()  # the job has a session of its own
    make_report(report.id)
    pdf = read(report)
    text = words(pdf)
    pictures = {image.data for page in pdf.pages for image in page.images}
    assert len(pictures) == 2
    assert (report.state, report.progress, report.error) == ("ready", 1.0, None)
    assert "The total is right" in text and "€48.70" in text and "a worker" in text
    artifact = db.session.get(Artifact, report.artifact_id)
    assert (artifact.kind, artifact.project_id) == ("report", project_of(alice).id)
    assert artifact.blob.media_type == "application/pdf"


@pytest.fixture
def quick(monkeypatch):
    """A child that is ready at once."""

    def write(folder, tell):
        (folder / "report.pdf").write_bytes(b"%PDF")

    monkeypatch.setattr(making, "run_child", write)


def test_a_job_that_comes_twice_makes_one(report, quick):
    make(report.id)
    first = report.artifact_id
    make(report.id)
    assert first and report.artifact_id == first


def test_a_picture_that_is_gone_does_not_stop_it(report, quick):
    for artifact in db.session.query(Artifact):
        store().delete(artifact.sha256)
    make(report.id)
    assert report.state == "ready"


def test_a_job_for_a_report_that_is_gone_does_nothing(report):
    number = report.id
    db.session.delete(report)
    db.session.commit()
    make(number)
    assert db.session.get(Report, number) is None


def test_a_run_deleted_while_its_report_is_made_leaves_nothing(report, monkeypatch):
    def delete_the_run(folder, tell):
        db.session.execute(delete(Run))
        db.session.commit()
        (folder / "report.pdf").write_bytes(b"%PDF")

    monkeypatch.setattr(making, "run_child", delete_the_run)
    make(report.id)
    assert db.session.query(Artifact).filter_by(kind="report").count() == 0


def test_progress_is_on_the_row_while_it_is_made(report, monkeypatch):
    seen = []

    def watch(folder, tell):
        for part in (0.01, 0.3, 0.31, 0.8):
            monkeypatch.setattr(making.time, "monotonic", lambda part=part: part * 100)
            tell(part)
            db.session.refresh(report)
            seen.append(report.progress)
        (folder / "report.pdf").write_bytes(b"%PDF")

    monkeypatch.setattr(making, "run_child", watch)
    make(report.id)
    assert seen == [0.0, 0.3, 0.3, 0.8]


def test_nothing_is_left_in_the_workshop(report, config, quick):
    make(report.id)
    assert list((config.var / "reports").iterdir()) == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import sys; sys.exit(1)", "something broke"),
        ("raise MemoryError", "needs more memory than a report may take"),
        ("import os; os.kill(os.getpid(), 9)", "was ended (signal 9)"),
        ("print('0.5')", "something broke"),
    ],
)
def test_a_child_that_fails_leaves_a_sentence_on_the_report(report, child, code, sentence):
    child(code)
    try:
        make(report.id)
    except FileNotFoundError:
        assert code == "print('0.5')"  # it ended well and left no PDF: a bug of ours, so it is loud
    db.session.refresh(report)
    assert report.state == "failed"
    assert sentence in report.error and "Ask for it again" in report.error


def test_a_child_that_hangs_is_ended(report, child, monkeypatch):
    monkeypatch.setattr(making, "TIME_LIMIT_SECONDS", 0.5)
    child("import time; print('0.1', flush=True); time.sleep(60)")
    began = time.monotonic()
    make(report.id)
    db.session.refresh(report)
    assert time.monotonic() - began < 10
    assert report.state == "failed"
    assert "not ready after 0.5 seconds" in report.error
    left = [" ".join(process.cmdline()) for process in psutil.Process().children()]
    assert not any("other_child" in command for command in left)


def test_whatever_interrupts_the_worker_ends_the_report_and_the_child(report, child, monkeypatch):
    class TimeIsUp(BaseException):
        """As RQ's own timeout would come."""

    def interrupt(progress):
        raise TimeIsUp

    monkeypatch.setattr(making, "_teller", lambda report_id: interrupt)
    child("import time; print('0.1', flush=True); time.sleep(60)")
    with pytest.raises(TimeIsUp):
        make(report.id)
    db.session.refresh(report)
    assert report.state == "failed"


def start(folder, parent=None):
    command = [sys.executable, "-P", str(making.CHILD), str(folder), str(parent or os.getpid())]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_the_child_tells_how_far_it_is(folder):
    told = []
    making.run_child(folder, told.append)
    assert told == sorted(told) and told[-1] == 1.0
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_child_shows_a_damaged_picture_as_such(folder):
    [shot] = (folder / "pictures").iterdir()
    shot.write_bytes(b"no picture at all")
    making.run_child(folder, lambda part: None)
    assert "The stored picture is damaged." in words(PdfReader(folder / "report.pdf"))


def test_the_childs_memory_is_limited(folder):
    with start(folder) as process:
        assert process.stdout.readline()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        process.kill()
    assert any(
        line.startswith("Max data size") and "805306368" in line for line in limits.splitlines()
    )


def test_the_child_does_not_start_when_its_worker_is_gone(folder):
    with start(folder, parent=1 if os.getppid() != 1 else 2) as process:
        assert process.wait(timeout=20) == 3
    assert not (folder / "report.pdf").exists()


def test_the_child_dies_with_its_worker(folder):
    run = summary(*[step(n, "failed") for n in range(140)])
    (folder / "summary.json").write_bytes(SUMMARY.dump_json(run))
    worker = f"""
        import sys
        from pathlib import Path
        from webapp.reports import making
        making.run_child(Path({str(folder)!r}), lambda part: print(part, flush=True))
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(worker)], stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        [made_by_it] = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs([made_by_it], timeout=5)
    assert not made_by_it.is_running() or made_by_it.status() == psutil.STATUS_ZOMBIE
