"""Deliver one mail: claim it, send it outside any transaction, write down how it went."""

import logging
from datetime import timedelta

from flask import current_app
from sqlalchemy import update

from webapp import clock
from webapp.config import Config
from webapp.extensions import db
from webapp.mailing import smtp
from webapp.mailing.envelope import Envelope
from webapp.mailing.models import Mail, MailState

log = logging.getLogger(__name__)

# Nobody else tries while one worker does; when that one dies, the mail is due again after this.
CLAIM = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(hours=24)


def deliver_now(mail_id: int) -> bool:
    """Try to send a mail that is due; False when it is gone, not due, or somebody else has it."""
    config: Config = current_app.config["LAMPLIGHTER"]
    if not config.mail_server:
        return _keep(mail_id)
    mail = _claim(mail_id)
    if mail is None:
        return False
    try:
        smtp.send(Envelope(mail))
    except smtp.DeliveryFailed as error:
        _try_later(mail, error)
        log.warning("mail %s to be tried again: %s", mail.id, error)
    except Exception as error:
        _try_later(mail, smtp.DeliveryFailed(f"A fault of Lamplighter: {type(error).__name__}."))
        raise
    else:
        _settle(
            mail, state=MailState.SENT, sent_at=clock.now(), error=None,
            text="", html="", pictures=[],
        )  # fmt: skip
    return True


def wait_after(tries: int) -> timedelta:
    """1, 3, 9, 27, 81 minutes, then every four hours."""
    factor: int = 3 ** min(tries - 1, 10)
    return min(FIRST_WAIT * factor, LONGEST_WAIT)


def _claim(mail_id: int) -> Mail | None:
    """The mail, marked as being tried; None when another worker was quicker (that is normal)."""
    now = clock.now()
    mine = (
        update(Mail)
        .where(Mail.id == mail_id, Mail.state == MailState.WAITING, Mail.next_try_at <= now)
        .values(tries=Mail.tries + 1, next_try_at=now + CLAIM)
        .returning(Mail.id)
    )
    won = db.session.scalar(mine) is not None
    mail = db.session.get(Mail, mail_id, populate_existing=True) if won else None
    db.session.commit()  # sending may take many seconds: no transaction stays open meanwhile
    return mail


def _try_later(mail: Mail, error: smtp.DeliveryFailed) -> None:
    again_at = clock.now() + wait_after(mail.tries)
    if error.permanent or again_at > mail.created_at + GIVE_UP_AFTER:
        _settle(mail, state=MailState.FAILED, error=str(error), next_try_at=None)
    else:
        _settle(mail, error=str(error), next_try_at=again_at)


def _settle(mail: Mail, **facts: object) -> None:
    """Write the outcome, unless the mail was deleted or settled while we were sending."""
    db.session.execute(
        update(Mail)
        .where(Mail.id == mail.id, Mail.state == MailState.WAITING)
        .values(**{"next_try_at": None, **facts})
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _keep(mail_id: int) -> bool:
    """No SMTP is set: the mail stays where the outbox page shows it."""
    kept = (
        update(Mail)
        .where(Mail.id == mail_id, Mail.state == MailState.WAITING)
        .values(state=MailState.KEPT, next_try_at=None)
        .returning(Mail.id)
    )
    won = db.session.scalar(kept) is not None
    db.session.commit()
    return won
