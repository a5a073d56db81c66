"""A mail as SMTP carries it: text and HTML as alternatives, pictures inside the HTML."""

import logging
from email import policy
from email.message import EmailMessage
from email.utils import formatdate

from flask_mail import Message, sanitize_address

from webapp.artifacts.store import ContentMissing, store
from webapp.mailing.models import Mail

log = logging.getLogger(__name__)


class Envelope(Message):
    """Flask-Mail's message, put together as multipart/alternative with related pictures.

    Flask-Mail itself knows pictures only as attachments beside the text.
    """

    def __init__(self, mail: Mail) -> None:
        super().__init__(subject=mail.subject, recipients=[mail.recipient], body=mail.text)
        self.page = mail.html
        self.pictures = {one["cid"]: (one["media_type"], picture(one)) for one in mail.pictures}
        host = sanitize_address(self.sender).rpartition("@")[2].strip("<>") or "localhost"
        # The same for every try, so that a reader's mail server can drop a second copy.
        self.msgId = f"<lamplighter-{mail.id}-{mail.created_at.timestamp():.3f}@{host}>"

    def _message(self) -> EmailMessage:  # type: ignore[override]
        message = EmailMessage(policy=policy.SMTP)
        message["Subject"] = self.subject
        message["From"] = sanitize_address(self.sender)
        message["To"] = sanitize_address(self.recipients[0])
        message["Date"] = formatdate(self.date, localtime=False)
        message["Message-ID"] = self.msgId
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(self.body or "", cte="quoted-printable")
        message.add_alternative(self.page, subtype="html", cte="quoted-printable")
        page = list(message.iter_parts())[1]
        for cid, (media_type, content) in self.pictures.items():
            if content is not None:
                main, _, sub = media_type.partition("/")
                page.add_related(
                    content, main, sub, cid=f"<{cid}>", disposition="inline",
                    filename=f"{cid}.{sub.partition('+')[0]}",
                )  # fmt: skip
        return message


def picture(one: dict[str, str]) -> bytes | None:
    """The content, or None when it cannot be had: a mail without its picture still tells."""
    try:
        return store().get(one["sha256"])
    except ContentMissing:  # retention was quicker
        return None
    except OSError as error:
        log.warning("a mail goes without its picture %s…: %s", one["sha256"][:12], error)
        return None
