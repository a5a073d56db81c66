from dataclasses import replace

import pytest

from tests.factories import project_of
from webapp.extensions import db
from webapp.mailing.models import Mail, MailState
from webapp.mailing.post import post


def test_a_mail_waits_for_the_commit_of_its_facts(app, written):
    queue = app.extensions["queues"]["notify"]
    post("confirm", "dora@example.org", None, token="t", valid="3 days")
    assert queue.count == 0
    db.session.rollback()
    assert db.session.query(Mail).count() == 0
    written()
    assert queue.count == 1


def test_it_has_a_subject_a_text_and_a_page(written):
    mail = written()
    assert mail.subject == "Confirm your e-mail address"
    assert (mail.state, mail.tries) == (MailState.WAITING, 0)
    for body in (mail.text, mail.html):
        assert "dora@example.org" in body
        assert "http://127.0.0.1:8000/confirm/t0k3n" in body


def test_links_are_built_on_base_url_and_not_on_the_host_of_a_request(app, written, monkeypatch):
    config = replace(app.config["LAMPLIGHTER"], base_url="https://lamp.example.org/monitoring")
    monkeypatch.setitem(app.config, "LAMPLIGHTER", config)
    with app.test_request_context(headers={"Host": "evil.example"}):
        mail = written()
    assert "https://lamp.example.org/monitoring/confirm/t0k3n" in mail.text
    assert "evil.example" not in mail.text + mail.html


def test_html_is_escaped_and_text_is_not(written):
    mail = written("reset", name="<b>Dora & Co</b>")
    assert "Hello <b>Dora & Co</b>," in mail.text
    assert "Hello &lt;b&gt;Dora &amp; Co&lt;/b&gt;," in mail.html


def test_a_forgotten_value_is_an_error_and_no_gap(app):
    with pytest.raises(Exception, match="'token' is undefined"):
        post("confirm", "dora@example.org", None, valid="3 days")


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Shop\r\nBcc: all@example.org", "Shop Bcc: all@example.org"),
        ("Shop\u2028\x00 \x1b[31m", "Shop [31m"),
        ("x" * 500, "x" * 199 + "…"),
    ],
)
def test_a_subject_is_one_line(app, monkeypatch, name, subject):
    from webapp.mailing.post import _one_line

    assert _one_line(name) == subject


def test_mails_go_with_the_project_they_belong_to(alice):
    post("already_registered", alice.email, project_of(alice).id)
    db.session.commit()
    db.session.delete(alice)
    db.session.commit()
    assert db.session.query(Mail).count() == 0
