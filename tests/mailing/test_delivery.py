import smtplib
import socket
import threading
from datetime import timedelta

import pytest
from redis.exceptions import RedisError
from rq import SimpleWorker
from sqlalchemy import delete

from tests.smtp import free_port
from webapp import clock
from webapp.artifacts.store import store
from webapp.extensions import db
from webapp.mailing import deliver as delivering
from webapp.mailing import jobs, smtp
from webapp.mailing.deliver import deliver_now, wait_after
from webapp.mailing.models import Mail, MailState

PNG = b"\x89PNG\r\n\x1a\n and more"


def now_is(monkeypatch, at):
    monkeypatch.setattr(clock, "now", lambda: at)


def test_a_mail_arrives_with_text_page_and_picture(postbox, written):
    picture = {"cid": "failing-step", "sha256": store().put(PNG), "media_type": "image/png"}
    mail = written(pictures=[picture])
    assert deliver_now(mail.id)
    (message,) = postbox.messages
    assert message["Subject"] == "Confirm your e-mail address"
    assert (message["To"], message["X-Envelope-To"]) == ("dora@example.org", "dora@example.org")
    assert message["From"] == "lamplighter@localhost"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, related = message.iter_parts()
    assert "/confirm/t0k3n" in text.get_content()
    assert related.get_content_type() == "multipart/related"
    page, image = related.iter_parts()
    assert page.get_content_type() == "text/html"
    assert "Confirm my address" in page.get_content()
    assert (image.get_content_type(), image["Content-ID"]) == ("image/png", "<failing-step>")
    assert image.get_content_disposition() == "inline"
    assert image.get_content() == PNG


def test_what_is_sent_is_not_kept(postbox, written):
    mail = written(pictures=[{"cid": "x", "sha256": store().put(PNG), "media_type": "image/png"}])
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert (mail.state, mail.text, mail.html, mail.pictures) == (MailState.SENT, "", "", [])
    assert mail.sent_at and mail.next_try_at is None


def test_a_picture_that_is_gone_does_not_hold_the_mail_back(postbox, written):
    mail = written(pictures=[{"cid": "x", "sha256": "0" * 64, "media_type": "image/png"}])
    deliver_now(mail.id)
    (message,) = postbox.messages
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_letters_of_all_alphabets_arrive(postbox, written):
    mail = written("reset", to="dora@bücher.example", name="Дора Maар 🔦")
    mail.subject = "Ново: „Flow“ 🔦 " + "sehr lang " * 15
    db.session.commit()
    deliver_now(mail.id)
    (message,) = postbox.messages
    assert message["Subject"] == mail.subject.strip() or message["Subject"] == mail.subject
    assert "Hello Дора Maар 🔦," in message.get_body(("plain",)).get_content()
    assert message["X-Envelope-To"] == "dora@xn--bcher-kva.example"


def test_a_job_that_runs_twice_sends_once(postbox, written):
    mail = written()
    assert deliver_now(mail.id)
    assert not deliver_now(mail.id)
    assert len(postbox.messages) == 1


def test_two_workers_at_the_same_moment_send_once(app, postbox, written):
    mail = written()

    def work():
        with app.app_context():
            deliver_now(mail.id)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(postbox.messages) == 1


def test_no_transaction_is_open_while_the_server_is_slow(app, postbox, written, monkeypatch):
    mail, seen = written(), []
    monkeypatch.setattr(smtp, "send", lambda _: seen.append(db.session().in_transaction()))
    deliver_now(mail.id)
    assert seen == [False]


def test_a_mail_that_was_deleted_is_no_error(postbox, written):
    mail = written()
    db.session.execute(delete(Mail))
    db.session.commit()
    assert not deliver_now(mail.id)


def test_an_account_deleted_while_its_mail_is_sent_is_no_error(postbox, written, monkeypatch):
    mail, send = written(), smtp.send

    def send_and_delete(envelope):
        send(envelope)
        db.session.execute(delete(Mail))
        db.session.commit()

    monkeypatch.setattr(smtp, "send", send_and_delete)
    assert deliver_now(mail.id)
    assert len(postbox.messages) == 1


