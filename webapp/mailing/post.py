"""Write a mail: its row joins the transaction of the facts that it tells."""

from collections.abc import Iterable
from typing import Any, TypedDict

from flask import current_app, render_template

from webapp.config import Config
from webapp.extensions import db
from webapp.mailing.jobs import deliver
from webapp.mailing.links import absolute
from webapp.mailing.models import Mail
from webapp.queues import enqueue

SUBJECT_LENGTH = 200


class Picture(TypedDict):
    """A picture that travels inside the mail; the HTML shows it as <img src="cid:…">."""

    cid: str
    sha256: str
    media_type: str


def post(
    kind: str,
    to: str,
    project_id: int | None,
    pictures: Iterable[Picture] = (),
    **context: Any,
) -> Mail:
    """Add the mail `templates/emails/<kind>.*` to the session and send it after the commit.

    Its templates also know `recipient`, `base_url` and `link(endpoint, **values)`. Everything that
    is deleted with the project takes its mails along.
    """
    config: Config = current_app.config["LAMPLIGHTER"]
    known = {"recipient": to, "base_url": config.base_url, "link": absolute, **context}
    mail = Mail(
        project_id=project_id,
        kind=kind,
        recipient=to,
        subject=_one_line(render_template(f"emails/{kind}.subject.txt", **known)),
        text=render_template(f"emails/{kind}.txt", **known),
        html=render_template(f"emails/{kind}.html", **known),
        pictures=[dict(picture) for picture in pictures],
    )
    db.session.add(mail)
    db.session.flush()  # the job needs the id
    enqueue(deliver, mail.id, queue="notify")
    return mail


def _one_line(subject: str) -> str:
    """A name with a line break in it must not become a header of its own."""
    words = "".join(sign if sign.isprintable() else " " for sign in subject).split()
    line = " ".join(words)
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"
