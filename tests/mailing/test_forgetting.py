"""Old mails go, in the end; what still has to be sent stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import worker
from tests.factories import make_flow, make_run
from webapp import clock
from webapp.extensions import db
from webapp.mailing import forgetting
from webapp.mailing.forgetting import KEPT, forget_mails
from webapp.mailing.models import Mail, MailState
from webapp.notifications.judge import judge_changes
from webapp.notifications.models import Delivery
from webapp.runs.states import State, move

HOUR = timedelta(hours=1)


@pytest.fixture
def aged(written):
    def make(state, age):
        mail = written()
        mail.state, mail.created_at = state, clock.now() - age
        db.session.commit()
        return mail.id

    return make


def left():
    return db.session.scalars(select(Mail.id).order_by(Mail.id)).all()


@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.KEPT])
def test_a_mail_that_is_over_goes_after_its_time(aged, state):
    aged(state, KEPT + HOUR)
    young = aged(state, KEPT - HOUR)
    assert forget_mails() == 1
    assert left() == [young]


def test_a_mail_that_waits_stays(aged):
    waiting = aged(MailState.WAITING, KEPT + HOUR)
    assert forget_mails() == 0
    assert left() == [waiting]


def test_all_old_ones_go_whatever_the_batch(aged, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    waiting = aged(MailState.WAITING, KEPT + HOUR)
    for _ in range(5):
        aged(MailState.SENT, KEPT + HOUR)
    assert forget_mails() == 5
    assert left() == [waiting]


def test_the_notice_stays_without_its_mail(alice):
    run = make_run(make_flow(alice), State.RUNNING, started_at=clock.now())
    assert move(run, State.FAILED)
    db.session.commit()
    judge_changes()
    mail = db.session.scalars(select(Mail)).one()
    mail.state, mail.created_at = MailState.SENT, clock.now() - KEPT - HOUR
    db.session.commit()
    assert forget_mails() == 1
    db.session.expire_all()
    assert db.session.scalars(select(Delivery)).one().mail_id is None


def test_the_clock_asks_for_it(aged):
    aged(MailState.SENT, KEPT + HOUR)
    [entry] = [entry for entry in worker.RECURRING if entry.name == "forget-mails"]
    entry.job()
    assert left() == []
