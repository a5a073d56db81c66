"""Recurring work, queued by the clock: lost runs, late mails, what nobody needs any more."""

from pathlib import Path

from flask import current_app

from webapp.artifacts.collecting import collect_blobs, collect_files
from webapp.browser.driver import reap_orphans
from webapp.imports.importing import forget_old as forget_old_imports
from webapp.live.forgetting import forget_events
from webapp.mailing.forgetting import forget_mails
from webapp.mailing.jobs import send_waiting
from webapp.queues import job
from webapp.runs.reaping import reap_lost, tend_waiting


@job
def tend() -> None:
    """Every few seconds: close lost runs, and make sure that waiting ones are waited for."""
    try:
        reap_lost()
    finally:
        tend_waiting()


@job
def end_orphans() -> None:
    """End the browsers of this host whose worker and guard are both gone."""
    var: Path = current_app.config["LAMPLIGHTER"].var
    reap_orphans(var / "browsers")


@job
def send_mails() -> None:
    """Mails to be tried again, and those whose job was lost."""
    send_waiting()


@job
def forget() -> None:
    """Live events that nobody can ask for any more."""
    forget_events()


@job
def forget_old_mails() -> None:
    """Mails that are over, a month later."""
    forget_mails()


@job
def collect() -> None:
    """Contents that no artifact shows any more."""
    collect_blobs()
    collect_files()


@job
def forget_imports() -> None:
    """Delete imports that nobody has decided for a day: they hold what may be secret."""
    forget_old_imports()