def test_a_server_that_is_down_loses_nothing(use_server, written, monkeypatch):
    use_server(free_port())
    mail, began = written(), clock.now()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert (mail.state, mail.tries) == (MailState.WAITING, 1)
    assert "refuses the connection. Is it running, and on that port?" in mail.error
    assert mail.next_try_at >= began + timedelta(seconds=59)
    assert mail.text


def test_it_arrives_once_the_server_is_back(app, postbox, use_server, written, monkeypatch):
    mail = written()
    use_server(free_port())
    deliver_now(mail.id)
    use_server(postbox.port)
    assert not deliver_now(mail.id)
    now_is(monkeypatch, clock.now() + timedelta(minutes=2))
    assert deliver_now(mail.id)
    assert len(postbox.messages) == 1
    db.session.refresh(mail)
    assert (mail.state, mail.tries, mail.error) == (MailState.SENT, 2, None)


def test_tries_become_rarer(app):
    minutes = [wait_after(tries).total_seconds() / 60 for tries in range(1, 9)]
    assert minutes == [1, 3, 9, 27, 81, 240, 240, 240]


def test_after_a_day_it_is_given_up_and_says_why(use_server, written, monkeypatch):
    use_server(free_port())
    mail, at, tries = written(), clock.now(), 0
    while mail.state == MailState.WAITING and tries < 50:
        now_is(monkeypatch, at)
        deliver_now(mail.id)
        db.session.refresh(mail)
        at, tries = mail.next_try_at or at, tries + 1
    db.session.commit()
    assert mail.state == MailState.FAILED
    assert timedelta(hours=18) < at - mail.created_at <= timedelta(hours=24)
    assert "refuses the connection" in mail.error


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 5.1.1 No such user", MailState.FAILED), ("451 4.7.1 Greylisted", MailState.WAITING)],
)
def test_a_refused_recipient_is_final_or_not_as_the_server_says(postbox, written, answer, state):
    postbox.answer_to_recipient = answer
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert mail.state == state
    assert f"refuses the address dora@example.org: {answer}" in mail.error


@pytest.mark.parametrize(
    ("answer", "state"),
    [("554 5.7.1 This is spam", MailState.FAILED), ("452 Disk full", MailState.WAITING)],
)
def test_a_refused_mail_is_final_or_not_as_the_server_says(postbox, written, answer, state):
    postbox.answer_to_data = answer
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert (mail.state, answer in mail.error) == (state, True)


def test_a_server_without_encryption_is_named(postbox, use_server, written):
    use_server(postbox.port, mail_use_tls=True)
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert "cannot do what the settings ask for" in mail.error
    assert mail.state == MailState.WAITING


def test_a_server_without_log_in_is_named_and_the_password_is_not(postbox, use_server, written):
    use_server(postbox.port, mail_username="lamp", mail_password="sesame open")
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert "Check MAIL_USE_TLS, MAIL_USERNAME and MAIL_PORT." in mail.error
    assert "sesame" not in mail.error


