"""Recurring work that belongs to no run: mails to try again, old events, contents without owner."""

from webapp.artifacts.collecting import collect_blobs, collect_files
from webapp.live.forgetting import forget_events
from webapp.mailing.jobs import send_waiting
from webapp.queues import job


@job
def send_mails() -> None:
    """Mails to be tried again, and those whose job was lost."""
    send_waiting()


@job
def forget() -> None:
    """Live events that nobody can ask for any more."""
    forget_events()


@job
def collect() -> None:
    """Contents that no artifact shows any more."""
    collect_blobs()
    collect_files()
