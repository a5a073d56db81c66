import pytest

from tests.factories import make_user, sign_in
from webapp.extensions import db
from webapp.mailing.deliver import deliver_now
from webapp.mailing.models import MailState


@pytest.fixture
def as_admin(client):
    sign_in(client, make_user("ada", is_admin=True))
    return client


@pytest.fixture
def given_up(postbox, written):
    postbox.answer_to_recipient = "550 No such user"
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    return mail


def test_an_admin_sees_why_a_mail_did_not_go_out(as_admin, given_up):
    page = as_admin.get("/mail/failed").text
    assert given_up.subject in page
    assert "refuses the address dora@example.org: 550 No such user" in page
    assert "Given up after 1 try." in page


def test_an_admin_can_have_it_tried_again(as_admin, given_up, postbox):
    postbox.answer_to_recipient = ""
    assert as_admin.post(f"/mail/failed/{given_up.id}/again").status_code == 303
    assert deliver_now(given_up.id)
    assert len(postbox.messages) == 1
    assert "Every mail went out" in as_admin.get("/mail/failed").text


def test_a_mail_that_was_sent_is_not_sent_again(as_admin, postbox, written):
    mail = written()
    deliver_now(mail.id)
    as_admin.post(f"/mail/failed/{mail.id}/again")
    db.session.refresh(mail)
    assert mail.state == MailState.SENT


def test_nobody_else_sees_it(as_alice, given_up):
    assert as_alice.get("/mail/failed").status_code == 404
    assert as_alice.post(f"/mail/failed/{given_up.id}/again").status_code == 404