def test_a_name_that_does_not_resolve_is_said_so(use_server, written, monkeypatch):
    def no_such_name(*_args, **_kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", no_such_name)
    use_server(25, mail_server="smtp.nowhere.example")
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert mail.error == (
        "There is no mail server called smtp.nowhere.example:25: its name does not resolve."
    )


def test_a_server_that_never_answers_is_left_in_time(use_server, written, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_server(silent.getsockname()[1])
        mail = written()
        deliver_now(mail.id)
    db.session.refresh(mail)
    assert "did not answer within 0.2 seconds" in mail.error


def test_a_line_that_breaks_at_the_good_bye_does_not_send_twice(postbox, written, monkeypatch):
    def hang_up(_self):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(smtplib.SMTP, "quit", hang_up)
    mail = written()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert (mail.state, len(postbox.messages)) == (MailState.SENT, 1)


def test_a_worker_that_died_while_sending_leaves_the_mail_to_the_next(
    postbox, written, monkeypatch
):
    mail = written()

    def die(_envelope):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(smtp, "send", die)
        with pytest.raises(SystemExit):
            deliver_now(mail.id)
    assert not deliver_now(mail.id)
    now_is(monkeypatch, clock.now() + delivering.CLAIM)
    assert deliver_now(mail.id)
    assert len(postbox.messages) == 1


def test_an_address_that_mail_cannot_carry_is_given_up(postbox, written):
    mail = written()
    mail.recipient = "dora@example.org\r\nBcc: all@example.org"
    db.session.commit()
    deliver_now(mail.id)
    db.session.refresh(mail)
    assert mail.state == MailState.FAILED
    assert "The mail cannot be written" in mail.error
    assert postbox.messages == []


def test_without_a_server_the_mail_is_kept(written):
    mail = written()
    assert deliver_now(mail.id)
    db.session.refresh(mail)
    assert mail.state == MailState.KEPT
    assert mail.text
    assert not deliver_now(mail.id)


def test_a_worker_takes_the_job_from_the_queue(app, postbox, written):
    mail = written()
    queue = app.extensions["queues"]["notify"]
    SimpleWorker([queue], connection=queue.connection).work(burst=True, logging_level="ERROR")
    db.session.refresh(mail)
    assert (mail.state, len(postbox.messages)) == (MailState.SENT, 1)


def test_a_mail_whose_job_was_lost_is_queued_again(app, written):
    mail = written()
    app.extensions["redis"].flushdb()
    assert jobs.send_waiting() == 1
    (job,) = app.extensions["queues"]["notify"].jobs
    assert job.args == (mail.id,)


def test_upkeep_leaves_alone_what_is_not_due_or_done(app, written):
    later, sent = written(), written()
    later.next_try_at = clock.now() + timedelta(minutes=1)
    sent.state = MailState.SENT
    db.session.commit()
    assert jobs.send_waiting() == 0


def test_a_worker_that_is_away_finds_no_mountain_of_jobs(app, written, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 3)
    for _ in range(5):
        written()
    assert [jobs.send_waiting() for _ in range(3)] == [0, 0, 0]
    app.extensions["redis"].flushdb()
    assert [jobs.send_waiting() for _ in range(3)] == [3, 0, 0]


def test_a_mail_is_written_while_redis_is_away(app, written, monkeypatch):
    def away(*_args, **_kwargs):
        raise RedisError("Connection refused")

    monkeypatch.setattr(app.extensions["queues"]["notify"], "enqueue", away)
    mail = written()
    assert mail.state == MailState.WAITING


def test_a_picture_that_cannot_be_read_does_not_hold_the_mail_back(postbox, written, caplog):
    sha256 = store().put(b"a picture that turns into a folder")
    store().delete(sha256)
    store().path(sha256).mkdir(parents=True)  # reading it is an OSError, also for root
    mail = written(pictures=[{"cid": "x", "sha256": sha256, "media_type": "image/png"}])
    assert deliver_now(mail.id)
    store().path(sha256).rmdir()
    db.session.refresh(mail)
    assert (mail.state, len(postbox.messages)) == (MailState.SENT, 1)
    assert f"a mail goes without its picture {sha256[:12]}" in caplog.text


def test_a_fault_of_ours_is_written_down_and_tried_later(postbox, written, monkeypatch):
    def break_down(_envelope):
        raise KeyError("a secret")

    monkeypatch.setattr(smtp, "send", break_down)
    mail, began = written(), clock.now()
    with pytest.raises(KeyError):
        deliver_now(mail.id)
    db.session.refresh(mail)
    assert (mail.state, mail.error) == (MailState.WAITING, "A fault of Lamplighter: KeyError.")
    assert timedelta(0) < mail.next_try_at - began < delivering.CLAIM
