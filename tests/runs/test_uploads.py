"""The files of a flow while one of its runs is played: laid out, uploaded, and gone afterwards."""

import pytest
from sqlalchemy import select

from tests.factories import make_flow, make_run, project_of
from tests.runs.engine import ScriptedEngine
from tests.site import Site
from webapp.artifacts.store import store
from webapp.extensions import db
from webapp.flows.files import keep_file
from webapp.runs import execute
from webapp.runs.models import Run, StepResult
from webapp.runs.states import State

UPLOAD = {
    "number": 1,
    "action": "upload",
    "locators": [{"by": "css", "value": "#files"}],
    "content": "a.txt\nRechnung ü.pdf",
}


@pytest.fixture
def flow(alice):
    flow = make_flow(alice, (UPLOAD,))
    keep_file(flow, "a.txt", b"in a")
    keep_file(flow, "Rechnung ü.pdf", b"%PDF")
    db.session.commit()
    return flow


def seen_by(engine):
    """The files as they were while the run was on; the scene of a step is asked then."""
    found = {}

    def look(stop, browser):
        found.update({name: path.read_bytes() for name, path in engine.plan.files.items()})

    engine.scenes[1] = look
    return found


def test_a_run_finds_the_files_of_its_flow_and_leaves_none_behind(flow, config, monkeypatch):
    engine = ScriptedEngine(monkeypatch)
    found = seen_by(engine)
    execute.play(make_run(flow).id)
    assert found == {"a.txt": b"in a", "Rechnung ü.pdf": b"%PDF"}
    assert [path.name for path in engine.plan.files.values()] == list(engine.plan.files)
    assert not any(path.exists() for path in engine.plan.files.values())
    assert list((config.var / "uploads").iterdir()) == []


def test_a_file_whose_content_is_lost_is_one_that_is_not_there(flow, monkeypatch):
    store().delete(keep_file(flow, "a.txt", b"lost soon")[0].sha256)
    db.session.commit()
    engine = ScriptedEngine(monkeypatch)
    found = seen_by(engine)
    execute.play(make_run(flow).id)
    assert list(found) == ["Rechnung ü.pdf"]


def test_a_strangers_files_are_not_among_them(flow, charlie, monkeypatch):
    theirs = make_flow(charlie, (UPLOAD,))
    assert project_of(charlie).id != flow.project_id
    engine = ScriptedEngine(monkeypatch)
    execute.play(make_run(theirs).id)
    assert engine.plan.files == {}


@pytest.mark.browser
def test_a_real_browser_uploads_them(alice, flow):
    with Site() as site:
        real = make_flow(alice, (UPLOAD,), url=f"{site.url}/fields")
        keep_file(real, "a.txt", b"in a")
        db.session.commit()
        failed = make_run(real)
        execute.play(failed.id)
        keep_file(real, "Rechnung ü.pdf", b"%PDF")
        db.session.commit()
        passed = make_run(real)
        execute.play(passed.id)
    db.session.expire_all()
    assert db.session.get_one(Run, passed.id).state == State.PASSED
    assert db.session.get_one(Run, failed.id).state == State.FAILED
    result = select(StepResult).where(StepResult.run_id == failed.id, StepResult.number == 1)
    assert db.session.scalars(result).one().error == (
        "The file “Rechnung ü.pdf” is not stored with this flow, so it cannot be uploaded. Add it "
        "under “Files” on the page of the flow. Stored with it: “a.txt”."
    )
