"""Delete mails that are over and old: what they told stands in the runs and incidents."""

from datetime import timedelta

from sqlalchemy import delete, select

from webapp import clock
from webapp.extensions import db
from webapp.mailing.models import Mail, MailState

# Long enough to look into a complaint that a mail never came.
KEPT = timedelta(days=30)
BATCH = 500


def forget_mails() -> int:
    """Sent, given up, or left in the outbox; gives the number. Commits in batches.

    Looks at the oldest only, so that it costs the same however many mails there are.
    """
    cutoff = clock.now() - KEPT
    is_over = Mail.state != MailState.WAITING
    count = 0
    while True:
        oldest = select(Mail.id).where(is_over).order_by(Mail.id).limit(BATCH)
        gone = db.session.scalars(
            delete(Mail)
            .where(Mail.id.in_(oldest), is_over, Mail.created_at < cutoff)
            .returning(Mail.id),
            execution_options={"synchronize_session": False},
        ).all()
        db.session.commit()
        count += len(gone)
        if len(gone) < BATCH:
            return count
