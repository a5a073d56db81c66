"""One notice when a flow breaks, one when it heals; nothing for what says nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from tests.factories import make_flow, make_run
from webapp import clock
from webapp.extensions import db
from webapp.live.models import LiveEvent
from webapp.mailing.models import Mail
from webapp.notifications import judge, notices
from webapp.notifications.judge import judge_changes
from webapp.notifications.models import Delivery, Incident
from webapp.runs.models import RunChange
from webapp.runs.states import State, move


@pytest.fixture
def flow(alice):
    return make_flow(alice)


def start(flow):
    return make_run(flow, State.RUNNING, started_at=clock.now())


def end(run, state, **facts):
    assert move(run, state, **facts)
    db.session.commit()
    return run


def played(flow, state, **facts):
    return end(start(flow), state, **facts)


def kinds():
    mails = db.session.scalars(select(Mail.kind).order_by(Mail.id)).all()
    db.session.commit()
    return list(mails)


def incidents():
    db.session.expire_all()
    return db.session.scalars(select(Incident).order_by(Incident.id)).all()


def untold():
    return db.session.scalar(
        select(func.count()).select_from(RunChange).where(RunChange.told_at.is_(None))
    )


@pytest.mark.parametrize("state", [State.FAILED, State.TIMED_OUT])
def test_a_failure_opens_an_incident_and_writes_to_the_owner(alice, flow, state):
    run = played(flow, state, failed_step_number=2, failed_step_name="Pay")
    judge_changes()
    [incident] = incidents()
    assert (incident.flow_id, incident.opened_by_id) == (flow.id, run.id)
    assert incident.opened_at == run.ended_at
    [mail] = db.session.scalars(select(Mail)).all()
    assert (mail.kind, mail.recipient) == ("broken", alice.email)
    [delivery] = db.session.scalars(select(Delivery)).all()
    assert (delivery.kind, delivery.mail_id) == ("broken", mail.id)
    assert untold() == 0


def test_more_failures_write_no_more_mails(flow):
    for _ in range(3):
        played(flow, State.FAILED)
        judge_changes()
    assert len(incidents()) == 1
    assert kinds() == ["broken"]


def test_a_pass_resolves_it_and_writes_once(flow):
    played(flow, State.FAILED)
    healed = played(flow, State.PASSED)
    played(flow, State.PASSED)
    judge_changes()
    [incident] = incidents()
    assert (incident.resolved_by_id, incident.resolved_at) == (healed.id, healed.ended_at)
    assert kinds() == ["broken", "recovered"]


def test_the_next_failure_is_a_new_incident(flow):
    for state in (State.FAILED, State.PASSED, State.FAILED):
        played(flow, state)
        judge_changes()
    assert len(incidents()) == 2
    assert kinds() == ["broken", "recovered", "broken"]


@pytest.mark.parametrize("state", [State.ERRORED, State.CANCELLED])
def test_what_says_nothing_about_the_site_tells_nobody(flow, state):
    played(flow, state)
    judge_changes()
    assert (incidents(), kinds(), untold()) == ([], [], 0)


def test_an_errored_run_neither_heals_nor_breaks(flow):
    played(flow, State.FAILED)
    played(flow, State.ERRORED)
    judge_changes()
    assert incidents()[0].resolved_at is None


def test_a_pass_of_a_sound_flow_tells_nobody(flow):
    played(flow, State.PASSED)
    judge_changes()
    assert kinds() == []


def test_an_older_run_that_fails_after_a_newer_one_passed_is_history(flow):
    old, new = start(flow), start(flow)
    end(new, State.PASSED)
    judge_changes()
    end(old, State.FAILED)
    judge_changes()
    assert incidents() == []


def test_an_older_run_that_passes_after_a_newer_one_failed_heals_nothing(flow):
    old, new = start(flow), start(flow)
    end(new, State.FAILED)
    end(old, State.PASSED)
    judge_changes()
    assert incidents()[0].resolved_at is None
    assert kinds() == ["broken"]


def test_an_outage_that_nobody_judged_in_time_is_told_in_its_order(flow):
    played(flow, State.FAILED)
    played(flow, State.PASSED)
    judge_changes()
    assert kinds() == ["broken", "recovered"]


def test_flows_do_not_mix(alice, flow):
    other = make_flow(alice, name="Login")
    played(flow, State.FAILED)
    played(other, State.PASSED)
    judge_changes()
    assert incidents()[0].resolved_at is None


def test_two_judges_at_once_tell_once(app, flow):
    played(flow, State.FAILED)
    start_line = Barrier(4, timeout=20)

    def a_judge():
        with app.app_context():
            start_line.wait()
            judge_changes()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(a_judge) for _ in range(4)]:
            future.result()
    assert len(incidents()) == 1
    assert kinds() == ["broken"]


def test_a_mail_that_cannot_be_written_is_tried_again_and_holds_up_no_other_flow(
    alice, flow, monkeypatch, caplog
):
    other = make_flow(alice, name="Login")
    played(flow, State.FAILED)
    played(other, State.FAILED)
    write = notices.write

    def breaks_for_one(incident, kind):
        if incident.flow_id == flow.id:
            raise RuntimeError("no such template")
        return write(incident, kind)

    monkeypatch.setattr(judge.notices, "write", breaks_for_one)
    with pytest.raises(RuntimeError, match="no such template"):
        judge_changes()
    assert [incident.flow_id for incident in incidents()] == [other.id]
    assert untold() == 1
    monkeypatch.undo()
    judge_changes()
    assert len(incidents()) == 2
    assert untold() == 0


def test_a_deleted_flow_is_nobodys_news(flow):
    played(flow, State.FAILED)
    db.session.delete(flow)
    db.session.commit()
    judge_changes()
    assert kinds() == []


def test_incidents_are_told_as_events(flow):
    broken = played(flow, State.FAILED, failed_step_number=2, failed_step_name="Pay")
    judge_changes()
    healed = played(flow, State.PASSED)
    judge_changes()
    opened, resolved = db.session.scalars(
        select(LiveEvent).where(LiveEvent.type.like("incident.%")).order_by(LiveEvent.id)
    ).all()
    since = broken.ended_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert opened.data == {
        "flow": "Checkout",
        "since": since,
        "failedStep": {"number": 2, "name": "Pay"},
        "downtime": None,
    }
    assert (opened.type, opened.run_id, opened.flow_id) == ("incident.opened", broken.id, flow.id)
    assert (resolved.type, resolved.run_id) == ("incident.resolved", healed.id)
    assert resolved.data["downtime"] == round(
        (healed.ended_at - broken.ended_at) / timedelta(milliseconds=1)
    )


def test_the_end_of_a_run_queues_its_judgement(app, flow):
    run = start(flow)
    queue = app.extensions["queues"]["notify"]
    queue.empty()
    assert move(run, State.PASSED)
    assert queue.count == 0
    db.session.commit()
    [job] = queue.jobs
    assert job.func_name == "webapp.notifications.jobs.judge"


def test_the_job_judges(app, flow):
    played(flow, State.FAILED)
    [job] = [job for job in app.extensions["queues"]["notify"].jobs if "judge" in job.func_name]
    job.func()
    assert kinds() == ["broken"]
