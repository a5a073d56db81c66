"""What workers do with mails."""

from flask import current_app
from sqlalchemy import select

from webapp import clock
from webapp.extensions import db
from webapp.mailing.deliver import deliver_now
from webapp.mailing.models import Mail, MailState
from webapp.queues import job, send_now

QUEUE = "notify"
AT_ONCE = 100


@job
def deliver(mail_id: int) -> None:
    """Send one mail; harmless when it is sent already, gone, or another worker has it."""
    deliver_now(mail_id)


def send_waiting() -> int:
    """Queue the mails that are due: those to be tried again, and those whose job was lost.

    Does nothing while the queue is long: its worker is behind, and gets there without a second
    job for the same mail. Gives the number of mails queued.
    """
    if current_app.extensions["queues"][QUEUE].count >= AT_ONCE:
        return 0
    due = (
        select(Mail.id)
        .where(Mail.state == MailState.WAITING, Mail.next_try_at <= clock.now())
        .order_by(Mail.next_try_at)
        .limit(AT_ONCE)
    )
    ids = db.session.scalars(due).all()
    db.session.commit()
    for mail_id in ids:
        send_now(deliver, mail_id, queue=QUEUE)
    return len(ids)
